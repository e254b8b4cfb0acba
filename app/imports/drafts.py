"""Drafts: a file between its choice and its import: kept sealed, checked as often as it is looked
at.

Here: opening one, reading it again otherwise, confirming it. Not here: what the rows do
(imports.checking), running them (batches).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select

from app.access.seat import Seat
from app.batches import filling, values
from app.batches import service as batches
from app.batches.filling import NewRow
from app.batches.kinds import Kind
from app.extensions import db
from app.http.rate_limit import Limit
from app.imports.checking import check
from app.imports.reading import Choices, Table, read
from app.imports.row_refusals import ChangedSince
from app.imports.running import HasErrors
from app.imports.verdicts import Mode, New, Verdict, Verdicts
from app.kernel.errors import NotFound
from app.models import Batch, BatchRow, BatchState, Organization, RowState

KIND = "import_members"
CHECKS = Limit("import-files", "60 per hour")
"""Of one author: doors take a turn for each file."""
OFFERED = (RowState.INVALID, RowState.REFUSED, RowState.CANCELLED)
"""Rows that are offered as a file that imports again."""
GUESSED = Choices()
WAITING = (BatchState.DRAFT, BatchState.CHECKED)


@dataclass(frozen=True)
class Draft:
    """A file that waits for a word, as it reads at this moment."""

    batch: Batch
    table: Table
    verdicts: Verdicts | None
    """None while a column waits for its answer."""


def begin(
    kind: Kind,
    organization: Organization,
    content: bytes,
    *,
    name: str,
    mode: Mode,
    choices: Choices = GUESSED,
    by: Seat,
    now: datetime,
) -> Batch:
    """Read a file, and keep it until it is confirmed. Raises the refusals of imports.refusals."""
    read(content, choices)
    batch = batches.open_batch(
        kind,
        organization,
        by=by,
        now=now,
        arguments={"mode": asdict(mode), "choices": _chosen(choices)},
        source={"name": name, "size": len(content)},
    )
    values.keep_file(batch, content, now=now)
    batches.mark_checked(batch, now=now)
    return batch


def find(public_id: str, organization: Organization, *, by: Seat) -> Batch:
    """Return somebody's own draft. Raises NotFound."""
    return _only(_ours(public_id, organization, by).where(Batch.state.in_(WAITING)))


def find_run(public_id: str, organization: Organization, *, by: Seat) -> Batch:
    """Return somebody's own import that was confirmed. Raises NotFound."""
    return _only(_ours(public_id, organization, by).where(Batch.state.not_in(WAITING)))


def refused(batch: Batch) -> list[BatchRow]:
    """The rows that were not imported, in the order of the file."""
    rows = select(BatchRow).where(BatchRow.batch_id == batch.id, BatchRow.state.in_(OFFERED))
    return list(db.session.scalars(rows.order_by(BatchRow.line)))


def _ours(public_id: str, organization: Organization, by: Seat) -> Select[Any]:
    return select(Batch).where(
        Batch.public_id == public_id[:20],
        Batch.organization_id == organization.id,
        Batch.author_id == by.account.id,
        Batch.kind == KIND,
    )


def _only(query: Select[Any]) -> Batch:
    found: Batch | None = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound()
    return found


def mode_of(batch: Batch) -> Mode:
    """What the file may do."""
    kept = batch.arguments["mode"]
    return Mode(New(kept["new"]), kept["changes"], kept["removes"], kept["sets_passwords"])


def choose(batch: Batch, now: datetime, **chosen: Any) -> None:
    """Read the file otherwise from now on: encoding, delimiter, sheet, columns. Raises the refusals
    of imports.refusals where it cannot be read so.
    """
    kept = dict(batch.arguments["choices"])
    columns = {**kept.get("columns", {}), **chosen.pop("columns", {})}
    choices = {**kept, **chosen, "columns": columns}
    read(values.read_file(batch, now=now), Choices(**choices))
    batch.arguments = {**batch.arguments, "choices": choices}
    db.session.flush()


def look(batch: Batch, *, by: Seat, now: datetime, keeps_plans: bool = False) -> Draft:
    """Read and check it as it is now. Raises the refusals of imports.refusals, NotFound where the
    file is kept no more.
    """
    content = values.read_file(batch, now=now)
    if not content or batch.organization is None:
        raise NotFound()
    table = read(content, Choices(**batch.arguments["choices"]))
    if table.questions:
        return Draft(batch, table, None)
    verdicts = check(
        table,
        batch.organization,
        mode=mode_of(batch),
        by=by,
        now=now,
        keeps_plans=keeps_plans,
    )
    return Draft(batch, table, verdicts)


def confirm(
    batch: Batch, draft: Draft, *, seen: str, only_valid: bool, by: Seat, now: datetime
) -> None:
    """Let the rows run that do something: all of them, or those without errors. Raises
    ChangedSince, HasErrors, and what batches.confirm refuses.
    """
    verdicts = draft.verdicts
    if verdicts is None or verdicts.seen != seen:
        raise ChangedSince()
    if verdicts.errors and not only_valid:
        raise HasErrors()
    keep(batch, draft, now=now)
    batches.confirm(batch, by=by, now=now, only_valid=only_valid)


def keep(batch: Batch, draft: Draft, *, now: datetime) -> None:
    """Write the rows that do something, and those that cannot, in place of earlier ones."""
    assert draft.verdicts is not None
    rows = [*draft.verdicts.errors, *draft.verdicts.doing]
    db.session.execute(delete(BatchRow).where(BatchRow.batch_id == batch.id))
    batch.total, batch.counts = 0, {}
    filling.add_rows(batch, (_row(one) for one in rows), now=now)
    places = {one.column.key: one.place for one in draft.table.columns if one.column}
    batch.arguments = {
        **batch.arguments,
        "places": places,
        "encoding": draft.table.encoding,
    }
    batches.mark_checked(batch, now=now)


def _chosen(choices: Choices) -> dict[str, Any]:
    """What was said of a file, without what was left to be guessed."""
    return {key: value for key, value in asdict(choices).items() if value}


def _row(verdict: Verdict) -> NewRow:
    """Rows are written in the order of their phases, and run in that order."""
    problems = tuple(
        {"column": one.place, "code": one.code, "message": one.sentence} for one in verdict.problems
    )
    return NewRow(verdict.line, verdict.raw, verdict.membership_id, None, verdict.name, problems)
