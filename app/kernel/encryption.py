"""Encryption: text that only this portal can read again, such as the secret of an authenticator app
in the database.

Here: Fernet under keys derived from the portal's secrets, one for each purpose; the newest
encrypts, each decrypts. Not here: which secrets (config), digests that need not be read again
(kernel.tokens).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Undecryptable(Exception):
    """Encrypted with other secrets, for something else, too long ago, or never by us."""


def encrypt(text: str, *, secrets: Sequence[str], purpose: str, now: datetime) -> str:
    """Return text that nobody reads without the first of these secrets; what is encrypted for one
    purpose is read for no other.
    """
    fernet = _fernet(tuple(secrets), purpose)
    return fernet.encrypt_at_time(text.encode(), int(now.timestamp())).decode()


def decrypt(
    token: str,
    *,
    secrets: Sequence[str],
    purpose: str,
    now: datetime,
    within: timedelta | None = None,
) -> str:
    """Return what was encrypted with one of these secrets, `within` so long ago at most.

    Raises Undecryptable.
    """
    fernet = _fernet(tuple(secrets), purpose)
    try:
        if within is None:
            return fernet.decrypt(token.encode()).decode()
        seconds, moment = int(within.total_seconds()), int(now.timestamp())
        return fernet.decrypt_at_time(token.encode(), seconds, moment).decode()
    except (InvalidToken, UnicodeError) as error:
        raise Undecryptable() from error


def derived_key(secret: str, info: bytes) -> bytes:
    """Return the 256-bit key of one use, which tells nothing of the secret or of another use's."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode())


@lru_cache(maxsize=16)
def _fernet(secrets: tuple[str, ...], purpose: str) -> MultiFernet:
    info = f"meibo encryption: {purpose}".encode()
    return MultiFernet([Fernet(urlsafe_b64encode(derived_key(one, info))) for one in secrets])
