"""Counts: the small numbers beside the menu's entries, in one query.

Here: members, waiting invitations and roles of the organization in the address, counted no further than is shown. Not here: lists.
"""
from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, or_, select

from app.access.seat import Seat
from app.extensions import db
from app.models import Account, Invite, InviteStatus, MemberRole, Membership
from app.web.listing import COUNT_LIMIT


def menu_counts(seat: Seat, names: set[str]) -> dict[str, str]:
    """Return the number to show beside each of these menu entries."""
    if seat.organization is None:
        return {}
    asked = {name: _capped(query) for name, query in _countable(seat.organization.id).items() if name in names}
    if not asked:
        return {}
    row = db.session.execute(select(*(query.label(name) for name, query in asked.items()))).one()
    return {name: f"{COUNT_LIMIT:,}+" if count > COUNT_LIMIT else f"{count:,}" for name, count in row._mapping.items()}


def _countable(organization_id: int) -> dict[str, Select[Any]]:
    return {
        "members": select(Membership.id).join(Account, Account.id == Membership.account_id)
        .where(Membership.organization_id == organization_id, Membership.suspended_at.is_(None), Account.suspended_at.is_(None)),
        "invites": select(Invite.id).where(Invite.organization_id == organization_id, Invite.status == InviteStatus.PENDING),
        "roles": select(MemberRole.id).where(or_(MemberRole.organization_id == organization_id, MemberRole.organization_id.is_(None))),
    }


def _capped(query: Select[Any]) -> Any:
    return select(func.count()).select_from(query.limit(COUNT_LIMIT + 1).subquery()).scalar_subquery()
