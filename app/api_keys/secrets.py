"""Secrets and scopes: how a key's secret is made, written and read, and what a key was given.

Here: pure functions; `meibo_<prefix>_<secret>`, of which the prefix may be seen and the whole is
kept as a digest; a whole key has what screens bring that are added later. Not here: which keys
there are (api_keys.service), what its holder has at the moment (access.seat).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from app.access.authorities import everything
from app.kernel.tokens import digest, new_public_id, new_token
from app.models import PortalKey

MARK = "meibo"
PREFIX = re.compile(r"[0-9a-f]{10}")
_WRITTEN = re.compile(rf"{MARK}_(?P<prefix>[0-9a-f]{{10}})_[A-Za-z0-9_-]{{43}}")


class Made(NamedTuple):
    """A new secret: what its owner gets, and what is kept."""

    prefix: str
    secret: str
    digest: str


def make(prefix: str = "") -> Made:
    """Make a secret of 256 bits; a prefix that is none is replaced."""
    prefix = prefix if PREFIX.fullmatch(prefix) else new_public_id()
    secret = f"{MARK}_{prefix}_{new_token()}"
    return Made(prefix, secret, digest(secret))


def prefix_of(secret: str) -> str:
    """The visible part of a secret, "" where it is none of ours."""
    found = _WRITTEN.fullmatch(secret)
    return found["prefix"] if found else ""


def scopes_of(key: PortalKey) -> frozenset[str]:
    """Return what a key was given."""
    return everything() if key.is_whole else key.scopes
