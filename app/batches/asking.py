"""Asking: what is looked at before a page asks about the rows of a list.

Here: few rows are checked at once, so that the page names what cannot be done; of many, that is
found when they are run. Not here: the page (views), checks by a worker (checking).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.access.seat import Seat
from app.batches import service
from app.batches.checking import begin_again, check
from app.batches.kinds import SIMULATES, Kind, Work
from app.batches.rows import rows_of, write
from app.models import Batch, RowState

FEW = 50


def look(batch: Batch, kind: Kind, *, by: Seat, now: datetime) -> None:
    """Let a batch wait for an answer, few rows checked by whoever asks."""
    if batch.total <= FEW:
        rows = rows_of(batch, FEW, now=now)
        work = Work(batch, batch.organization, by, now, {SIMULATES: True})
        kind.prepare(rows, work)
        write(batch, [check(row, kind, work) for row in rows], now=now)
    service.mark_checked(batch, now=now)


def finds_more(
    batch: Batch, kind: Kind, arguments: Mapping[str, Any], *, by: Seat, now: datetime
) -> bool:
    """Look at few rows again with what was chosen for them; return whether more of them cannot be
    done than the page has said.
    """
    if batch.total > FEW or arguments.items() <= batch.arguments.items():
        return False
    before = batch.count(RowState.INVALID)
    batch.arguments = {**batch.arguments, **arguments}
    begin_again(batch)
    look(batch, kind, by=by, now=now)
    return batch.count(RowState.INVALID) > before
