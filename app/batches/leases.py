"""Leases: which worker has a batch, and until when.

Here: taking a batch that is free, renewing by the token, letting go. Whoever does not hold the
token of the moment writes nothing. Not here: what is done meanwhile (slices).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from app.extensions import db
from app.kernel.tokens import new_public_id
from app.models import Batch, BatchState
from app.models.batch import WAITING

LEASE = timedelta(seconds=60)
"""After it, another worker may take the batch up."""


@dataclass(frozen=True)
class Lease:
    """One worker's hold of one batch."""

    batch_id: int
    token: str


def take(now: datetime, *, only: int | None = None) -> Lease | None:
    """Take the batch that has waited longest, or `only` one, and commit; None where none is free.

    A batch is queued behind one that runs in its organization.
    """
    it = aliased(Batch)
    which = select(it.id).where(_is_ready(it), _is_free(it, now)).limit(1)
    which = which.order_by(it.state == BatchState.QUEUED, it.confirmed_at, it.id)
    if only is not None:
        which = which.where(it.id == only)
    which = which.with_for_update(skip_locked=True)
    token, is_queued = new_public_id(), Batch.state == BatchState.QUEUED
    taken = (
        update(Batch)
        .where(Batch.id == which.scalar_subquery(), _is_free(Batch, now), Batch.state.in_(WAITING))
        .values(
            lease_until=now + LEASE,
            lease_token=token,
            attempts=Batch.attempts + 1,
            state=case((is_queued, str(BatchState.RUNNING)), else_=Batch.state),
            started_at=func.coalesce(Batch.started_at, now),
            moved_at=now,
        )
        .returning(Batch.id)
        .execution_options(synchronize_session=False)
    )
    try:
        batch_id = db.session.scalar(taken)
    except IntegrityError:  # two workers, two batches of one organization
        db.session.rollback()
        return None
    db.session.commit()
    return Lease(batch_id, token) if batch_id is not None else None


def renew(lease: Lease, *, now: datetime) -> bool:
    """Hold a batch for another while, until the caller's transaction ends and after it; False where
    somebody else has it by now, or it is over.
    """
    held = and_(Batch.id == lease.batch_id, Batch.lease_token == lease.token)
    renewed = (
        update(Batch)
        .where(held, Batch.state.in_(WAITING))
        .values(lease_until=now + LEASE)
        .returning(Batch.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalar(renewed) is not None


def release(lease: Lease) -> None:
    """Let go of a batch, so that whoever comes first goes on at once."""
    db.session.execute(
        update(Batch)
        .where(Batch.id == lease.batch_id, Batch.lease_token == lease.token)
        .values(lease_until=None)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()


def _is_free(it: Any, now: datetime) -> ColumnElement[bool]:
    return or_(it.lease_until.is_(None), it.lease_until < now)


def _is_ready(it: Any) -> ColumnElement[bool]:
    """The condition that there is something to do, and nothing before it in its organization."""
    other = aliased(Batch)
    is_busy = exists().where(
        other.organization_id == it.organization_id, other.state == BatchState.RUNNING
    )
    return and_(it.state.in_(WAITING), or_(it.state != BatchState.QUEUED, ~is_busy))
