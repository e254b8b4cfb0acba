"""Scopes: what an API key was given.

Here: a whole key has what screens bring that are added later. Not here: what its holder has at the
moment (access.seat).
"""

from __future__ import annotations

from app.access.authorities import everything
from app.models import PortalKey


def scopes_of(key: PortalKey) -> frozenset[str]:
    """Return what a key was given."""
    return everything() if key.is_whole else key.scopes
