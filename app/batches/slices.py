"""Slices: one short transaction of a batch, in which some rows are done, or checked, and say so.

Here: what stands in that transaction, in its order. Not here: which batch, how many slices
(worker), the lease itself (leases).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.access import locks
from app.activity import results
from app.batches import author, ending, leases, service
from app.batches.author import NotAllowedAnyMore
from app.batches.checking import check_some
from app.batches.kinds import UNCHANGED, ChangedSinceCheck, Kind, Plan, Row, Work
from app.batches.leases import Lease
from app.batches.rows import Done, rows_of, said, write
from app.extensions import db
from app.kernel.clock import utcnow
from app.kernel.errors import Refusal
from app.models import Batch, BatchState, RowState

MOST = 50
"""Rows of one slice."""
LONGEST = 0.08
"""Seconds after which a slice takes no further row: SQLite has one writer, who waits meanwhile."""


@dataclass
class Turn:
    """What one worker knows of the batch in its hands."""

    lease: Lease
    kind: Kind
    size: int = MOST
    memory: dict[str, Any] = field(default_factory=dict)
    failures: int = 0
    """How often the first row of the next slice has failed by itself."""


def run(turn: Turn) -> bool:
    """Do one slice and commit; return whether there is more. The caller rolls back what is
    raised.
    """
    db.session.info[results.TOLD_LATER] = True
    try:
        return _slice(turn, utcnow())
    finally:
        db.session.info.pop(results.TOLD_LATER, None)


def _slice(turn: Turn, now: datetime) -> bool:
    db.session.rollback()  # a transaction that has read cannot wait for its turn on SQLite
    if not leases.renew(turn.lease, now=now):
        db.session.rollback()
        return False
    batch = db.session.get_one(Batch, turn.lease.batch_id, populate_existing=True)
    if batch.state is BatchState.CHECKING:
        more = check_some(batch, turn.kind, turn.memory, now=now)
    elif batch.cancel_asked_at is not None:
        more = ending.stop(batch, "asked", now=now)
    else:
        more = _run_some(turn, batch, turn.kind, now)
    db.session.commit()
    return more


def refuse_next(turn: Turn, reference: str) -> None:
    """Refuse the next row, which has failed again and again, and commit: the rest goes on."""
    now = utcnow()
    if not leases.renew(turn.lease, now=now):
        db.session.rollback()
        return
    batch = db.session.get_one(Batch, turn.lease.batch_id, populate_existing=True)
    [row] = rows_of(batch, 1, now=now)
    problem = {"column": "", "code": "unexpected", "message": reference}
    state = RowState.INVALID if batch.state is BatchState.CHECKING else RowState.REFUSED
    write(batch, [Done(row, state, problems=[problem])], now=now)
    turn.failures = 0
    db.session.commit()


def _run_some(turn: Turn, batch: Batch, kind: Kind, now: datetime) -> bool:
    if batch.organization_id is not None:
        locks.lock_organization(batch.organization_id)
    try:
        by = author.seat_of(batch, now=now)
    except NotAllowedAnyMore as gone:
        return ending.stop(batch, gone.trouble, now=now)
    work = Work(batch, batch.organization, by, now, turn.memory)
    rows = rows_of(batch, batch.total if is_one_go(batch) else turn.size, now=now)
    with author.acting(batch, by):
        kind.prepare(rows, work)
        done = _each(rows, kind, work)
    if batch.is_whole and any(one.state is RowState.REFUSED for one in done):
        return _give_up(turn, done, now=now)
    write(batch, done, now=now)
    turn.size = min(MOST, max(len(done) * 2, 5))
    turn.failures = 0
    if len(done) < len(rows) or batch.count(RowState.PLANNED):
        return True
    return ending.finish(batch, kind, by=by, now=now)


def _give_up(turn: Turn, done: Sequence[Done], *, now: datetime) -> bool:
    """All or nothing, and one row was refused: what this transaction did is undone with it, what
    was done before is taken back by a batch of its own.
    """
    db.session.rollback()
    if not leases.renew(turn.lease, now=now):
        return False
    batch = db.session.get_one(Batch, turn.lease.batch_id, populate_existing=True)
    write(batch, [one for one in done if one.state is RowState.REFUSED], now=now)
    ending.stop(batch, "refused", now=now)
    if batch.count(RowState.DONE):
        service.undo(batch, by=author.seat_of(batch, now=now), now=now)
    return False


def _each(rows: Sequence[Row], kind: Kind, work: Work) -> list[Done]:
    """Act on rows until the slice has lasted long enough."""
    started, done = time.monotonic(), []
    is_in_one = is_one_go(work.batch)
    for row in rows:
        done.append(_act(row, kind, work))
        if time.monotonic() - started > LONGEST and not is_in_one:
            break
    db.session.flush()
    return done


def is_one_go(batch: Batch) -> bool:
    """Whether all rows stand in one transaction: all or nothing, and few."""
    return batch.is_whole and batch.total <= ending.IN_ONE_GO


def _act(row: Row, kind: Kind, work: Work) -> Done:
    with results.witnessed() as lines:
        try:
            plan = kind.check(row, work)
            if row.seen and plan.seen and row.seen != plan.seen:
                raise ChangedSinceCheck()
            if plan.outcome == UNCHANGED:
                return Done(row, RowState.UNCHANGED, plan)
            with db.session.begin_nested():
                kind.act(row, plan, work)
        except Refusal as refusal:
            return Done(row, RowState.REFUSED, Plan("", name=row.name), said(refusal))
    main = results.main_lines(lines)[:1] if lines else []
    return Done(row, RowState.DONE, plan, line=main[0] if main else None)
