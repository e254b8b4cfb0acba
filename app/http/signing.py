"""Signing: what our cookies and forms' tokens are signed with: HMAC with SHA-256.

Here: the hash, where Flask's and itsdangerous's default is SHA-1; how far a clock may be set back;
what signs sessions, our own cookies and forms' tokens. Not here: the keys (config), queue messages
(jobs.queue).
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import flask_wtf.csrf
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

AHEAD = 24 * 3600
"""Seconds by which a signature may lie ahead of the clock: it was set back, or another machine's is
ahead. By itself itsdangerous refuses the first second.
"""


class PatientSigner(TimestampSigner):
    """A signer that still knows its own signatures after the clock was set back."""

    default_digest_method = staticmethod(sha256)

    def unsign(  # type: ignore[override]
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> tuple[bytes, datetime] | bytes:
        """Return what was signed. Raises SignatureExpired, BadSignature."""
        value, signed_at = super().unsign(signed_value, return_timestamp=True)
        age = self.get_timestamp() - int(signed_at.timestamp())
        if max_age is not None and not -AHEAD <= age <= max_age:
            raise SignatureExpired(f"Signature age {age}", payload=value, date_signed=signed_at)
        return (value, signed_at) if return_timestamp else value


class PortalSerializer(URLSafeTimedSerializer):
    """What writes and reads everything that the portal signs."""

    default_signer = PatientSigner


class SignedSessions(SecureCookieSessionInterface):
    """Flask's sessions in a cookie, signed as everything is."""

    digest_method = staticmethod(sha256)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = PatientSigner
        return serializer


def install() -> None:
    """Sign forms' tokens in the same way. Flask-WTF makes its serializer by this name, without any
    setting for the hash; the alternative is to write its protection anew.
    """
    flask_wtf.csrf.URLSafeTimedSerializer = PortalSerializer
