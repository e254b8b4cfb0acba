"""Simulation: a check of many looks at each as if those before it had been done.

Here: the last power user, over the rows of one check. Not here: the rule itself
(access.last_power_user), which the run asks under the organization's lock.
"""

from __future__ import annotations

from sqlalchemy import select

from app.access.last_power_user import LastPowerUser
from app.batches.kinds import SIMULATES, Work
from app.extensions import db
from app.models import Account, Membership, MemberType

TAKEN, THERE = "power users who would be none any more", "power users who can sign in"


def take_power(member: Membership, work: Work) -> None:
    """Count one power user less for the rows that follow; nothing in a run, which has really done
    what it did. Raises LastPowerUser.
    """
    if not work.memory.get(SIMULATES) or not member.is_power or member.is_suspended:
        return
    taken: set[int] = work.memory.setdefault(TAKEN, set())
    if THERE not in work.memory:
        work.memory[THERE] = _power_users(member.organization_id)
    there: set[int] = work.memory[THERE]
    if not there - taken - {member.id}:
        raise LastPowerUser()
    taken.add(member.id)


def _power_users(organization_id: int) -> set[int]:
    """The members who keep an organization in hand."""
    query = (
        select(Membership.id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.organization_id == organization_id,
            Membership.type == MemberType.POWER,
            Membership.suspended_at.is_(None),
            Account.suspended_at.is_(None),
        )
    )
    return {*db.session.scalars(query)}
