"""Words: what the pages of batches say.

Here: titles, results, why one stopped, how long it may take. Not here: the pages (views), the
kinds' own sentences (kinds).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.batches.kinds import KINDS
from app.kernel.i18n import _, lazy, ngettext
from app.models import Batch, BatchState, RowState

STUCK_AFTER = timedelta(minutes=2)
TROUBLES: dict[str, Any] = {
    "asked": lazy("It was stopped on request."),
    "author_gone": lazy("The person who started it can no longer sign in."),
    "rights_lost": lazy("The person who started it no longer has the authority for it."),
    "sessions_ended": lazy("All sessions of the person who started it were ended before it began."),
    "key_gone": lazy("The API key it was started with no longer works."),
    "refused": lazy("A row was refused, so nothing was kept."),
}
ROWS: dict[RowState, Any] = {
    RowState.DONE: lazy("Done"),
    RowState.UNCHANGED: lazy("No change needed"),
    RowState.REFUSED: lazy("Refused"),
    RowState.INVALID: lazy("Not possible"),
    RowState.CANCELLED: lazy("Not run"),
    RowState.PLANNED: lazy("Still to do"),
}


def title(batch: Batch) -> str:
    """What a batch does, did, or would do."""
    kind = KINDS.get(batch.kind)
    if kind is None:
        return batch.kind
    if batch.state in (BatchState.CHECKED, BatchState.CHECKING, BatchState.DRAFT):
        return kind.asking(batch.count(RowState.PLANNED))
    if not batch.is_over:
        return kind.running(batch.total)
    return kind.done(batch.count(RowState.DONE))


def processed(batch: Batch) -> int:
    """How many rows are through."""
    return batch.total - batch.count(RowState.PLANNED)


def percent(batch: Batch) -> int:
    """The same, of a hundred."""
    return 100 * processed(batch) // batch.total if batch.total else 100


def progress(batch: Batch) -> str:
    """How far it has come, as a sentence."""
    return _("%(done)s of %(total)s done", done=processed(batch), total=batch.total)


def time_left(batch: Batch, *, now: datetime) -> str:
    """About how long it still takes, once that can be told."""
    if batch.started_at is None or batch.state is not BatchState.RUNNING or not processed(batch):
        return ""
    seconds = (now - batch.started_at).total_seconds()
    if seconds < 10:
        return ""
    left = seconds / processed(batch) * batch.count(RowState.PLANNED)
    if left < 60:
        return _("less than a minute left")
    minutes = round(left / 60)
    return ngettext("about %(num)s minute left", "about %(num)s minutes left", minutes)


def is_stuck(batch: Batch, *, now: datetime) -> bool:
    """Whether nothing has moved for so long that somebody should look after the worker."""
    since = batch.moved_at or batch.confirmed_at or batch.created_at
    return not batch.is_over and now - since > STUCK_AFTER


def trouble(batch: Batch) -> str:
    """Why a batch stopped."""
    return str(TROUBLES.get(batch.trouble, "")) if batch.trouble else ""


def problem(row_problem: dict[str, Any]) -> str:
    """What is wrong with a row."""
    if row_problem.get("code") == "unexpected":
        return _(
            "Something unexpected happened. Tell the administrator this reference: %(reference)s",
            reference=row_problem.get("message", ""),
        )
    return str(row_problem.get("message", ""))
