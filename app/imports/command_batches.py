"""Large files of the command: more rows than one transaction holds are a batch, as on the page.

Here: beginning one, and running it to its end within the command. Not here: the command
(imports.cli), slices (batches).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.access.seat import Seat
from app.batches import service as batches
from app.batches import worker
from app.imports import drafts
from app.imports.kind import IMPORT
from app.imports.reading import Choices
from app.imports.verdicts import Mode
from app.kernel.clock import utcnow
from app.models import Batch, BatchRow, Organization


def begun(
    content: bytes,
    choices: Choices,
    organization: Organization,
    *,
    mode: Mode,
    by: Seat,
    now: datetime,
) -> Batch:
    """Keep a file that was read."""
    return drafts.begin(
        IMPORT, organization, content, name="", mode=mode, choices=choices, by=by, now=now
    )


def in_slices(batch: Batch, *, only_valid: bool, by: Seat) -> Sequence[BatchRow]:
    """Do what a file says, slice by slice; all of it or nothing, or with `only_valid` the rows
    without errors. Return the rows that were refused.
    """
    now = utcnow()
    draft = drafts.look(batch, by=by, now=now, keeps_plans=True)
    assert draft.verdicts is not None
    seen = draft.verdicts.seen
    drafts.confirm(batch, draft, seen=seen, only_valid=only_valid, by=by, now=now)
    worker.run_to_end(batch)
    undoing = batches.undone_by(batch)
    if undoing is not None:
        worker.run_to_end(undoing)
    return drafts.refused(batch)
