"""Waiting: batches whose turn has not come, of one author, or for too long.

Here: stopping those of somebody whose sessions were all ended, finding one that does not move. Not
here: rights that were lost (author), which each slice looks at.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from app.batches import ending
from app.extensions import db
from app.models import Account, Batch, BatchState
from app.models.batch import WAITING

TOO_LONG = timedelta(minutes=10)


def stop_those_of(account: Account, *, now: datetime) -> None:
    """Stop what somebody confirmed in a browser and has not begun: whoever ends all sessions may
    mean one that was not the owner’s.
    """
    queued = select(Batch).where(
        Batch.author_id == account.id,
        Batch.state == BatchState.QUEUED,
        Batch.key_id.is_(None),
    )
    for batch in db.session.scalars(queued).all():
        ending.stop(batch, "sessions_ended", now=now)


def stuck_since(now: datetime) -> datetime | None:
    """Return since when a batch has not moved although nothing is before it; None where all do."""
    other = aliased(Batch)
    is_behind = (
        select(other.id)
        .where(other.organization_id == Batch.organization_id, other.state == BatchState.RUNNING)
        .exists()
    )
    since = func.coalesce(Batch.moved_at, Batch.confirmed_at, Batch.created_at)
    found: datetime | None = db.session.scalar(
        select(func.coalesce(Batch.moved_at, Batch.confirmed_at, Batch.created_at))
        .where(
            Batch.state.in_(WAITING),
            or_(Batch.state != BatchState.QUEUED, ~is_behind),
            since < now - TOO_LONG,
        )
        .order_by(since)
        .limit(1)
    )
    return found
