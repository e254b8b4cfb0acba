"""Slices: one short transaction of a batch, in which some rows are done, or checked, and say so.

Here: what stands in that transaction, in its order. Not here: which batch, how many slices
(worker), the lease itself (leases).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.access import locks
from app.activity import results
from app.batches import acting, author, ending, leases, service
from app.batches.author import NotAllowedAnyMore
from app.batches.checking import check_some
from app.batches.kinds import Kind, Row, Work
from app.batches.leases import Lease
from app.batches.rows import Done, rows_of, write
from app.extensions import db
from app.kernel.clock import utcnow
from app.models import Batch, BatchState, RowState

MOST = 50
"""Rows of one slice."""
FIRST = 10
"""Rows of the first slice of a kind that acts on many together; it is fitted to the clock then."""
LONGEST = 0.1
"""Seconds after which a slice takes no further row: SQLite has one writer, who waits meanwhile."""


@dataclass
class Turn:
    """What one worker knows of the batch in its hands."""

    lease: Lease
    kind: Kind
    size: int = 0
    memory: dict[str, Any] = field(default_factory=dict)
    failures: int = 0
    """How often the first row of the next slice has failed by itself."""

    def __post_init__(self) -> None:
        self.size = self.size or (MOST if self.kind.act_many is None else FIRST)


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
    _foresee(turn, now)
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


def _foresee(turn: Turn, now: datetime) -> None:
    """Let a kind work out beforehand what would hold up others within the slice."""
    if turn.kind.foresee is None:
        return
    batch = db.session.get_one(Batch, turn.lease.batch_id, populate_existing=True)
    if batch.state is BatchState.RUNNING:
        most = batch.total if is_one_go(batch) else turn.size
        turn.kind.foresee(batch, lambda: rows_of(batch, most, now=now), turn.memory)


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
        done = _each(rows, turn, work)
    if batch.is_whole and any(one.state is RowState.REFUSED for one in done):
        return _give_up(turn, done, now=now)
    write(batch, done, now=now)
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


def _each(rows: Sequence[Row], turn: Turn, work: Work) -> list[Done]:
    """Act on rows until the slice has lasted long enough."""
    started, done = time.monotonic(), list[Done]()
    is_in_one, kind = is_one_go(work.batch), turn.kind
    kind.prepare(rows, work)
    for some in _groups(rows, kind):
        done.extend(acting.act(some, kind, work))
        if time.monotonic() - started > LONGEST and not is_in_one:
            break
    db.session.flush()
    turn.size = _fitting(turn, len(done), time.monotonic() - started)
    return done


def _fitting(turn: Turn, done: int, seconds: float) -> int:
    """How many rows the next slice reads: what it does together must fit into its time."""
    if turn.kind.act_many is None:
        return min(MOST, max(done * 2, 5))
    fits = int(done * LONGEST / max(seconds, 0.001))
    return min(MOST, max(min(fits, done * 2), FIRST))


def _groups(rows: Sequence[Row], kind: Kind) -> Iterator[Sequence[Row]]:
    if kind.act_many is not None:
        yield rows
    else:
        yield from ([row] for row in rows)


def is_one_go(batch: Batch) -> bool:
    """Whether all rows stand in one transaction: all or nothing, and few."""
    return batch.is_whole and batch.total <= ending.IN_ONE_GO
