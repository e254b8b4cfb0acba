"""Cells: one's sessions and organizations as the page tells them.

Here: words and what each may be asked to do. Not here: which there are (profile.queries), doing it (profile.service, members).
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.access.seat import Seat
from app.kernel.i18n import _
from app.member_roles.builtin import role_name
from app.models import AccountSession, Membership, Organization
from app.profile import queries
from app.sessions.devices import device_name


@dataclass(frozen=True)
class Browser:
    """One session: a signed-in browser."""

    session: AccountSession
    device: str
    is_this: bool


@dataclass(frozen=True)
class Place:
    """One membership: `is_open` where its organization can be entered now, `obstacle` why it cannot be left."""

    membership: Membership
    roles: list[str]
    is_open: bool
    obstacle: str


def browsers(sessions: Iterable[AccountSession], *, here: AccountSession | None) -> list[Browser]:
    """Return sessions as browsers, this one first."""
    told = [Browser(one, device_name(one.user_agent), one is here) for one in sessions]
    return sorted(told, key=lambda one: not one.is_this)


def places(seat: Seat) -> list[Place]:
    """Return one's memberships with what they allow."""
    alone = queries.held_alone(seat.memberships)
    entered = set(seat.organizations)
    return [
        Place(one, [role_name(role) for role in one.roles], one.organization in entered, _obstacle(one, alone))
        for one in seat.memberships
    ]


def managing(seat: Seat) -> Organization | None:
    """Return the organization whose administrators can change this account's identity, too (D-C3)."""
    if seat.is_platform_administrator or len(seat.memberships) != 1:
        return None
    organization = seat.memberships[0].organization
    return organization if seat.account.managed_by_id == organization.id else None


def _obstacle(membership: Membership, alone: set[int]) -> Any:
    return _("You are the last power user here. Name another one before you leave.") if membership.id in alone else ""
