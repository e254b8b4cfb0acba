"""Cells: what a key looks like in the list, on its page, and among one's own.

Here: words for one key. Not here: which are listed (api_keys.queries).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.access.authorities import AuthorityEntry
from app.access.difference import entries
from app.access.seat import effective_authorities
from app.api_keys import queries
from app.api_keys.secrets import scopes_of
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy, listed
from app.models import Membership, PortalKey

STATES = {
    queries.WORKING: lazy("Works"),
    queries.EXPIRED: lazy("Expired"),
    queries.REVOKED: lazy("Revoked"),
}


@dataclass(frozen=True)
class ShownKey:
    """One key, with its holder's membership as long as there is one."""

    key: PortalKey
    membership: Membership | None

    @property
    def state(self) -> str:
        return queries.state_of(self.key, now=utcnow())

    @property
    def names(self) -> list[Any]:
        """What it was issued for."""
        return [entry.name for entry in entries(scopes_of(self.key))]

    @property
    def listed(self) -> str:
        """The same, one after the other."""
        return listed(self.names)

    @property
    def can(self) -> list[AuthorityEntry]:
        """What it can do now: its holder may have less than when it was issued."""
        return entries(scopes_of(self.key) & self._held)

    @property
    def cannot(self) -> list[AuthorityEntry]:
        """What it was issued for and cannot do now."""
        return entries(scopes_of(self.key) - self._held)

    @property
    def _held(self) -> frozenset[str]:
        return (
            effective_authorities(self.membership) if self.membership is not None else frozenset()
        )


def with_holders(keys: Sequence[PortalKey]) -> Sequence[ShownKey]:
    """Keys with their holders' memberships, in one statement."""
    held = queries.memberships(keys)
    return [ShownKey(key, held.get(key.account_id)) for key in keys]
