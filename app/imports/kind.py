"""The kind: what the engine for many rows does with the rows of a file.

Here: reading the kept cells again, judging each anew, doing it by the verbs that the screens call.
Not here: running, stopping, counting (batches), the pages (imports.views).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import url_for

from app.access import locks
from app.accounts import queries as account_queries
from app.activity import batch_events
from app.batches import kinds
from app.batches.kinds import UNCHANGED, Kind, Plan, Problem, Problems, Work
from app.batches.kinds import Row as BatchedRow
from app.imports import drafts, running
from app.imports.columns import IDENTITY
from app.imports.judging import judge
from app.imports.people import People, people_of
from app.imports.planner import Planner
from app.imports.rows import Row, RowReader
from app.imports.verdicts import DOING, Outcome, Verdict
from app.imports.vocabulary import vocabulary_of
from app.kernel.i18n import _, lazy, ngettext
from app.kernel.signals import authorities_narrowed, membership_ended, membership_suspended
from app.models import Activity, Batch
from app.passwords.hashing import hash_password

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
    _foresee_members(people, work.arguments["places"])
    for row, one in zip(rows, read, strict=True):
        row.subject = (one, planner, people)


def _foresee_members(people: People, places: Mapping[str, str]) -> None:
    """Read the members as they are now, and whom it concerns that they go or are suspended."""
    members = [*locks.members_in_turn(people.members.by_id).values()]
    if places.keys() & {*IDENTITY, "two_factor", "password"}:
        account_queries.read_in_turn(one.account for one in members)
    if "action" in places:
        membership_ended.foresee(members)
    if "state" in places:
        membership_suspended.foresee(members)
    if places.keys() & {"type", "roles", "authorities"}:
        authorities_narrowed.foresee(members)


def foresee(
    batch: Batch, rows: Callable[[], list[BatchedRow]], memory: MutableMapping[str, Any]
) -> None:
    """Hash the passwords of the next rows, on every core."""
    if "password" not in batch.arguments["places"]:
        return
    given = {row.number: row.values.get("password", "").strip() for row in rows()}
    wanted = {number: password for number, password in given.items() if password}
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        memory["hashes"] = {
            number: (wanted[number], hashed)
            for number, hashed in zip(wanted, pool.map(hash_password, wanted.values()), strict=True)
        }


def check(row: BatchedRow, work: Work) -> Plan:
    """Judge a row as the page did. Raises Problems."""
    one, planner, people = row.subject
    verdict = judge(planner, one, people)
    password, hashed = work.memory.get("hashes", {}).get(row.number, ("", ""))
    if verdict.plan is not None and verdict.plan.password == password:
        verdict.plan.hashed = hashed
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


def act_many(pairs: Sequence[tuple[BatchedRow, Plan]], work: Work) -> list[Activity | None]:
    """Do what several rows say."""
    assert work.organization is not None
    verdicts: list[Verdict] = [plan.act for _row, plan in pairs]
    lines = running.act_many(verdicts, work.organization, by=work.by, now=work.now)
    for (_row, plan), verdict in zip(pairs, verdicts, strict=True):
        plan.subject_id = verdict.membership_id
    return lines


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
        act_many=act_many,
        foresee=foresee,
        icon="upload",
        label=lazy("Import from a file"),
        undoes_every_line=True,
        all_or_nothing=True,
        checked_url=_checked_url,
    )
)
