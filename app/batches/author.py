"""Author: who asked for a batch, with the rights of this moment.

Here: the seat of a slice, being it, and why there is none any more. Not here: what the rights allow
(access.policy), each row's own checks (the kinds).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.access import locks
from app.access.authorities import everything
from app.access.context import context
from app.access.policy import may
from app.access.seat import Seat
from app.access.seating import runs_platform
from app.activity import results
from app.batches.kinds import kind_of
from app.extensions import db
from app.models import Account, Batch, Membership, PortalKey
from app.outbox import of_batches
from app.outbox.of_batches import Told


class NotAllowedAnyMore(Exception):
    """The author may not do this now; `trouble` says why."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


def seat_of(batch: Batch, *, now: datetime) -> Seat:
    """Return the seat of a batch's author as things stand. Raises NotAllowedAnyMore."""
    account = _account(batch)
    if account is None or account.is_suspended:
        raise NotAllowedAnyMore("author_gone")
    seat = Seat(
        account,
        organization=batch.organization,
        memberships=_memberships(account),
        via=batch.via,
        key_id=batch.key_id,
    )
    if batch.key_id is None:
        seat.is_platform_administrator = _runs_platform(account)
    else:
        seat.scopes = _scopes(batch.key_id, now=now)
    own = (one for one in seat.memberships if one.organization_id == batch.organization_id)
    seat.membership = next(own, None)
    if not may(seat, batch.permission, batch.view):
        raise NotAllowedAnyMore("rights_lost")
    return seat


def _account(batch: Batch) -> Account | None:
    query = select(Account).where(Account.id == batch.author_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _memberships(account: Account) -> list[Membership]:
    query = select(Membership).where(Membership.account_id == account.id)
    query = query.options(selectinload(Membership.roles))
    return [*db.session.scalars(query.execution_options(populate_existing=True))]


def _runs_platform(account: Account) -> bool:
    return bool(db.session.scalar(select(runs_platform()).where(Account.id == account.id)))


def _scopes(key_id: int, *, now: datetime) -> frozenset[str]:
    key = db.session.get(PortalKey, key_id, populate_existing=True)
    if key is None or not key.works(now):
        raise NotAllowedAnyMore("key_gone")
    return everything() if key.is_whole else key.scopes


@contextmanager
def looking(by: Seat) -> Iterator[None]:
    """Be the author, for whatever asks who is there."""
    before, context().seat = context().seat, by
    try:
        yield
    finally:
        context().seat = before


@contextmanager
def acting(batch: Batch, by: Seat) -> Iterator[None]:
    """The same in their turn; the log puts the rows' lines under one name."""
    with (
        looking(by),
        locks.turn_taken(batch.organization, by=by),
        results.together(batch.public_id),
        of_batches.telling(_told(batch)),
    ):
        yield


def _told(batch: Batch) -> Told:
    """Whose letters they are: those of what can be undone wait until that has had its time."""
    undoes = batch.undo_of.public_id if batch.undo_of is not None else None
    return Told(batch.public_id, kind_of(batch).is_undoable, undoes)
