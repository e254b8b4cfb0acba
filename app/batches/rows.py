"""Rows: reading the next ones of a batch, and writing what became of them.

Here: the rows of one slice, in a statement each way, and the counts. Not here: what is done with
them (slices, checking).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from app.batches import values
from app.batches.kinds import Plan, Row, problems_of
from app.extensions import db
from app.kernel.errors import Refusal
from app.models import Activity, Batch, BatchRow, RowState

WRITE = (
    update(BatchRow.__table__)
    .where(
        BatchRow.__table__.c.batch_id == bindparam("of"),
        BatchRow.__table__.c.number == bindparam("place"),
    )
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "state",
                "outcome",
                "phase",
                "name",
                "account_id",
                "subject_id",
                "seen",
                "plan",
                "problems",
                "activity_id",
                "at",
            )
        }
    )
)


@dataclass
class Done:
    """What became of one row."""

    row: Row
    state: RowState
    plan: Plan = field(default_factory=Plan)
    problems: list[dict[str, str]] = field(default_factory=list)
    line: Activity | None = None


def said(refusal: Refusal) -> list[dict[str, str]]:
    """What a row keeps of a refusal."""
    return [asdict(one) for one in problems_of(refusal)]


def rows_of(batch: Batch, most: int, *, now: datetime, unseen: bool = False) -> list[Row]:
    """Return the next planned rows, `unseen`: that no check has looked at yet."""
    query = select(BatchRow).where(
        BatchRow.batch_id == batch.id, BatchRow.state == RowState.PLANNED
    )
    if unseen:
        query = query.where(BatchRow.at.is_(None)).order_by(BatchRow.number)
    else:
        query = query.order_by(BatchRow.phase, BatchRow.number)
    return [
        Row(
            number=one.number,
            line=one.line,
            values=values.read(one.sealed_values, now=now),
            subject_id=one.subject_id,
            account_id=one.account_id,
            name=one.name,
            plan=one.plan or {},
            seen=one.seen,
        )
        for one in db.session.scalars(query.limit(most).execution_options(populate_existing=True))
    ]


def write(batch: Batch, done: Sequence[Done], *, now: datetime) -> None:
    """Write what became of rows, and count it."""
    counts = dict(batch.counts)
    for one in done:
        counts[RowState.PLANNED] = counts.get(RowState.PLANNED, 0) - 1
        for name in {str(one.state), one.plan.outcome} - {""}:
            counts[name] = counts.get(name, 0) + 1
    if done:
        db.session.execute(WRITE, [_written(batch, one, now) for one in done])
    batch.counts = {str(name): count for name, count in counts.items()}
    batch.moved_at = now


def _written(batch: Batch, one: Done, now: datetime) -> dict[str, Any]:
    row, plan = one.row, one.plan
    return {
        "of": batch.id,
        "place": row.number,
        "new_state": one.state,
        "new_outcome": plan.outcome,
        "new_phase": plan.phase,
        "new_name": (plan.name or row.name)[:400],
        "new_account_id": plan.account_id or row.account_id,
        "new_subject_id": plan.subject_id or row.subject_id,
        "new_seen": plan.seen or row.seen,
        "new_plan": plan.details or dict(row.plan),
        "new_problems": one.problems,
        "new_activity_id": one.line.id if one.line is not None else None,
        "new_at": now,
    }
