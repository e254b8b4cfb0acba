"""Which keys: an organization's, a member's, one's own.

Here: filters, who holds what. Not here: writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from app.accounts import queries as accounts
from app.extensions import db
from app.kernel.errors import pick
from app.kernel.text import fold
from app.models import Account, Membership, Organization, PortalKey
from app.models.portal_key import is_working

WORKING, EXPIRED, REVOKED = "working", "expired", "revoked"
MOST_SHOWN = 100
MOST_HOLDERS = 200


def state_of(key: PortalKey, *, now: datetime) -> str:
    """Whether a key works, has expired or was revoked."""
    if key.revoked_at is not None:
        return REVOKED
    return WORKING if key.works(now) else EXPIRED


def in_states(query: Select[Any], states: Sequence[str], *, now: datetime) -> Select[Any]:
    """Keep keys in these states; with none chosen, those that work."""
    return query.where(or_(*(_is(state, now) for state in states or (WORKING,))))


def held_by(query: Select[Any], holders: Sequence[str]) -> Select[Any]:
    """Keep the keys of one account."""
    return query.where(PortalKey.account_id == int(holders[0]))


def search(query: Select[Any], words: str) -> Select[Any]:
    """Keep keys whose name, beginning or holder contains the words."""
    named = PortalKey.name.icontains(words, autoescape=True)
    begins = PortalKey.prefix.contains(fold(words), autoescape=True)
    return query.where(or_(named, begins, accounts.matches(words)))


def holders(organization: Organization) -> list[Account]:
    """Whoever has, or had, a key for an organization."""
    held = select(PortalKey.account_id).where(PortalKey.organization_id == organization.id)
    return list(
        db.session.scalars(
            select(Account)
            .where(Account.id.in_(held))
            .order_by(Account.sort_key, Account.id)
            .limit(MOST_HOLDERS)
        )
    )


def memberships(keys: Iterable[PortalKey]) -> dict[int, Membership]:
    """The memberships of these keys' holders in their one organization, by account, in one
    statement.
    """
    these = list(keys)
    if not these:
        return {}
    ids = {key.account_id for key in these}
    found = select(Membership).where(
        Membership.organization_id == these[0].organization_id, Membership.account_id.in_(ids)
    )
    return {membership.account_id: membership for membership in db.session.scalars(found)}


def of_account(
    account: Account, organization: Organization | None = None, *, now: datetime
) -> list[PortalKey]:
    """An account's keys that were not revoked, for one organization or for all: those that work, by
    when they expire, then the expired.
    """
    query = (
        _of(account)
        if organization is None
        else _of(account).where(PortalKey.organization_id == organization.id)
    )
    return list(
        db.session.scalars(
            query.order_by(PortalKey.expires_at <= now, PortalKey.expires_at, PortalKey.id).limit(
                MOST_SHOWN
            )
        )
    )


def own(account: Account, pk: str) -> PortalKey:
    """One of an account's own keys that were not revoked, by its id, however many it has.

    Raises NotFound.
    """
    return pick(db.session.scalars(_of(account)), pk)


def in_use(key_id: int | None) -> PortalKey:
    """The key of a request that was let in with it."""
    return db.session.scalars(select(PortalKey).where(PortalKey.id == key_id)).one()


def _of(account: Account) -> Select[tuple[PortalKey]]:
    """An account's keys that were not revoked, with their organizations."""
    return (
        select(PortalKey)
        .where(PortalKey.account_id == account.id, PortalKey.revoked_at.is_(None))
        .options(joinedload(PortalKey.organization))
    )


def _is(state: str, now: datetime) -> ColumnElement[bool]:
    if state == REVOKED:
        return PortalKey.revoked_at.is_not(None)
    return (
        and_(PortalKey.revoked_at.is_(None), PortalKey.expires_at <= now)
        if state == EXPIRED
        else is_working(now)
    )
