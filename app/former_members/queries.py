"""Former members' questions to the database: who was a member, and until when.

Here: reading memberships that ended; only here, and in the lines that lead to them, are they found.
Not here: living members (members.queries), bringing one back (former_members.service).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from app.accounts import queries as accounts
from app.extensions import db
from app.kernel.addresses import identifier_key
from app.models import Account, Membership, Organization, with_ended


def is_member(account: Account, organization: Organization) -> bool:
    """Whether somebody belongs to an organization now."""
    there = select(Membership.id).where(
        Membership.account_id == account.id, Membership.organization_id == organization.id
    )
    return db.session.scalar(there) is not None


def _has_returned() -> ColumnElement[bool]:
    living = aliased(Membership)
    return exists().where(
        living.account_id == Membership.account_id,
        living.organization_id == Membership.organization_id,
        living.ended_at.is_(None),
    )


def former(organization_id: int | None) -> Select[Any]:
    """The query for memberships that ended, of people who are no members now; the last first."""
    return with_ended(
        select(Membership)
        .join(Membership.account)
        .where(
            Membership.organization_id == organization_id,
            Membership.ended_at.is_not(None),
            ~_has_returned(),
        )
        .options(
            contains_eager(Membership.account),
            selectinload(Membership.roles),
            joinedload(Membership.ended_by),
        )
        .order_by(Membership.ended_at.desc(), Membership.id.desc())
    )


def search(organization: Organization, words: str, *, limit: int) -> list[Membership]:
    """The former members whose name, reading, address or login ID contains the words."""
    query = former(organization.id)
    query = accounts.search(query, words) if words else query
    return list(db.session.scalars(query.limit(limit)))


def named(organization: Organization, names: Iterable[str]) -> list[Membership]:
    """Who of these addresses and login IDs was a member, each once, by what ended last."""
    keys = [identifier_key(name) for name in names]
    theirs = or_(Account.email_key.in_(keys), Account.login_id_key.in_(keys))
    found = db.session.scalars(former(organization.id).where(theirs))
    return list({member.account_id: member for member in reversed(found.all())}.values())


def ended(
    account_id: int | None, organization: Organization, *, at: datetime | None = None
) -> Membership | None:
    """The membership of somebody that ended last, or at a moment."""
    theirs = select(Membership).where(
        Membership.account_id == account_id,
        Membership.organization_id == organization.id,
        Membership.ended_at.is_not(None) if at is None else Membership.ended_at == at,
    )
    return db.session.scalars(
        with_ended(theirs.order_by(Membership.ended_at.desc(), Membership.id.desc()).limit(1))
    ).first()
