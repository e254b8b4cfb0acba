"""The kind: what the engine for many rows does with the rows of a file.

Here: reading the kept cells again, judging each anew, doing it by the verbs that the screens call.
Not here: running, stopping, counting (batches), the pages (imports.views).
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from app.activity import batch_events
from app.batches import kinds
from app.batches.kinds import UNCHANGED, Kind, Plan, Problem, Problems, Work
from app.batches.kinds import Row as BatchedRow
from app.imports import drafts, running
from app.imports.judging import judge
from app.imports.people import People, people_of
from app.imports.planner import Planner
from app.imports.rows import Row, RowReader
from app.imports.verdicts import DOING, Outcome
from app.imports.vocabulary import vocabulary_of
from app.kernel.i18n import _, lazy, ngettext
from app.models import Batch

Subject = tuple[Row, Planner, People]


def prepare(rows: Sequence[BatchedRow], work: Work) -> None:
    """Read the cells, and find everybody whom these rows mean."""
    organization = work.organization
    assert organization is not None
    reader = work.memory.get("reader")
    if reader is None:
        places = work.arguments["places"]
        reader = RowReader(None, vocabulary_of(organization), places=places)
        reader.encoding = work.arguments["encoding"]
        work.memory["reader"] = reader
    planner = Planner(reader, organization, drafts.mode_of(work.batch), work.by, work.now)
    read = [reader.again(row.line or row.number, row.values) for row in rows]
    people = people_of(read, organization, now=work.now)
    for row, one in zip(rows, read, strict=True):
        row.subject = (one, planner, people)


def check(row: BatchedRow, _work: Work) -> Plan:
    """Judge a row as the page did. Raises Problems."""
    one, planner, people = row.subject
    verdict = judge(planner, one, people)
    if verdict.outcome is Outcome.ERROR:
        raise Problems(
            [Problem(problem.place, problem.code, problem.sentence) for problem in verdict.problems]
        )
    outcome = str(verdict.outcome) if verdict.outcome in DOING else UNCHANGED
    return Plan(outcome, verdict.phase, verdict.name, subject_id=verdict.membership_id, act=verdict)


def act(_row: BatchedRow, plan: Plan, work: Work) -> None:
    """Do what a row says."""
    assert work.organization is not None
    running.act(plan.act, work.organization, by=work.by, now=work.now)


def _checked_url(batch: Batch) -> str:
    return url_for("ImportView.check", pk=batch.public_id)


IMPORT = kinds.register(
    Kind(
        name=drafts.KIND,
        needs=("manage", "Member"),
        asking=lambda count: (
            ngettext("Import %(num)s row?", "Import %(num)s rows?", count)
            if count
            else _("Import members from a file?")
        ),
        running=lambda count: ngettext("Importing %(num)s row", "Importing %(num)s rows", count),
        done=lambda count: ngettext(
            "%(num)s row was imported.", "%(num)s rows were imported.", count
        ),
        event=batch_events.MEMBERS_IMPORTED,
        prepare=prepare,
        check=check,
        act=act,
        icon="upload",
        label=lazy("Import from a file"),
        is_undoable=False,
        checked_url=_checked_url,
    )
)
