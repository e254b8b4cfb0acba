"""Checking: looking at rows before anything is done, by the code that the run asks again.

Here: one slice of a check, one row. Not here: the run (slices).
"""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.batches import author, ending
from app.batches.author import NotAllowedAnyMore
from app.batches.kinds import SIMULATES, Kind, Plan, Row, Work
from app.batches.rows import Done, rows_of, said, write
from app.extensions import db
from app.kernel.errors import Refusal
from app.models import Batch, BatchRow, BatchState, RowState


def check_some(
    batch: Batch, kind: Kind, memory: MutableMapping[str, Any], *, now: datetime
) -> bool:
    """Check the next rows; return whether there are more."""
    if not memory.get("begun"):
        begin_again(batch)
        memory["begun"] = memory[SIMULATES] = True
    try:
        by = author.seat_of(batch, now=now)
    except NotAllowedAnyMore as gone:
        return ending.stop(batch, gone.trouble, now=now)
    work = Work(batch, batch.organization, by, now, memory)
    rows = rows_of(batch, kind.slice_of_check, now=now, unseen=True)
    with author.looking(by):
        kind.prepare(rows, work)
        done = [check(row, kind, work) for row in rows]
    write(batch, done, now=now)
    left = rows_of(batch, 1, now=now, unseen=True)
    if not left:
        batch.state, batch.checked_at, batch.lease_until = BatchState.CHECKED, now, None
    return bool(left)


def check(row: Row, kind: Kind, work: Work) -> Done:
    """Look at one row; what is wrong with it is said at it."""
    try:
        plan = kind.check(row, work)
    except Refusal as refusal:
        return Done(row, RowState.INVALID, Plan("", name=row.name), said(refusal))
    return Done(row, RowState.PLANNED, plan)


def begin_again(batch: Batch) -> None:
    """What an earlier check found does not count: what it remembered is gone."""
    was = BatchRow.state.in_((RowState.PLANNED, RowState.INVALID)) & BatchRow.at.is_not(None)
    db.session.execute(
        update(BatchRow)
        .where(BatchRow.batch_id == batch.id, was)
        .values(state=RowState.PLANNED, problems=[], outcome="", at=None)
        .execution_options(synchronize_session=False)
    )
    query = select(BatchRow.state).where(BatchRow.batch_id == batch.id)
    states = [str(one) for one in db.session.scalars(query)]
    batch.counts = {name: states.count(name) for name in set(states)}
