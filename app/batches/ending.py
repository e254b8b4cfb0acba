"""Ending: what a batch says when its last slice is done, or it stops before.

Here: finished, stopped; the line of the log that heads the rows' lines. Not here:
slices (slices), undo that somebody asks for (service.undo).
"""

from __future__ import annotations

from datetime import datetime

from app.access.seat import Seat
from app.activity import results
from app.activity import service as activity
from app.batches import service
from app.batches.kinds import KINDS, Kind
from app.extensions import db
from app.kernel.signals import batch_ended
from app.models import Batch, BatchState, RowState
from app.outbox import after_commit, of_batches

IN_ONE_GO = 500
"""Rows up to which all or nothing is one transaction."""


def finish(batch: Batch, kind: Kind, *, by: Seat, now: datetime) -> bool:
    """Every row is done; say so. Nothing is left to do."""
    _over(batch, BatchState.FINISHED, "", now=now)
    _head(batch, kind, by=by, now=now)
    return False


def close(batch: Batch, *, now: datetime) -> None:
    """Nothing was there to do, so it is over, without a line in the log."""
    _over(batch, BatchState.FINISHED, "", now=now)


def stop(batch: Batch, trouble: str, *, now: datetime) -> bool:
    """Stop before the end; the rows that are left are cancelled. Nothing is left to do."""
    _over(batch, BatchState.CANCELLED, trouble, now=now)
    service.leave_rest(batch, now=now)
    return False


def _over(batch: Batch, state: BatchState, trouble: str, *, now: datetime) -> None:
    batch.state, batch.trouble, batch.finished_at, batch.lease_until = state, trouble, now, None
    if batch.kind in KINDS and KINDS[batch.kind].is_undoable:
        of_batches.release(batch.public_id, now=now)
    after_commit.run_job(service.JOB)  # another one may wait behind it
    db.session.flush()
    batch_ended.send(batch)


def _head(batch: Batch, kind: Kind, *, by: Seat, now: datetime) -> None:
    count = batch.count(RowState.DONE)
    if kind.event is None or count < 2:
        return
    with results.together(batch.public_id):
        line = activity.record(
            kind.event,
            now=now,
            by=by,
            organization=batch.organization,
            count=count,
            refused=batch.count(RowState.REFUSED),
            kind=batch.kind,
        )
    db.session.flush()
    batch.heading_id = line.id
