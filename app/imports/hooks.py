"""What is forgotten of an import once it is over: the file, what its rows said, every password.

Here: at the end, and a week later, when the refused rows are no longer offered as a file. Not here:
files that were never imported (jobs.housekeeping).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import delete, select, update

from app.batches import values
from app.extensions import db
from app.imports import drafts, undoing
from app.jobs.steps import until_done
from app.kernel.clock import utcnow
from app.kernel.signals import batch_ended
from app.models import Batch, BatchFile, BatchRow

JOB = "forget-imports"
AT_ONCE = 20
OFFERED_FOR = timedelta(days=7)
"""How long refused rows are offered as a file."""


def connect() -> None:
    """Say what becomes of a file."""
    batch_ended.connect(_forget_done)
    undoing.connect()


def _forget_done(batch: Batch) -> None:
    """Keep only what refused rows said, without their passwords."""
    if batch.kind != drafts.KIND:
        return
    db.session.execute(delete(BatchFile).where(BatchFile.batch_id == batch.id))
    kept = select(BatchRow.number).where(
        BatchRow.batch_id == batch.id, BatchRow.state.in_(drafts.OFFERED)
    )
    db.session.execute(
        update(BatchRow)
        .where(BatchRow.batch_id == batch.id, BatchRow.state.not_in(drafts.OFFERED))
        .values(sealed_values=None)
        .execution_options(synchronize_session=False)
    )
    if "password" in batch.arguments.get("places", {}):
        for number in db.session.scalars(kept).all():
            _without_password(batch.id, number, now=utcnow())


def _without_password(batch_id: int, number: int, *, now: datetime) -> None:
    row = db.session.get_one(BatchRow, (batch_id, number))
    said = values.read(row.sealed_values, now=now)
    if said.pop("password", None) is not None:
        row.sealed_values = values.seal(said, now=now)


def forget_old(now: datetime) -> int:
    """Forget what the refused rows of a week ago said, committing in batches; return of how many
    imports.
    """
    return until_done(partial(_forget_some, now))


def _forget_some(now: datetime) -> int:
    keeps = select(BatchRow.number).where(
        BatchRow.batch_id == Batch.id, BatchRow.sealed_values.is_not(None)
    )
    old = select(Batch).where(
        Batch.kind == drafts.KIND, Batch.finished_at < now - OFFERED_FOR, keeps.exists()
    )
    found = db.session.scalars(old.limit(AT_ONCE)).all()
    for batch in found:
        values.wipe(batch)
    return len(found)
