"""Batch verbs: from the rows that somebody selected in a list to a batch that asks about them.

Here: the rows as a query, the batch, the way to its page; what is told when it is done at once.
Not here: the pages of batches (batches.views), running them (batches.worker).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, overload

from flask import flash, redirect, request, url_for
from sqlalchemy import Select, select
from werkzeug.wrappers import Response

from app.access.policy import may
from app.batches import asking, filling, service, words, worker
from app.batches.kinds import KINDS, Kind
from app.extensions import db
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.i18n import _, ngettext
from app.models import Batch, BatchRow, RowState
from app.screens import notes

TOLD_REFUSALS = 10


class Asked(Sequence[Any]):
    """The rows that a verb is asked for: a query of their ids; read as a sequence, the rows
    themselves, for actions that take them one by one.
    """

    def __init__(self, ids: Select[Any], load: Callable[[], Sequence[Any]]) -> None:
        self.ids, self._load = ids, load
        self._rows: Sequence[Any] | None = None

    def is_any(self) -> bool:
        """Whether there is any row."""
        return db.session.scalar(self.ids.order_by(None).limit(1)) is not None

    def rows(self) -> Sequence[Any]:
        """Return the rows."""
        if self._rows is None:
            self._rows = self._load()
        return self._rows

    def __len__(self) -> int:
        return len(self.rows())

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows())

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        return self.rows()[place]


def begin(
    kind: Kind,
    asked: Asked,
    *,
    needs: tuple[str, str] | None = None,
    arguments: Mapping[str, Any] | None = None,
) -> Response:
    """Write a batch over the rows of this moment, look at few of them, and lead to the page that
    asks.
    """
    by, now = seat(), utcnow()
    batch = service.open_batch(
        kind, by.organization, by=by, now=now, needs=needs, arguments=arguments
    )
    filling.fill(batch, asked.ids)
    asking.look(batch, kind, by=by, now=now)
    db.session.commit()
    return redirect(page_url(batch, "ask", next=request.form.get("next") or None))


def run(batch: Batch, back: str) -> Response:
    """Run a batch that was committed, here where it is few rows; go back and tell what it did, or
    show how far it has come.
    """
    if batch.total <= asking.FEW:
        worker.run_now(batch)
    if not batch.is_over:
        return redirect(page_url(batch))
    tell(batch)
    return redirect(back)


def page_url(batch: Batch, page: str = "show", **more: Any) -> str:
    """Where a page of a batch is."""
    endpoint = "BatchView" if batch.organization_id is not None else "PlatformBatchView"
    return url_for(f"{endpoint}.{page}", pk=batch.public_id, **more)


def can_undo(batch: Batch) -> bool:
    """Whether the reader could take back what a batch did, were it as it left it."""
    by = seat()
    is_own = batch.author_id == by.account.id
    allowed = may(by, batch.permission, batch.view) and (is_own or notes.reads_log())
    return allowed and service.can_undo(batch, now=utcnow())


def tell(batch: Batch) -> None:
    """Say on the next page what a batch did, with one Undo for all of it, and what was refused."""
    kind, done = KINDS[batch.kind], batch.count(RowState.DONE)
    if done:
        undo = page_url(batch, "undo") if can_undo(batch) else ""
        notes.show({"text": kind.done(done), "undo": undo})
    elif batch.count(RowState.UNCHANGED):
        flash(_("Nothing had to be changed."), "success")
    _tell_refused(batch)


def _tell_refused(batch: Batch) -> None:
    count = batch.count(RowState.REFUSED, RowState.INVALID)
    if not count:
        return
    head = ngettext("%(num)s could not be changed.", "%(num)s could not be changed.", count)
    which = select(BatchRow).where(
        BatchRow.batch_id == batch.id,
        BatchRow.state.in_((RowState.REFUSED, RowState.INVALID)),
    )
    lines = [
        _("%(name)s: %(reason)s", name=row.name, reason=words.problem(one))
        for row in db.session.scalars(which.order_by(BatchRow.number).limit(TOLD_REFUSALS))
        for one in row.problems[:1]
    ]
    flash("\n".join([head, *lines]), "danger")
