"""Seat: who is here, in which organization, with which authorities. One per request, loaded with
two queries.

Here: the object and how it is found. Not here: what it allows (access.policy), when it is touched
(sessions.service).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from flask import g

from app.access.authorities import everything, known
from app.access.seat_queries import PLATFORM_ROLE as PLATFORM_ROLE
from app.access.seat_queries import memberships_query, session_query
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.tokens import digest
from app.models import (
    Account,
    AccountSession,
    MemberRole,
    Membership,
    Organization,
)


class AboveYourself(Refusal):
    """D-1: nobody grants, edits, suspends or removes what exceeds their own authorities."""

    status = 403
    text = lazy("That goes beyond your own authorities.")


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
        return [
            one.organization
            for one in self.memberships
            if self.session is None or one.admits(self.session.created_at)
        ]

    def covers(self, authorities: frozenset[str], *, power: bool = False) -> bool:
        """Whether all of these are this person's own (D-1)."""
        return (self.is_power or not power) and known(authorities) <= self.authorities

    def must_cover(self, authorities: frozenset[str], *, power: bool = False) -> None:
        """Raise AboveYourself unless `covers`."""
        if not self.covers(authorities, power=power):
            raise AboveYourself()

    def must_cover_member(self, membership: Membership) -> None:
        """Raise AboveYourself where a member stands above this person."""
        self.must_cover(standing_authorities(membership), power=membership.is_power)


def current_seat() -> Seat | None:
    """Return the seat of this request, None for a stranger."""
    return g.get("seat")


def load_seat(session_key: str, organization_code: str | None, now: datetime) -> Seat | None:
    """Find the live session behind a cookie's key and the seat it gives, with two queries; None
    when it is over (D-C1).
    """
    asked = {"digest": digest(session_key), "code": organization_code, "now": now}
    row = db.session.execute(session_query(), asked).first()
    if row is None:
        return None
    session, account, organization, platform, invites_waiting, added = row
    seat = _seat(session, account, organization, bool(platform), int(invites_waiting))
    seat.has_to_read = bool(added)
    return seat


def _seat(
    session: AccountSession,
    account: Account,
    organization: Organization | None,
    platform: bool,
    waiting: int,
) -> Seat:
    memberships = list(db.session.scalars(memberships_query(), {"account": account.id}).unique())
    membership = next(
        (
            one
            for one in memberships
            if organization is not None and one.organization_id == organization.id
        ),
        None,
    )
    may_enter = platform or (membership is not None and membership.admits(session.created_at))
    return Seat(
        account=account,
        session=session,
        organization=organization if may_enter else None,
        membership=membership,
        memberships=memberships,
        is_platform_administrator=platform,
        invites_waiting=waiting,
    )
