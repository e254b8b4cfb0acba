"""Locks: one change of an organization, or of what opens an account, after the other.

Here: waiting for one's turn, and reading again who acts and on whom once it has come. Not here: who
may (access.policy), a lock of an account after wrong passwords (accounts.locking).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload, selectinload

from app.access.seat import Seat
from app.extensions import db
from app.kernel.errors import Forbidden, NotFound, Refusal
from app.kernel.i18n import lazy
from app.kernel.signals import FORESEEN
from app.models import Account, AccountSession, Membership, Organization, PortalKey

TURN, FRESH = "turn of an organization", "members read in this turn"
FACTS = "what was read for many in this turn"


class SessionOver(Refusal):
    """What opens an account is added by a session that lives: whoever ended it meanwhile may have
    meant to shut somebody out.
    """

    status = 403
    text = lazy("This session was ended meanwhile. Sign in again.")


def lock_organization(organization_id: int) -> bool:
    """Make every other change to this organization's power users wait until this transaction ends;
    return whether it is still there.
    """
    db.session.flush()
    locked = (
        update(Organization)
        .where(Organization.id == organization_id)
        .values(code=Organization.code)
        .returning(Organization.id)
    )
    return db.session.scalar(locked, execution_options={"synchronize_session": False}) is not None


def hold_account(account: Account, session: AccountSession | None) -> None:
    """Make every other change to an account wait until this transaction ends, then see that the
    session in use still lives. Raises SessionOver.

    Where an organization is locked, too, that comes first; the account's links, codes, sessions and
    devices come after it.
    """
    lock_account(account.id)
    ended = select(AccountSession.id).where(
        AccountSession.id == (session.id if session is not None else None),
        AccountSession.ended_at.is_not(None),
    )
    if db.session.scalar(ended) is not None:
        raise SessionOver()


def lock_account(*account_ids: int) -> None:
    """Make every other change to these accounts wait until this transaction ends; not what is only
    added to them, such as a membership.
    """
    db.session.flush()
    same_row = update(Account).where(Account.id.in_(account_ids)).values(language=Account.language)
    db.session.execute(same_row, execution_options={"synchronize_session": False})


def wait_turn(organization: Organization, *, by: Seat) -> None:
    """Wait for every other change to an organization, then read the actor as they are now; a key
    may be revoked meanwhile. Raises Forbidden, NotFound.
    """
    if db.session.info.get(TURN) == (organization.id, by.account.id):
        return
    had, was_power = by.authorities, by.is_power
    if not lock_organization(organization.id):
        raise NotFound()
    if by.key_id is not None and not db.session.scalar(
        select(PortalKey.id).where(PortalKey.id == by.key_id, PortalKey.revoked_at.is_(None))
    ):
        raise Forbidden()
    own = by.membership
    if own is not None and not _refreshed(own):
        by.membership, by.memberships = None, [one for one in by.memberships if one is not own]
        raise Forbidden()
    if by.account.is_suspended or not by.holds(had, power=was_power):
        raise Forbidden()


def look_again(membership: Membership, *, by: Seat) -> None:
    """Wait for every other change to the organization's members, then read this member and the
    actor as they are now.

    Of two requests at once the second sees what the first did. Raises NotFound where the member is
    gone, Forbidden where the actor has less than when the request was let in.
    """
    wait_turn(membership.organization, by=by)
    if membership.id in db.session.info.get(FRESH, ()):
        if membership.has_ended:
            raise NotFound()
        return
    if not _refreshed(membership):
        raise NotFound()


def _refreshed(membership: Membership) -> bool:
    """Read a membership, its account and its roles as they are now; False where it is gone."""
    whole = [selectinload(Membership.roles), joinedload(Membership.account)]
    return (
        db.session.get(Membership, membership.id, options=whole, populate_existing=True) is not None
    )


@contextmanager
def turn_taken(organization: Organization | None, *, by: Seat) -> Iterator[None]:
    """Let the verbs of one transaction, which has locked the organization and read the actor since,
    do without waiting and reading again (batches.slices).
    """
    info = db.session.info
    info[TURN] = (organization.id if organization else None, by.account.id)
    info[FRESH], info[FACTS] = set(), {}
    try:
        yield
    finally:
        info.pop(TURN, None)
        info.pop(FRESH, None)
        info.pop(FACTS, None)
        info.pop(FORESEEN, None)


def facts(name: str) -> dict[int, Any]:
    """What was read for many in this turn, by the ids of what it is about; kept outside of a turn
    by nobody.
    """
    kept: dict[str, dict[int, Any]] = db.session.info.get(FACTS, {})
    return kept.setdefault(name, {})


def members_in_turn(ids: Iterable[int]) -> dict[int, Membership]:
    """Read members that the verbs of this turn are about, as they are now, in two statements."""
    query = select(Membership).where(Membership.id.in_([*ids]))
    whole = [
        selectinload(Membership.roles),
        joinedload(Membership.account),
        joinedload(Membership.organization),
    ]
    query = query.options(*whole).execution_options(populate_existing=True)
    found = {one.id: one for one in db.session.scalars(query)}
    if FRESH in db.session.info:
        db.session.info[FRESH] |= found.keys()
    return found
