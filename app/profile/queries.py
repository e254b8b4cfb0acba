"""Profile's question to the database: organizations one may not leave.

Here: reading. Not here: changing anything (profile.service).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.extensions import db
from app.models import Account, Membership, MemberType


def held_alone(memberships: Iterable[Membership]) -> set[int]:
    """Return the ids of those of these memberships without which no power user who can sign in
    would remain (D-2).

    One statement for all; good enough to show. Leaving itself asks access.last_power_user.
    """
    power = {
        one.organization_id: one for one in memberships if one.is_power and not one.is_suspended
    }
    if not power:
        return set()
    others = set(
        db.session.scalars(
            select(Membership.organization_id)
            .distinct()
            .join(Account, Account.id == Membership.account_id)
            .where(
                Membership.organization_id.in_(power),
                Membership.id.not_in([one.id for one in power.values()]),
                Membership.type == MemberType.POWER,
                Membership.suspended_at.is_(None),
                Account.suspended_at.is_(None),
            )
        )
    )
    return {one.id for organization_id, one in power.items() if organization_id not in others}
