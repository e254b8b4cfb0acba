"""Filling: the rows of a batch, written before anything is done to them.

Here: from a query in one statement, from the lines of a file, a copy of other rows. Not here: what
becomes of them (slices).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, literal, select

from app.batches import values
from app.extensions import db
from app.models import Batch, BatchRow, RowState
from app.models.membership import within_insert

AT_A_TIME = 1_000
"""Rows of one INSERT."""


@dataclass(frozen=True)
class NewRow:
    """One row of a file."""

    line: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    subject_id: int | None = None
    account_id: int | None = None
    name: str = ""
    problems: tuple[Mapping[str, Any], ...] = ()
    """What reading found wrong with it: {column, code, message}; such a row is invalid at once."""


def fill(batch: Batch, ids: Select[Any]) -> int:
    """Write one row for each id that a query finds, in the order of the ids, in one statement;
    return how many. They are those of this moment, whatever the list shows later.
    """
    found = within_insert(ids.order_by(None)).subquery()
    (key,) = found.c
    number = func.row_number().over(order_by=key)
    copy(batch, select(literal(batch.id), number, key, *EMPTY, literal("")), "name")
    return batch.total


BLANK = ("phase", "state", "outcome", "seen", "plan", "problems")
EMPTY = (
    literal(0),
    literal(str(RowState.PLANNED)),
    literal(""),
    literal(""),
    literal({}, BatchRow.__table__.c.plan.type),
    literal([], BatchRow.__table__.c.problems.type),
)
"""What a row has before anybody looked at it."""


def add_rows(batch: Batch, rows: Iterable[NewRow], *, now: datetime) -> int:
    """Write rows after those that are there, their values sealed; return how many there are."""
    waiting: list[dict[str, Any]] = []
    counts = dict(batch.counts)
    for row in rows:
        state = RowState.INVALID if row.problems else RowState.PLANNED
        counts[state] = counts.get(state, 0) + 1
        batch.total += 1
        waiting.append(
            {
                "batch_id": batch.id,
                "number": batch.total,
                "line": row.line,
                "state": state,
                "subject_id": row.subject_id,
                "account_id": row.account_id,
                "name": row.name,
                "sealed_values": values.seal(row.values, now=now),
                "problems": [dict(one) for one in row.problems],
                "plan": {},
            }
        )
        if len(waiting) == AT_A_TIME:
            db.session.execute(insert(BatchRow), waiting)
            waiting.clear()
    if waiting:
        db.session.execute(insert(BatchRow), waiting)
    batch.counts = {str(name): count for name, count in counts.items()}
    return batch.total


def copy(batch: Batch, chosen: Select[Any], *more: str) -> None:
    """Write rows as a query has them: batch, number, subject, BLANK, and `more`."""
    columns = ["batch_id", "number", "subject_id", *BLANK, *more]
    table = BatchRow.__table__
    db.session.execute(insert(table).from_select(columns, chosen, include_defaults=False))
    batch.total = db.session.scalar(_how_many(batch)) or 0
    batch.counts = {str(RowState.PLANNED): batch.total}


def _how_many(batch: Batch) -> Select[Any]:
    return select(func.count()).select_from(BatchRow).where(BatchRow.batch_id == batch.id)
