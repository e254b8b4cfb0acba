"""Signing: what our cookies and forms' tokens are signed with: HMAC with SHA-256.

Here: the hash, in the two places where Flask's and itsdangerous's default is SHA-1. Not here: the
keys (config), queue messages (jobs.queue).
"""

from __future__ import annotations

from hashlib import sha256

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import Signer


def install(app: Flask) -> None:
    """Sign with SHA-256: the session's cookie, and everything that itsdangerous signs for us or for
    an extension.
    """
    Signer.default_digest_method = staticmethod(sha256)
    if isinstance(app.session_interface, SecureCookieSessionInterface):
        app.session_interface.digest_method = staticmethod(sha256)
