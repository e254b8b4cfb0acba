"""Seat: who is here, in which organization, with which authorities. One per request.

Here: the object. Not here: how it is found (access.seating), what it allows (access.policy), when
it is touched (sessions.service).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.access import granting
from app.access.authorities import everything, known
from app.access.granting import AboveYourself, Doing
from app.models import (
    Account,
    AccountSession,
    MemberRole,
    Membership,
    Organization,
)

PLATFORM_ROLE = "Admin"


def effective_authorities(membership: Membership) -> frozenset[str]:
    """Return the union of type, roles and single authorities (D-C8); a suspended member
    holds none."""
    if membership.is_suspended:
        return frozenset()
    return standing_authorities(membership)


class Standing(Protocol):
    """What somebody stands on in an organization: a membership, or what a list has read of one."""

    @property
    def is_power(self) -> bool: ...

    @property
    def authorities(self) -> frozenset[str]: ...

    @property
    def roles(self) -> Sequence[MemberRole]: ...


def standing_authorities(membership: Standing) -> frozenset[str]:
    """Return what the member would hold if not suspended: what somebody must cover to act on them
    (D-1).
    """
    if membership.is_power:
        return everything()
    return known(membership.authorities.union(*(role.authorities for role in membership.roles)))


@dataclass
class Seat:
    """A signed-in person in one request."""

    account: Account
    session: AccountSession | None = None
    organization: Organization | None = None
    membership: Membership | None = None
    memberships: list[Membership] = field(default_factory=list)
    is_platform_administrator: bool = False
    invites_waiting: int = 0
    has_to_read: bool = False
    """Whether somebody was added to an organization before this sign-in, and has not answered."""
    scopes: frozenset[str] | None = None
    """What an API key narrows its owner's authorities to; None for a person in a browser."""
    via: str = ""
    """The API key in use, as the activity log names it."""
    key_id: int | None = None
    """Which that is."""

    @property
    def authorities(self) -> frozenset[str]:
        """What this person may do here; with an API key, no more than its scopes at this moment."""
        held = self._held()
        return held if self.scopes is None else held & self.scopes

    def _held(self) -> frozenset[str]:
        if self.is_platform_administrator:
            return everything()
        if self.membership is None or self.organization is None:
            return frozenset()
        return effective_authorities(self.membership)

    @property
    def is_power(self) -> bool:
        """Whether this person counts as a power user here; an API key does only with every
        scope."""
        if self.scopes is not None and not everything() <= self.scopes:
            return False
        own = (
            self.membership is not None
            and self.membership.is_power
            and not self.membership.is_suspended
        )
        return self.is_platform_administrator or own

    @property
    def acts_as_platform(self) -> bool:
        """Whether only the platform administrator's right brought this person into the
        organization.
        """
        return (
            self.is_platform_administrator
            and self.organization is not None
            and self.membership is None
        )

    @property
    def organizations(self) -> list[Organization]:
        """The organizations to switch between: those this person can enter now."""
        return [one.organization for one in self.open_memberships]

    @property
    def open_memberships(self) -> list[Membership]:
        """Where this person can enter now, and as what."""
        return [
            one
            for one in self.memberships
            if self.session is None or one.admits(self.session.created_at)
        ]

    def holds(self, authorities: frozenset[str], *, power: bool = False) -> bool:
        """Whether all of these are this person's own."""
        return (self.is_power or not power) and known(authorities) <= self.authorities

    def covers(self, authorities: frozenset[str], *, power: bool = False) -> bool:
        """Whether this person may give these to somebody else, or change who has them (D-1)."""
        return (self.is_power or not power) and not self._missing(authorities)

    def covers_member(self, member: Standing) -> bool:
        """Whether this person may change a member (D-1)."""
        return self.covers(standing_authorities(member), power=member.is_power)

    def gives_to(self, account_id: int | None = None) -> frozenset[str]:
        """What this person may give to an account: to themselves, nothing new."""
        if account_id == self.account.id:
            return self.authorities
        return (everything() - granting.guarded(self.organization)) | self.authorities

    def must_cover(
        self, authorities: frozenset[str], *, power: bool = False, to: Doing = Doing.GIVE
    ) -> None:
        """Raise AboveYourself unless `covers`."""
        if not self.covers(authorities, power=power):
            lacks_power = power and not self.is_power
            raise AboveYourself(self._missing(authorities), to, power=lacks_power)

    def must_cover_member(self, membership: Membership) -> None:
        """Raise AboveYourself where a member stands above this person."""
        self.must_cover(
            standing_authorities(membership), power=membership.is_power, to=Doing.CHANGE_PERSON
        )

    def must_hold(self, authorities: frozenset[str], *, power: bool = False, to: Doing) -> None:
        """Raise AboveYourself unless `holds`: for what comes to this person in the end."""
        if not self.holds(authorities, power=power):
            lacks_power = power and not self.is_power
            raise AboveYourself(known(authorities) - self.authorities, to, power=lacks_power)

    def _missing(self, authorities: frozenset[str]) -> frozenset[str]:
        return granting.missing(authorities, self.authorities, self.organization)
