"""Sealing: text that only this portal can read again, such as the secret of an authenticator app in
the database.

Here: sealing and opening under keys derived from the portal's secrets; the newest seals, each
opens. Not here: which secrets (config), digests that need not be read again (kernel.tokens).
"""

from __future__ import annotations

import secrets as chance
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KIND = b"\x01"
"""The first sign of what is sealed as below: AES-256-GCM. Another way of sealing gets another sign.
"""
MOMENT, NONCE = 8, 12
AHEAD = timedelta(minutes=1)
"""How far another machine's clock may be ahead of ours."""


class Unsealable(Exception):
    """Sealed with other secrets, for something else, too long ago, or never by us."""


def seal(text: str, *, secrets: Sequence[str], purpose: str, now: datetime) -> str:
    """Return text that nobody reads without one of these secrets; what is sealed for one purpose
    opens for no other.
    """
    head, nonce = KIND + int(now.timestamp()).to_bytes(MOMENT), chance.token_bytes(NONCE)
    return urlsafe_b64encode(
        head + nonce + _box(secrets[0], purpose).encrypt(nonce, text.encode(), head)
    ).decode()


def unseal(
    sealed: str,
    *,
    secrets: Sequence[str],
    purpose: str,
    now: datetime,
    within: timedelta | None = None,
) -> str:
    """Return what was sealed, `within` so long ago at most. Raises Unsealable."""
    try:
        whole = urlsafe_b64decode(sealed.encode())
    except ValueError as error:
        raise Unsealable() from error
    head, nonce, closed = (
        whole[: 1 + MOMENT],
        whole[1 + MOMENT : 1 + MOMENT + NONCE],
        whole[1 + MOMENT + NONCE :],
    )
    if head[:1] != KIND or len(nonce) < NONCE:
        raise Unsealable()
    text = next(
        (
            text
            for one in secrets
            if (text := _opened(_box(one, purpose), head, nonce, closed)) is not None
        ),
        None,
    )
    if text is None:
        raise Unsealable()
    age = timedelta(seconds=now.timestamp() - int.from_bytes(head[1:]))  # the moment is sealed, too
    if within is not None and not -AHEAD <= age <= within:
        raise Unsealable()
    return text


def _opened(box: AESGCM, head: bytes, nonce: bytes, closed: bytes) -> str | None:
    try:
        return box.decrypt(nonce, closed, head).decode()
    except InvalidTag:
        return None


@lru_cache(maxsize=16)
def _box(secret: str, purpose: str) -> AESGCM:
    return AESGCM(
        HKDF(
            algorithm=SHA256(), length=32, salt=None, info=f"meibo sealing: {purpose}".encode()
        ).derive(secret.encode())
    )
