"""Starting: from rows that a program or a command names to a batch that runs, or waits for a word.

Here: writing the batch with its rows, those that do not exist named; remembering a request that is
sent twice. Not here: the pages that ask first (screens.batch_verbs), running (worker).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from app.access.policy import may
from app.access.seat import Seat
from app.batches import asking, ending, filling, service, worker
from app.batches.filling import NewRow
from app.batches.kinds import Kind
from app.extensions import db
from app.kernel.errors import Forbidden, NotFound, Refusal
from app.kernel.i18n import lazy
from app.models import Batch, RowState


class KeyUsedOtherwise(Refusal):
    """An idempotency key that came with another request before."""

    status = 422
    text = lazy(
        "This Idempotency-Key was used for another request. Send a new key with a new request."
    )


@dataclass(frozen=True)
class Once:
    """A request that may be sent twice and is done once: what names it, and what it said."""

    name: str
    digest: str

    def earlier(self) -> Batch | None:
        """Return the batch that the first of them made. Raises KeyUsedOtherwise."""
        query = select(Batch).where(Batch.idempotency_key == self.name)
        found = db.session.scalars(query).one_or_none()
        if found is not None and found.source.get("request") != self.digest:
            raise KeyUsedOtherwise()
        return found

    def keep(self, batch: Batch) -> None:
        """Remember that this batch is what was asked for; of two at once, the database refuses
        the second.
        """
        batch.idempotency_key, batch.source = self.name, {**batch.source, "request": self.digest}
        db.session.flush()


@dataclass(frozen=True)
class Wanted:
    """Which rows: a query of their ids; rows that are written as they are, such as those that were
    named and do not exist."""

    ids: Select[Any] | None
    rows: tuple[NewRow, ...] = ()


def named(ids: Iterable[int], found: Select[Any]) -> Wanted:
    """Return the rows with these ids; each that `found` does not find is a row that says so."""
    there = {*db.session.scalars(found)}
    refusal = NotFound()
    gone: Mapping[str, Any] = {"column": "", "code": refusal.name, "message": str(refusal)}
    missing = (one for one in dict.fromkeys(ids) if one not in there)
    return Wanted(found, tuple(NewRow(subject_id=one, problems=(gone,)) for one in missing))


def start(
    kind: Kind,
    wanted: Wanted,
    *,
    arguments: Mapping[str, Any],
    check_only: bool = False,
    once: Once | None = None,
    by: Seat,
    now: datetime,
) -> Batch:
    """Write a batch over these rows and let it run; with `check_only` it is checked, few rows at
    once and many by the worker, and waits for a word. One without rows is over. Raises Forbidden.
    """
    if not may(by, *kind.needs):
        raise Forbidden()
    batch = service.open_batch(kind, by.organization, by=by, now=now, arguments=arguments)
    if once is not None:
        once.keep(batch)
    if wanted.ids is not None:
        filling.fill(batch, wanted.ids)
    filling.add_rows(batch, wanted.rows, now=now)
    if not batch.count(RowState.PLANNED):
        ending.close(batch, now=now)
    elif not check_only:
        service.mark_checked(batch, now=now)
        service.confirm(batch, by=by, now=now)
    elif batch.total <= asking.FEW:
        asking.look(batch, kind, by=by, now=now)
    else:
        service.ask_check(batch)
    return batch


def go(batch: Batch) -> None:
    """Commit, and run what is confirmed at once where it is few rows."""
    db.session.commit()
    if batch.total <= asking.FEW and batch.confirmed_at is not None and not batch.is_over:
        worker.run_now(batch)
