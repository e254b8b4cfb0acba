"""Granters: the people who could help a reader that was refused.

Here: one bounded query. Not here: the page (http.errors).
"""

from __future__ import annotations

from sqlalchemy import select

from app.access.context import current_seat
from app.extensions import db
from app.models import Account, Membership, MemberType


def granters() -> list[Account]:
    """Return up to three power users of the organization in the address, oldest first."""
    seat = current_seat()
    if seat is None or seat.organization is None:
        return []
    return list(
        db.session.scalars(
            select(Account)
            .join(Membership, Membership.account_id == Account.id)
            .where(
                Membership.organization_id == seat.organization.id,
                Membership.type == MemberType.POWER,
                Membership.suspended_at.is_(None),
                Account.suspended_at.is_(None),
            )
            .order_by(Membership.id)
            .limit(3)
        )
    )
