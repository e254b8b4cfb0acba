"""A batch's verbs: open, ask for the check, confirm, cancel, undo.

Here: what can happen to a batch as a whole; each flushes, doors commit. Not here: its rows
(filling), running it (worker, slices), what it does (its kind).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, literal, null, select, update

from app.access.seat import Seat
from app.activity import undoable
from app.batches import filling
from app.batches.kinds import KINDS, Kind
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.tokens import new_public_id
from app.models import Activity, Batch, BatchRow, BatchState, Organization, RowState
from app.outbox import after_commit, of_batches

JOB = "batches"
UNDO = "undo"
UNDO_FOR = timedelta(days=30)


class NotAskable(Refusal):
    """Confirmed, or stopped, already: a double click is one batch."""

    status = 409
    text = lazy("This has already been started or cancelled.")


class NothingToDo(Refusal):
    """No row that could be done."""

    status = 422
    text = lazy("There is nothing to do: none of the rows can be processed.")


class NotUndoable(Refusal):
    """What is still on its way, was done by none, is too old, or was taken back already."""

    status = 409
    text = lazy("This can no longer be undone.")


def open_batch(
    kind: Kind,
    organization: Organization | None,
    *,
    by: Seat,
    now: datetime,
    needs: tuple[str, str] | None = None,
    arguments: Mapping[str, Any] | None = None,
    source: Mapping[str, Any] | None = None,
) -> Batch:
    """Begin a batch without rows; return it, as a draft."""
    permission, view = needs or kind.needs
    batch = Batch(
        public_id=new_public_id(),
        organization=organization,
        kind=kind.name,
        permission=permission,
        view=view,
        author=by.account,
        author_name=by.account.written_name,
        key_id=by.key_id,
        via=by.via,
        arguments=dict(arguments or {}),
        source=dict(source or {}),
        counts={},
        created_at=now,
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def ask_check(batch: Batch) -> None:
    """Let a worker check the rows. Raises NotAskable."""
    if batch.state not in (BatchState.DRAFT, BatchState.CHECKED):
        raise NotAskable()
    batch.state, batch.lease_until = BatchState.CHECKING, None
    after_commit.run_job(JOB)
    db.session.flush()


def mark_checked(batch: Batch, *, now: datetime) -> None:
    """Let a batch whose rows were looked at otherwise wait for somebody's word."""
    batch.state, batch.checked_at = BatchState.CHECKED, now
    db.session.flush()


def confirm(
    batch: Batch,
    *,
    by: Seat,
    now: datetime,
    arguments: Mapping[str, Any] | None = None,
    only_valid: bool = True,
) -> None:
    """Let it run. Who confirms is its author from here on. Without `only_valid` it is all or
    nothing, and nothing begins while a row is invalid. Raises NotAskable, NothingToDo.
    """
    values: dict[str, Any] = {
        "state": str(BatchState.QUEUED),
        "confirmed_at": now,
        "author_id": by.account.id,
        "author_name": by.account.written_name,
        "key_id": by.key_id,
        "via": by.via,
        "is_whole": not only_valid,
        "arguments": {**batch.arguments, **(arguments or {})},
        "counts": {  # the outcomes that the check foresaw are counted anew
            str(one): batch.count(one) for one in (RowState.PLANNED, RowState.INVALID)
        },
    }
    if batch.is_over:
        raise NotAskable()
    if not batch.count(RowState.PLANNED) or (not only_valid and batch.count(RowState.INVALID)):
        raise NothingToDo()
    if not _move(batch, (BatchState.CHECKED,), values):
        raise NotAskable()
    after_commit.run_job(JOB)


def cancel(batch: Batch, *, now: datetime) -> None:
    """Stop a batch before its next slice, or at once where none runs; what is done stays done.
    Raises NotAskable.
    """
    idle = (
        *(BatchState.DRAFT, BatchState.CHECKING, BatchState.CHECKED),
        *(BatchState.QUEUED, BatchState.HELD),
    )
    stopped = {"state": str(BatchState.CANCELLED), "finished_at": now, "trouble": "asked"}
    if _move(batch, idle, stopped):
        leave_rest(batch, now=now)
        return
    if not _move(batch, (BatchState.RUNNING,), {"cancel_asked_at": now}):
        raise NotAskable()


def leave_rest(batch: Batch, *, now: datetime) -> None:
    """Say of rows that will not be run that they are cancelled."""
    left = update(BatchRow).where(BatchRow.batch_id == batch.id, BatchRow.state == RowState.PLANNED)
    quiet = {"synchronize_session": False}
    stopped: Any = db.session.execute(
        left.values(state=RowState.CANCELLED, at=now), execution_options=quiet
    )
    counts = dict(batch.counts)
    counts[str(RowState.CANCELLED)] = counts.get(RowState.CANCELLED, 0) + stopped.rowcount
    counts[str(RowState.PLANNED)] = 0
    batch.counts = counts
    db.session.flush()


def can_undo(batch: Batch, *, now: datetime) -> bool:
    """Whether what a batch did may be taken back now."""
    kind = KINDS.get(batch.kind)
    is_recent = batch.finished_at is not None and now - batch.finished_at <= UNDO_FOR
    is_ours = kind is not None and kind.is_undoable and UNDO in KINDS
    return (
        batch.is_over
        and is_recent
        and is_ours
        and batch.count(RowState.DONE) > 0
        and undone_by(batch) is None
    )


def undone_by(batch: Batch) -> Batch | None:
    """Return the batch that takes this one back."""
    return db.session.scalars(select(Batch).where(Batch.undo_of_id == batch.id)).one_or_none()


def undo(batch: Batch, *, by: Seat, now: datetime) -> Batch:
    """Take back what a batch did, row by row, backwards: a batch of its own, which is queued; its
    letters that have not left do not leave.
    Raises NotUndoable.
    """
    if not can_undo(batch, now=now):
        raise NotUndoable()
    of_batches.withdraw(batch.public_id)
    needs = (batch.permission, batch.view)
    undoing = open_batch(KINDS[UNDO], batch.organization, by=by, now=now, needs=needs)
    undoing.undo_of_id, undoing.arguments = batch.id, {"kind": batch.kind}
    filling.copy(undoing, _lines_of(batch, undoing.id), "account_id", "name")
    mark_checked(undoing, now=now)
    confirm(undoing, by=by, now=now)
    return undoing


def _lines_of(batch: Batch, undoing: int) -> Select[Any]:
    """The lines of the log that are taken back, the last first: one for each row, or every one."""
    if KINDS[batch.kind].undoes_every_line:
        line, place = Activity, func.row_number().over(order_by=Activity.id.desc())
        every = (literal(undoing), place, line.id, *filling.EMPTY)
        return select(*every, null(), line.subject_name).where(
            line.batch == batch.public_id, line.event.in_(undoable.PLANS)
        )
    it, place = BatchRow, func.row_number().over(order_by=BatchRow.number.desc())
    done = (it.batch_id == batch.id, it.state == RowState.DONE, it.activity_id.is_not(None))
    each = (literal(undoing), place, it.activity_id, *filling.EMPTY, it.account_id, it.name)
    return select(*each).where(*done)


def _move(batch: Batch, states: Iterable[BatchState], new: Mapping[str, Any]) -> bool:
    """Change a batch that is still in one of these states; False where it is not any more."""
    db.session.flush()
    moved = (
        update(Batch)
        .where(Batch.id == batch.id, Batch.state.in_([*states]))
        .values(**new)
        .returning(Batch.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(moved) is None:
        return False
    db.session.refresh(batch)
    return True
