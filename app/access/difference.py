"""Difference: what somebody gains and loses, and whether that is asked about before it is saved.

Here: one comparison of before and after, pure. Not here: who is compared (memberships.preview,
member_roles.impact), the pages that ask.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.access.authorities import CATALOGUE, AuthorityEntry, everything
from app.access.seat import standing_authorities
from app.models import Membership


@dataclass(frozen=True)
class Held:
    """What somebody holds: authorities, and whether as a power user."""

    authorities: frozenset[str]
    is_power: bool = False

    @property
    def effective(self) -> frozenset[str]:
        """All of it: a power user holds everything (S0-14)."""
        return everything() if self.is_power else self.authorities & everything()


@dataclass(frozen=True)
class Difference:
    """What comes and what goes."""

    gained: frozenset[str]
    lost: frozenset[str]
    becomes_power: bool = False
    ends_power: bool = False

    @property
    def is_nothing(self) -> bool:
        return not (self.gained or self.lost or self.becomes_power or self.ends_power)

    @property
    def is_grave(self) -> bool:
        """Whether something is taken away, or power given.

        Products that ask do so before what hurts (B-78), and leave what an administrator does all
        day at one press (B-05). So an edit of one member that only gives is saved at once; power is
        more than its authorities, hence always grave.
        """
        return bool(self.lost or self.becomes_power or self.ends_power)

    @property
    def changed(self) -> frozenset[str]:
        return self.gained | self.lost


def difference(before: Held, after: Held) -> Difference:
    """Compare what somebody holds with what they would hold."""
    had, will = before.effective, after.effective
    return Difference(
        will - had,
        had - will,
        after.is_power and not before.is_power,
        before.is_power and not after.is_power,
    )


def held_by(membership: Membership) -> Held:
    """What a member holds, suspended or not."""
    return Held(standing_authorities(membership), membership.is_power)


def entries(keys: frozenset[str]) -> list[AuthorityEntry]:
    """These authorities in the catalogue's order."""
    return [entry for key, entry in CATALOGUE.items() if key in keys]
