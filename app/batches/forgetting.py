"""Forgetting: what a batch keeps of people goes after a while, and with the people.

Here: rows of batches that are over, or were never confirmed; rows about an account that is deleted.
Not here: the batches themselves, which stay as long as the log (log_integrity) or are swept
(jobs.housekeeping).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from app.extensions import db
from app.jobs.steps import until_done
from app.kernel import signals
from app.kernel.signals import Hook
from app.models import Account, Batch, BatchRow, BatchState

JOB = "forget-batches"
KEPT = timedelta(days=30)
"""As long as a batch can be taken back, which needs its rows."""
UNANSWERED = timedelta(days=1)
AT_ONCE = 1_000


def connect() -> None:
    """Say what becomes of rows about somebody whose account is deleted."""
    signals.account_deleted.hooks["batches"] = Hook(_blank)


def forget_old(now: datetime) -> int:
    """Delete rows that have had their time, a thousand in a transaction; return how many."""
    return until_done(partial(_forget_some, now))


def _forget_some(now: datetime) -> int:
    unanswered = Batch.state.in_((BatchState.DRAFT, BatchState.CHECKED))
    over = or_(
        Batch.finished_at < now - KEPT, and_(unanswered, Batch.created_at < now - UNANSWERED)
    )
    has_rows = select(BatchRow.number).where(BatchRow.batch_id == Batch.id).exists()
    batch_id = db.session.scalar(select(Batch.id).where(over, has_rows).limit(1))
    if batch_id is None:
        return 0
    some = select(BatchRow.number).where(BatchRow.batch_id == batch_id).limit(AT_ONCE)
    gone: Any = db.session.execute(
        delete(BatchRow)
        .where(BatchRow.batch_id == batch_id, BatchRow.number.in_(some))
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)


def _blank(account: Account, **_told: Any) -> None:
    """Their name, what a file said of them, and why they were refused."""
    db.session.execute(
        update(BatchRow)
        .where(BatchRow.account_id == account.id)
        .values(name="", sealed_values=None, plan={}, problems=[], account_id=None)
        .execution_options(synchronize_session=False)
    )
