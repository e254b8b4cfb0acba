"""Oversight's questions: who hears of an act, and what was gained by it.

Here: rows of one organization. Not here: what is told of them (oversight.acts).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.models import Account, Activity, MemberRole, Membership, MemberType
from app.models.member_role import membership_role

KNOWN = "members whom lines tell of"


def hearers(organization_id: int) -> list[Account]:
    """The power users who are told what the others do."""
    return list(
        db.session.scalars(
            select(Account)
            .join(Membership, Membership.account_id == Account.id)
            .where(
                Membership.organization_id == organization_id,
                Membership.type == MemberType.POWER,
                Membership.suspended_at.is_(None),
                Account.suspended_at.is_(None),
                Account.is_service.is_(False),
                Account.notifications,
                Account.power_notifications,
            )
            .order_by(Account.id)
        )
    )


@contextmanager
def members_known(lines: Sequence[Activity]) -> Iterator[None]:
    """Read the members that many lines tell of at once; `member` finds them meanwhile."""
    ids = {(one.subject_id or 0) for one in lines}
    query = select(Membership).where(
        Membership.account_id.in_(ids),
        Membership.organization_id.in_({one.organization_id for one in lines}),
    )
    found = db.session.scalars(query.options(selectinload(Membership.roles)))
    db.session.info[KNOWN] = {(one.account_id, one.organization_id): one for one in found}
    try:
        yield
    finally:
        db.session.info.pop(KNOWN, None)


def member(line: Activity) -> Membership | None:
    """The membership that a line tells of, while it lasts."""
    known: dict[tuple[int | None, int | None], Membership] | None = db.session.info.get(KNOWN)
    if known is not None:
        return known.get((line.subject_id, line.organization_id))
    return db.session.scalars(
        select(Membership).where(
            Membership.account_id == line.subject_id,
            Membership.organization_id == line.organization_id,
        )
    ).one_or_none()


def role_authorities(ids: Iterable[int]) -> frozenset[str]:
    """All that these roles hold."""
    held = db.session.scalars(select(MemberRole.authorities).where(MemberRole.id.in_(list(ids))))
    return frozenset[str]().union(*held)


def authorities_of(name: str, line: Activity) -> frozenset[str]:
    """What the role of this name holds, in the organization of a line; built-in ones count."""
    theirs = (MemberRole.organization_id == line.organization_id) | (
        MemberRole.organization_id.is_(None)
    )
    held = db.session.scalars(select(MemberRole.authorities).where(MemberRole.name == name, theirs))
    return frozenset[str]().union(*held)


def holder_count(line: Activity) -> int:
    """How many members hold the role that a line tells of."""
    return int(
        db.session.scalar(
            select(func.count())
            .select_from(membership_role)
            .join(Membership, Membership.id == membership_role.c.membership_id)
            .where(
                membership_role.c.role_id == line.subject_id,
                Membership.organization_id == line.organization_id,
                Membership.ended_at.is_(None),
            )
        )
        or 0
    )


def accounts(ids: Iterable[int | None]) -> dict[int, Account]:
    """These accounts, by id; those that are gone are missing."""
    wanted = {one for one in ids if one is not None}
    found = db.session.scalars(select(Account).where(Account.id.in_(wanted)))
    return {one.id: one for one in found}
