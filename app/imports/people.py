"""People: whom some rows mean, found for many rows with a few statements.

Here: members, former members, login IDs that are taken, invitations and additions that wait; always
of one organization, but for login IDs, which are the portal's. Not here: what a row does with whom
it means (imports.checking).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from app.extensions import db
from app.former_members import queries as former_queries
from app.imports.rows import Row
from app.kernel.addresses import email_key
from app.models import (
    Account,
    BindingStatus,
    Invite,
    InviteStatus,
    Membership,
    MemberType,
    Organization,
    RetiredLoginId,
    RoleBinding,
)


@dataclass
class Found:
    """Memberships by id, login ID and address."""

    by_id: dict[int, Membership] = field(default_factory=dict)
    by_login: dict[str, Membership] = field(default_factory=dict)
    by_email: dict[str, Membership] = field(default_factory=dict)

    def add(self, these: Iterable[Membership]) -> None:
        for one in these:
            self.by_id[one.id] = one
            self.by_login.setdefault(one.account.login_id_key, one)
            self.by_email.setdefault(one.account.email_key, one)

    def named(self, row: Row) -> dict[str, Membership | None]:
        """Whom each key of a row names."""
        keys = row.keys
        tables: tuple[tuple[str, dict[Any, Membership]], ...] = (
            ("id", self.by_id),
            ("login_id", self.by_login),
            ("email", self.by_email),
        )
        return {name: table.get(keys[name]) for name, table in tables if name in keys}


@dataclass
class People:
    """Everybody whom some rows may mean."""

    members: Found
    former: Found
    taken: frozenset[str]
    retired: frozenset[str]
    invited: frozenset[str]
    waiting: frozenset[str]


def people_of(rows: Sequence[Row], organization: Organization, *, now: datetime) -> People:
    """Find everybody whom these rows may mean."""
    keys = [row.keys for row in rows]
    ids, logins, emails = (
        {one[name] for one in keys if name in one} for name in ("id", "login_id", "email")
    )
    theirs = or_(
        Membership.id.in_(ids), Account.login_id_key.in_(logins), Account.email_key.in_(emails)
    )
    members, former = Found(), Found()
    members.add(db.session.scalars(_members(organization).where(theirs)))
    former.add(db.session.scalars(former_queries.former(organization.id).where(theirs)))
    waiting = select(RoleBinding.address).where(
        RoleBinding.organization_id == organization.id, RoleBinding.status == BindingStatus.WAITING
    )
    return People(
        members,
        former,
        _set(select(Account.login_id_key).where(Account.login_id_key.in_(logins))),
        _set(select(RetiredLoginId.login_id_key).where(RetiredLoginId.login_id_key.in_(logins))),
        _set(_invited(emails, organization, now=now)),
        frozenset(map(email_key, db.session.scalars(waiting))) & emails,
    )


def power_users(organization: Organization) -> set[int]:
    """The ids of the power users who can sign in (D-2)."""
    return set(
        db.session.scalars(
            select(Membership.id)
            .join(Account, Account.id == Membership.account_id)
            .where(
                Membership.organization_id == organization.id,
                Membership.type == MemberType.POWER,
                Membership.suspended_at.is_(None),
                Account.suspended_at.is_(None),
            )
        )
    )


def _members(organization: Organization) -> Select[Any]:
    return (
        select(Membership)
        .join(Membership.account)
        .where(Membership.organization_id == organization.id)
        .options(contains_eager(Membership.account), selectinload(Membership.roles))
    )


def _invited(emails: set[str], organization: Organization, *, now: datetime) -> Select[Any]:
    return select(Invite.address_key).where(
        Invite.organization_id == organization.id,
        Invite.address_key.in_(emails),
        Invite.status == InviteStatus.PENDING,
        Invite.expires_at > now,
    )


def _set(query: Select[Any]) -> frozenset[str]:
    return frozenset(db.session.scalars(query))
