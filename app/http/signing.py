"""Signing: what our cookies and forms' tokens are signed with: HMAC with SHA-256.

Here: the hash, in the two places where Flask's and itsdangerous's default is SHA-1; how far a clock
may be set back. Not here: the keys (config), queue messages (jobs.queue).
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, Signer, TimestampSigner
from itsdangerous.timed import TimedSerializer

AHEAD = 24 * 3600
"""Seconds by which a signature may lie ahead of the clock: it was set back, or another machine's is
ahead. By itself itsdangerous refuses the first second.
"""


class PatientSigner(TimestampSigner):
    """A signer that still knows its own signatures after the clock was set back."""

    def unsign(  # type: ignore[override]
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> tuple[bytes, datetime] | bytes:
        """Return what was signed. Raises SignatureExpired, BadSignature."""
        value, signed_at = super().unsign(signed_value, return_timestamp=True)
        age = self.get_timestamp() - int(signed_at.timestamp())
        if max_age is not None and not -AHEAD <= age <= max_age:
            raise SignatureExpired(f"Signature age {age}", payload=value, date_signed=signed_at)
        return (value, signed_at) if return_timestamp else value


def install(app: Flask) -> None:
    """Sign with SHA-256: the session's cookie, and everything that itsdangerous signs for us or for
    an extension.
    """
    TimedSerializer.default_signer = PatientSigner
    Signer.default_digest_method = staticmethod(sha256)
    if isinstance(app.session_interface, SecureCookieSessionInterface):
        app.session_interface.digest_method = staticmethod(sha256)
