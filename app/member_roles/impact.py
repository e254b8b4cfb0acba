"""Impact: whom a change of a role concerns, and how.

Here: how many of its holders gain or lose each authority, and the first of them by name, in two
statements however many hold it.
Not here: the comparison of one member (access.difference), saving (member_roles.service).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    false,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased, contains_eager, selectinload

from app.access.authorities import AuthorityEntry, known
from app.access.difference import Difference, Held, difference, entries, held_by
from app.extensions import db
from app.kernel.i18n import listed
from app.kernel.signals import Line, authorities_narrowed
from app.member_roles import promised, queries
from app.models import Account, MemberRole, Membership, MemberType, Organization
from app.models.member_role import membership_role

MOST_NAMED = 20


@dataclass(frozen=True)
class Concerned:
    """One holder, with what they gain and lose themselves."""

    membership: Membership
    change: Difference

    @property
    def gained(self) -> str:
        """The names of what they gain, as a list in the reader's language."""
        return listed(entry.name for entry in entries(self.change.gained))

    @property
    def lost(self) -> str:
        """The names of what they lose."""
        return listed(entry.name for entry in entries(self.change.lost))


@dataclass(frozen=True)
class Impact:
    """Everybody a change of a role concerns."""

    change: Difference
    held: int
    count: int
    counts: dict[str, int]
    first: list[Concerned]
    falls: Sequence[Line] = ()
    """What would fall with it, such as invitations that holders sent (T2-96)."""

    @property
    def asks(self) -> bool:
        """Whether saving waits for a second press: where anybody gains or loses something.

        A role reaches people whom its form does not name, so giving is shown as well as taking: "12
        members gain Invoice Downloader, 3 lose …" is what people ask for. An edit that changes
        nobody's authorities is saved at once.
        """
        return self.count > 0 or bool(self.falls)

    @property
    def gained(self) -> list[AuthorityEntry]:
        return entries(self.change.gained)

    @property
    def lost(self) -> list[AuthorityEntry]:
        return entries(self.change.lost)


def impact_of(
    organization: Organization,
    role: MemberRole,
    authorities: frozenset[str],
    *,
    named: bool = True,
    roles: Sequence[MemberRole] | None = None,
) -> Impact:
    """Say whom it would concern if a role held these authorities; the first of them by name only
    where `named`.

    `roles` are those that the organization can give, where they are at hand already.
    """
    change = difference(Held(role.authorities), Held(authorities))
    touched = {
        key: _touched(key, others)
        for key, others in _elsewhere(organization, role, change.changed, roles).items()
    }
    anything = or_(false(), *touched.values())
    row = db.session.execute(
        _holding(
            organization,
            role,
            func.count(Membership.id),
            _sum(anything),
            *(_sum(condition) for condition in touched.values()),
        )
    ).one()
    counts = dict(zip(touched, (int(number) for number in row[2:]), strict=True))
    first = _first(organization, role, anything) if named and row[1] else []
    concerned = [
        Concerned(member, difference(held_by(member), _with(member, role, authorities)))
        for member in first
    ]
    senders = promised.senders(role, organization) if row[1] else []
    falls = authorities_narrowed.consequences(
        senders, held=lambda member: _with(member, role, authorities)
    )
    return Impact(change, int(row[0]), int(row[1]), counts, concerned, falls)


def _elsewhere(
    organization: Organization,
    role: MemberRole,
    keys: Iterable[str],
    roles: Sequence[MemberRole] | None,
) -> dict[str, list[int]]:
    """The other roles that hold each of these authorities."""
    known_roles = queries.available(organization) if roles is None and keys else roles or ()
    others = [other for other in known_roles if other is not role]
    return {key: [other.id for other in others if key in other.authorities] for key in sorted(keys)}


def _touched(key: str, others: list[int]) -> ColumnElement[bool]:
    """Whether a holder has an authority through this role alone."""
    single = (" " + type_coerce(Membership.authorities, Text) + " ").contains(
        f" {key} ", autoescape=True
    )
    also = aliased(membership_role)
    elsewhere = (
        select(also.c.role_id)
        .where(also.c.membership_id == Membership.id, also.c.role_id.in_(others))
        .exists()
        if others
        else false()
    )
    return and_(Membership.type == MemberType.GENERAL, ~single, ~elsewhere)


def _holding(
    organization: Organization, role: MemberRole, *columns: ColumnElement[int]
) -> Select[Any]:
    query = cast("Select[Any]", select(*columns))
    return (
        query.select_from(Membership)
        .join(membership_role, membership_role.c.membership_id == Membership.id)
        .where(Membership.organization_id == organization.id, membership_role.c.role_id == role.id)
    )


def _first(
    organization: Organization, role: MemberRole, touched: ColumnElement[bool]
) -> list[Membership]:
    found = (
        select(Membership)
        .join(Membership.account)
        .join(membership_role, membership_role.c.membership_id == Membership.id)
        .options(contains_eager(Membership.account), selectinload(Membership.roles))
        .where(
            Membership.organization_id == organization.id,
            membership_role.c.role_id == role.id,
            touched,
        )
        .order_by(Account.sort_key, Membership.id)
        .limit(MOST_NAMED)
    )
    return list(db.session.scalars(found))


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _with(membership: Membership, role: MemberRole, authorities: frozenset[str]) -> Held:
    others = (other.authorities for other in membership.roles if other is not role)
    return Held(known(membership.authorities.union(authorities, *others)), membership.is_power)
