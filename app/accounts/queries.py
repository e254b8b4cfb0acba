"""Accounts' questions to the database: who runs the platform, where somebody belongs, which rows of
the list.

Here: reading, in bounded statements. Not here: changing anything (accounts.service).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.access import locks
from app.access.seat import Seat
from app.access.seating import runs_platform
from app.accounts import locking
from app.accounts.locking import ACTIVE, NEVER, SUSPENDED
from app.extensions import db
from app.kernel.addresses import email_key, searched_email
from app.kernel.text import search_key
from app.models import Account, Activity, Membership, with_ended
from app.search_index.entries import PEOPLE
from app.search_index.finding import is_found, narrow

_STATES: dict[str, ColumnElement[bool]] = {
    ACTIVE: and_(Account.suspended_at.is_(None), Account.last_sign_in_at.is_not(None)),
    NEVER: and_(Account.suspended_at.is_(None), Account.last_sign_in_at.is_(None)),
    SUSPENDED: Account.suspended_at.is_not(None),
    locking.LOCKED: locking.locked_now(),
}

ORGANIZATIONS, PLATFORM = "organizations of accounts", "accounts that run the platform"
ABOUT_ACCOUNTS = ("account_", "password_", "sessions_", "two_factor_")
"""How the names of the events begin whose subject is an account."""


@dataclass(frozen=True)
class Listed:
    """A row of the list."""

    account: Account
    organizations: int
    runs_platform: bool
    is_you: bool
    state: str


def is_platform_administrator(account: Account) -> bool:
    """Whether an account is a platform administrator's."""
    known: bool | None = locks.facts(PLATFORM).get(account.id)
    if known is not None:
        return known
    return bool(db.session.scalar(select(runs_platform()).where(Account.id == account.id)))


def other_administrators(account: Account) -> int:
    """How many other platform administrators can sign in."""
    return (
        db.session.scalar(
            select(func.count(Account.id)).where(
                runs_platform(), Account.id != account.id, Account.suspended_at.is_(None)
            )
        )
        or 0
    )


def organizations_of(account: Account) -> list[int]:
    """The ids of the organizations an account belongs to, in order."""
    known: list[int] | None = locks.facts(ORGANIZATIONS).get(account.id)
    if known is not None:
        return known
    return list(
        db.session.scalars(
            select(Membership.organization_id)
            .where(Membership.account_id == account.id)
            .order_by(Membership.organization_id)
        )
    )


def read_in_turn(accounts: Iterable[Account]) -> None:
    """Read for many at once what the checks of this turn ask of each."""
    ids = [account.id for account in accounts]
    places: dict[int, list[int]] = {pk: [] for pk in ids}
    belongs = select(Membership.account_id, Membership.organization_id)
    belongs = belongs.where(Membership.account_id.in_(ids)).order_by(Membership.organization_id)
    for pk, organization_id in db.session.execute(belongs):
        places[pk].append(organization_id)
    running = select(Account.id).where(Account.id.in_(ids), runs_platform())
    administrators = frozenset(db.session.scalars(running))
    locks.facts(ORGANIZATIONS).update(places)
    locks.facts(PLATFORM).update({pk: pk in administrators for pk in ids})


def memberships_of(account: Account) -> list[Membership]:
    """An account's memberships with their organizations, in the order of joining."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.account_id == account.id)
            .options(joinedload(Membership.organization))
            .order_by(Membership.id)
        )
    )


def former_memberships_of(account: Account) -> list[Membership]:
    """The memberships of an account that ended, the last first, with their organizations."""
    theirs = (
        select(Membership)
        .where(Membership.account_id == account.id, Membership.ended_at.is_not(None))
        .options(joinedload(Membership.organization))
        .order_by(Membership.ended_at.desc(), Membership.id.desc())
    )
    return list(db.session.scalars(with_ended(theirs)))


def search(query: Select[Any], words: str) -> Select[Any]:
    """Narrow to accounts whose name, reading, address or login ID contains every word, however it
    is written (S2-05).
    """
    return query.where(matches(words))


def found(query: Select[Any], words: str) -> Select[Any]:
    """The same for a list of accounts, of which no more are looked at than are shown."""
    several = spellings(words)
    if len(several) > 1:
        return query.where(matches(words))
    narrowed: Select[Any] = narrow(query, Account.id, PEOPLE, words, None)
    return narrowed


def matches(
    words: str, *, key: Any = Account.id, organization_id: int | None = None
) -> ColumnElement[bool]:
    """Whether an account contains the words; an address by either spelling of its domain."""
    return or_(
        *(
            is_found(key, PEOPLE, spelling, organization_id=organization_id)
            for spelling in spellings(words)
        )
    )


def spellings(words: str) -> list[str]:
    """What was typed, and with the domain of an address as it is kept."""
    spelled = searched_email(words)
    return [words] if search_key(spelled) == search_key(words) else [words, spelled]


def in_states(query: Select[Any], chosen: Sequence[str]) -> Select[Any]:
    """Narrow to accounts in these states; with none chosen the suspended are hidden (S2-06)."""
    return (
        query.where(or_(*(_STATES[state] for state in chosen)))
        if chosen
        else query.where(Account.suspended_at.is_(None))
    )


def listed(accounts: Sequence[Account], *, for_whom: Seat | None, now: datetime) -> list[Listed]:
    """Say of each account in how many organizations it is and whether it runs the platform, in one
    statement; whether it is the reader's, and its state.
    """
    belongs = (
        select(func.count(Membership.id))
        .where(Membership.account_id == Account.id)
        .correlate(Account)
        .scalar_subquery()
    )
    ids = [account.id for account in accounts]
    found = {
        row[0]: row
        for row in db.session.execute(
            select(Account.id, belongs, runs_platform()).where(Account.id.in_(ids))
        )
    }
    own = for_whom.account.id if for_whom is not None else 0
    return [
        Listed(
            one,
            int(found[one.id][1]),
            bool(found[one.id][2]),
            is_you=one.id == own,
            state=locking.state_of(one, now=now),
        )
        for one in accounts
    ]


def timeline(account: Account, *, limit: int) -> list[Activity]:
    """The last lines of the log about an account; what stands in the log of each of its
    organizations counts once.
    """
    where = or_(
        Activity.organization_id.in_(organizations_of(account)), Activity.organization_id.is_(None)
    )
    about = or_(
        *(Activity.event.startswith(beginning, autoescape=True) for beginning in ABOUT_ACCOUNTS)
    )
    lines = db.session.scalars(
        select(Activity)
        .where(where, Activity.subject_id == account.id, about)
        .order_by(Activity.happened_at.desc(), Activity.id.desc())
        .limit(limit * 5)
    )
    return _once(lines)[:limit]


def _once(lines: Iterable[Activity]) -> list[Activity]:
    return list({(line.event, line.happened_at, line.actor_id): line for line in lines}.values())


def sharing_mailboxes() -> list[tuple[Account, Account]]:
    """Return the accounts whose address is another account's mailbox in another spelling, each with
    that account: the upgrade to keys per mailbox left them so (docs/operating.md).
    """
    others = select(Account).where(Account.email_key.like("% account %")).order_by(Account.id)
    pairs = []
    for other in db.session.scalars(others):
        owner = db.session.scalar(
            select(Account).where(Account.email_key == email_key(other.email))
        )
        if owner is not None:
            pairs.append((other, owner))
    return pairs
