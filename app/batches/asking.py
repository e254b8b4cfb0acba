"""Asking: what is looked at before a page asks about the rows of a list.

Here: few rows are checked at once, so that the page names what cannot be done; of many, that is
found when they are run. Not here: the page (views), checks by a worker (checking).
"""

from __future__ import annotations

from datetime import datetime

from app.access.seat import Seat
from app.batches import service
from app.batches.checking import check
from app.batches.kinds import Kind, Work
from app.batches.rows import rows_of, write
from app.models import Batch

FEW = 50


def look(batch: Batch, kind: Kind, *, by: Seat, now: datetime) -> None:
    """Let a batch wait for an answer, few rows checked by whoever asks."""
    if batch.total <= FEW:
        rows = rows_of(batch, FEW, now=now)
        work = Work(batch, batch.organization, by, now)
        kind.prepare(rows, work)
        write(batch, [check(row, kind, work) for row in rows], now=now)
    service.mark_checked(batch, now=now)
