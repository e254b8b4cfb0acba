"""Tokens: secrets that travel in links and cookies, and what is kept of them.

Here: making one, and the digest that the database keeps. Not here: passwords (passwords.hashing).
"""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """Return a fresh secret of 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def new_public_id() -> str:
    """Return a short random name for a row that people may read out; not a secret."""
    return secrets.token_hex(5)


def digest(token: str) -> str:
    """Return what is kept of a token: enough to recognize it, not to make it."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_digest(key: str, *parts: str) -> str:
    """Return a digest that nobody without the key can compute; for short secrets."""
    return hmac.new(key.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two digests in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
