"""Keys of the log: what its seals are signed with. The database does not hold them.

Here: deriving them from the portal's secrets, signing a seal, checking a signature. Not here: when
seals are written (log_integrity.hash_chain), which keys count where in the chain
(log_integrity.key_rotation).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple, Protocol

from flask import current_app

from app.kernel.encryption import derived_key

PURPOSE = b"meibo activity log"


class Seal(Protocol):
    """A row of activity_seal, or one that is about to be."""

    sequence: int
    activity_id: int
    organization_id: int | None
    happened_at: datetime
    line_digest: str
    chain: str
    key_id: str
    signature: str


class Key(NamedTuple):
    """A key and the name under which seals remember it; the name tells nothing of the key."""

    id: str
    secret: bytes


def known() -> tuple[Key, ...]:
    """Return the keys of SECRET_KEY, which signs, and of SECRET_KEY_FALLBACKS."""
    settings = current_app.config["SETTINGS"]
    return tuple(map(_derived, (settings.secret_key, *settings.secret_key_fallbacks)))


def signature(key: Key, seal: Seal) -> str:
    """Sign a place in the chain, and all that stands before it."""
    said = (
        str(seal.sequence),
        str(seal.activity_id),
        str(seal.organization_id or ""),
        seal.happened_at.astimezone(UTC).isoformat(timespec="microseconds"),
        seal.line_digest,
        seal.chain,
    )
    return hmac.new(key.secret, "|".join(said).encode(), sha256).hexdigest()


def is_signed(seal: Seal, by: Iterable[Key]) -> bool:
    """Whether one of these keys signed a seal."""
    return any(
        key.id == seal.key_id and hmac.compare_digest(signature(key, seal), seal.signature)
        for key in by
    )


@lru_cache(maxsize=16)
def _derived(secret: str) -> Key:
    key = derived_key(secret, PURPOSE)
    return Key(hmac.new(key, b"id", sha256).hexdigest()[:16], key)
