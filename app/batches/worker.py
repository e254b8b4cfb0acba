"""Worker: batches that wait are taken up, one after the other, and run slice by slice.

Here: the job, and running a small batch within the request that asked for it. Not here: one slice
(slices), who has which batch (leases).
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.batches import leases, slices
from app.batches.kinds import kind_of
from app.batches.leases import Lease
from app.batches.service import JOB
from app.batches.slices import Turn
from app.extensions import db
from app.jobs import queue
from app.jobs.running import DATABASE_AWAY
from app.kernel.clock import utcnow
from app.kernel.i18n import in_language
from app.kernel.tokens import new_public_id
from app.models import Batch

PATIENCE = 20.0
"""Seconds after which the job asks for itself again."""
PAUSE = {"sqlite": 0.03}
"""Seconds between two slices in which whoever waits to write gets their turn: SQLite’s waiters look
every 25 ms, PostgreSQL’s stand in line."""
SHORTEST_PAUSE = 0.005
TRIES = 3
UNEXPECTED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SQLAlchemyError,
    TypeError,
    ValueError,
)
"""What a row of a kind may fail with that its author did not think of."""
FEW = 50
"""Rows that a request runs by itself."""
SECONDS = 1.5
AS_LONG_AS_IT_TAKES = 24 * 60 * 60.0
NAP = 0.5
"""Seconds between two looks at a batch that another worker runs."""

_busy = threading.Lock()
log = logging.getLogger(__name__)


def work(_now: datetime) -> None:
    """Run what waits; one batch at a time in a process, so that letters keep a thread."""
    if not _busy.acquire(blocking=False):
        return
    try:
        deadline = time.monotonic() + PATIENCE
        while (lease := leases.take(utcnow())) is not None:
            if not run(lease, deadline):
                queue.ask(current_app, JOB)
                return
    finally:
        _busy.release()


def run_now(batch: Batch, *, seconds: float = SECONDS) -> None:
    """Run a batch that was committed within this request, as far as that goes, and read it again;
    the worker does the rest.
    """
    batch_id = batch.id
    lease = leases.take(utcnow(), only=batch_id)
    if lease is not None and not run(lease, time.monotonic() + seconds, pause=False):
        queue.ask(current_app, JOB)
    db.session.refresh(batch)


def run_to_end(batch: Batch) -> None:
    """Commit, and run a batch to its end, for a command; where another worker was faster, wait."""
    db.session.commit()
    while not batch.is_over:
        run_now(batch, seconds=AS_LONG_AS_IT_TAKES)
        if not batch.is_over:
            time.sleep(NAP)
            db.session.commit()
            db.session.refresh(batch)


def run(lease: Lease, deadline: float, *, pause: bool = True) -> bool:
    """Run slices until nothing is left, or until the deadline; return whether nothing is left."""
    batch = db.session.get_one(Batch, lease.batch_id)
    turn = Turn(lease, kind_of(batch))
    language = batch.author.language if batch.author is not None else "en"
    rest = PAUSE.get(db.engine.dialect.name, SHORTEST_PAUSE) if pause else 0
    with in_language(language):
        while _one(turn):
            if time.monotonic() > deadline:
                leases.release(lease)
                return False
            time.sleep(rest)
    return True


def _one(turn: Turn) -> bool:
    """Do one slice. One that fails is halved, until the row is found that fails by itself; that
    one is refused in the end, and the others go on.
    """
    try:
        return slices.run(turn)
    except DATABASE_AWAY:
        db.session.rollback()
        raise
    except UNEXPECTED:
        db.session.rollback()
        if turn.size > 1:
            turn.size = max(1, turn.size // 2)
            return True
        turn.failures += 1
        if turn.failures >= TRIES:
            reference = new_public_id()
            log.exception("a row of batch %s fails: %s", turn.lease.batch_id, reference)
            slices.refuse_next(turn, reference)
        return True
