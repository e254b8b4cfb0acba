"""Counts: the small numbers beside the menu's entries, in one query.

Here: members, waiting invitations and roles of the organization in the address, counted no further than is shown. Not here: lists.
"""
from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select

from app.access.seat import Seat
from app.extensions import db
from app.models import Invite, InviteStatus, MemberRole, Membership
from app.web.listing import COUNT_LIMIT


def menu_counts(seat: Seat, names: set[str]) -> dict[str, str]:
    """Return the number to show beside each of these menu entries."""
    asked = frozenset(names & COUNTED.keys()) if seat.organization else frozenset()
    if not asked or seat.organization is None:
        return {}
    row = db.session.execute(_query(asked), {"organization": seat.organization.id}).one()
    return {name: f"{COUNT_LIMIT:,}+" if count > COUNT_LIMIT else f"{count:,}" for name, count in row._mapping.items()}


_here: BindParameter[int] = bindparam("organization")
COUNTED: dict[str, Select[Any]] = {
    "members": select(Membership.id).where(
        Membership.organization_id == _here, Membership.suspended_at.is_(None), Membership.account_suspended_at.is_(None)
    ),
    "invites": select(Invite.id).where(Invite.organization_id == _here, Invite.status == InviteStatus.PENDING),
    "roles": select(MemberRole.id).where(or_(MemberRole.organization_id == _here, MemberRole.organization_id.is_(None))),
}


@cache
def _query(names: frozenset[str]) -> Select[Any]:
    return select(*(capped(COUNTED[name]).label(name) for name in COUNTED if name in names))


def capped(query: Select[Any]) -> Any:
    """How many rows a query has, counted no further than COUNT_LIMIT."""
    return select(func.count()).select_from(query.limit(COUNT_LIMIT + 1).subquery()).scalar_subquery()
