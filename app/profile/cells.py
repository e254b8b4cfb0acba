"""Cells: one's organizations as the page tells them.

Here: words and what each may be asked to do. Not here: one's sessions (sessions.queries), which
there are (profile.queries), doing it (profile.service, members).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.access.seat import Seat
from app.kernel.i18n import _
from app.member_roles.builtin import role_name
from app.models import Membership, Organization
from app.profile import queries


@dataclass(frozen=True)
class Place:
    """One membership: `is_open` where its organization can be entered now, `obstacle` why it cannot
    be left.
    """

    membership: Membership
    roles: list[str]
    is_open: bool
    obstacle: str


def places(seat: Seat) -> list[Place]:
    """Return one's memberships with what they allow."""
    alone = queries.held_alone(seat.memberships)
    entered = set(seat.organizations)
    return [
        Place(
            one,
            [role_name(role) for role in one.roles],
            one.organization in entered,
            _obstacle(one, alone),
        )
        for one in seat.memberships
    ]


def managing(seat: Seat) -> Organization | None:
    """Return the organization whose administrators can change this account's identity, too
    (D-C3)."""
    if seat.is_platform_administrator or len(seat.memberships) != 1:
        return None
    organization = seat.memberships[0].organization
    return organization if seat.account.managed_by_id == organization.id else None


def _obstacle(membership: Membership, alone: set[int]) -> Any:
    return (
        _("You are the last power user here. Name another one before you leave.")
        if membership.id in alone
        else ""
    )
