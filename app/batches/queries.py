"""Batches' questions to the database.

Here: reading rows and neighbours. Not here: changing anything (service, slices).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select

from app.extensions import db
from app.models import Batch, BatchRow, BatchState, RowState

TELLING = (RowState.REFUSED, RowState.INVALID)
"""What a result page shows before anything is asked for."""


def rows(batch: Batch, state: RowState | None, *, most: int) -> list[BatchRow]:
    """Return rows in one state; without one those that need somebody, where the batch is over."""
    query = select(BatchRow).where(BatchRow.batch_id == batch.id)
    if state is not None:
        query = query.where(BatchRow.state == state)
    elif batch.is_over:
        query = query.where(BatchRow.state.in_(TELLING))
    return [*db.session.scalars(query.order_by(BatchRow.number).limit(most))]


def page(batch: Batch, states: Iterable[RowState], *, start: int, most: int) -> list[BatchRow]:
    """Return some rows in these states, in their order."""
    query = select(BatchRow).where(BatchRow.batch_id == batch.id, BatchRow.state.in_([*states]))
    return [*db.session.scalars(query.order_by(BatchRow.number).offset(start).limit(most))]


def before(batch: Batch) -> Batch | None:
    """Return the batch that a queued one waits for."""
    if batch.state is not BatchState.QUEUED:
        return None
    running = select(Batch).where(
        Batch.organization_id == batch.organization_id, Batch.state == BatchState.RUNNING
    )
    return db.session.scalars(running.limit(1)).first()


def subjects(batch: Batch) -> Select[Any]:
    """The ids that a batch's planned rows stand for, as a part of a statement."""
    return select(BatchRow.subject_id).where(
        BatchRow.batch_id == batch.id, BatchRow.state == RowState.PLANNED
    )
