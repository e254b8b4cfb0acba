"""Members as a page of the list shows them: plain values, for building whole rows of the tables
would take most of the query's time.

Here: what is read of each, under the names that the models have. Not here: which members
(members.queries), how they are drawn (members.rows).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from app.extensions import db
from app.models import Account, MemberRole, Membership, MemberType
from app.models.member_role import membership_role


class Person(NamedTuple):
    """What a row says of an account."""

    id: int
    family_name: str
    given_name: str
    login_id: str
    email: str
    reading: str
    latin_name: str
    last_sign_in_at: datetime | None
    suspended_at: datetime | None
    is_service: bool
    locked_until: datetime | None
    managed_by_id: int | None

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None


class Shown(NamedTuple):
    """What a row says of a membership."""

    id: int
    account_id: int
    type: MemberType
    authorities: frozenset[str]
    joined_at: datetime
    last_access_at: datetime | None
    suspended_at: datetime | None
    account: Person
    roles: list[MemberRole]

    @property
    def is_power(self) -> bool:
        return self.type is MemberType.POWER

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None


OF_MEMBERSHIP = tuple(getattr(Membership, name) for name in Shown._fields[:-2])
OF_ACCOUNT = tuple(getattr(Account, name) for name in Person._fields)
HELD = (
    select(membership_role.c.membership_id, MemberRole)
    .join(MemberRole, MemberRole.id == membership_role.c.role_id)
    .where(membership_role.c.membership_id.in_(bindparam("these", expanding=True)))
    .order_by(MemberRole.id)
)


def page(query: Select[Any], *more: Any) -> tuple[list[Shown], list[Any]]:
    """Return the members of a query over memberships and accounts, with their roles, in two
    statements; and what else each row says.
    """
    found: list[Any] = [
        *db.session.execute(query.with_only_columns(*OF_MEMBERSHIP, *OF_ACCOUNT, *more))
    ]
    first, last = len(OF_MEMBERSHIP), len(OF_MEMBERSHIP) + len(OF_ACCOUNT)
    roles: dict[int, list[MemberRole]] = {row[0]: [] for row in found}
    for membership_id, role in db.session.execute(HELD, {"these": list(roles)}) if roles else ():
        roles[membership_id].append(role)
    made = [
        Shown._make((*row[:first], Person._make(row[first:last]), roles[row[0]])) for row in found
    ]
    return made, [row[last:] for row in found]
