"""Hashing: argon2id at OWASP's parameters; older hashes are still read.

Here: making and checking hashes. Not here: what a password must be (passwords.policy).
"""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from werkzeug.security import check_password_hash

from app.kernel.tokens import new_token
from app.passwords.policy import normalized

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
ARGON2 = "$argon2"


def hash_password(password: str) -> str:
    """Return an argon2id hash (19 MiB, 2 passes, 1 lane)."""
    return _HASHER.hash(normalized(password))


def verify_password(hashed: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; the same work where there is no hash at all."""
    return _matches(hashed or _nobodys(), password) and bool(hashed)


def is_outdated(hashed: str) -> bool:
    """Whether the hash should be made anew at the next sign-in."""
    return not hashed.startswith(ARGON2) or _HASHER.check_needs_rehash(hashed)


def _matches(stored: str, password: str) -> bool:
    if not stored.startswith(ARGON2):
        return check_password_hash(stored, password)
    try:
        return _HASHER.verify(stored, normalized(password))
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _HASHER.hash(new_token())
