"""`flask members import`, for the operator.

Here: the command. Not here: reading (imports.reading), checking and doing it (imports.checking,
imports.running).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, BinaryIO

import click
from flask.cli import AppGroup

from app import acting_as
from app.access.seat import Seat
from app.batches import words
from app.commands import one_transaction
from app.imports import running
from app.imports.checking import check
from app.imports.command_batches import begun, in_slices
from app.imports.headers import NOT_IMPORTED
from app.imports.problems import Problem
from app.imports.reading import Choices, Table, read
from app.imports.refusals import FileRefused, UnknownColumns
from app.imports.verdicts import Mode, New, Outcome, Verdicts
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.models import Batch, BatchRow
from app.organizations import queries as organizations

UNREADABLE = 2
NOTHING_CHANGED = lazy(
    "Nothing was changed. Correct the rows above, or import the others with --valid-only."
)
LEAVE_OUT = lazy("Columns that are not to be imported are named with --leave-out COLUMN.")


def join(members: AppGroup) -> None:
    """Add the command to the group."""
    members.add_command(import_members)


def _flag(name: str, told: str) -> Callable[[Any], Any]:
    return click.option(name, is_flag=True, help=told)


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--organization", "code", required=True, metavar="CODE", help="Its code.")
@click.option("--dry-run", "--check", "dry_run", is_flag=True, help="Only say what would be done.")
@_flag("--valid-only", "Do the rows without errors; otherwise all or nothing.")
@_flag("--update", "Change members who are there already; without it they are skipped.")
@_flag("--invite", "Invite new people instead of registering them.")
@_flag("--remove", "Let rows with the action “remove” remove people.")
@_flag("--passwords", "Also set the passwords of members who are there already.")
@click.option("--leave-out", multiple=True, metavar="COLUMN", help="A column not to import.")
@click.option("--encoding", default="", help="Such as cp932, where the guess is wrong.")
@click.option("--sheet", default="", help="Which sheet of a workbook.")
@click.option(
    "--as",
    "login_id",
    default="",
    metavar="LOGIN_ID",
    help="In whose name; the platform administrator’s where there is only one.",
)
@_flag("--json", "Write the result as JSON.")
def import_members(
    file: BinaryIO, code: str, login_id: str, *, dry_run: bool, valid_only: bool, **asked: Any
) -> None:
    """Add and change members from a CSV, tab-separated or Excel file: all rows, or none.

    Ends with 0 where all rows are fine, 1 where some are refused, 2 where the file cannot be read.
    """
    new = New.INVITE if asked["invite"] else New.REGISTER
    mode = Mode(new, asked["update"], asked["remove"], asked["passwords"])
    left_out = dict.fromkeys(asked["leave_out"], NOT_IMPORTED)
    choices = Choices(asked["encoding"], sheet=asked["sheet"], columns=left_out)
    with one_transaction():
        organization = organizations.called(code)
        by = acting_as.seat_of(login_id, organization, needs=("manage", "Member"))
        content = file.read()
        table = _table(content, choices)
        verdicts = check(table, organization, mode=mode, by=by, now=utcnow())
        _tell(verdicts, as_json=asked["json"])
        if not dry_run:
            file_of = partial(begun, content, choices, organization, mode=mode, by=by)
            one_go = partial(running.run, table, organization, mode=mode, by=by, now=utcnow())
            _do(verdicts, one_go, file_of, valid_only=valid_only, by=by)
    sys.exit(1 if verdicts.errors else 0)


def _do(
    verdicts: Verdicts,
    in_one_go: Callable[..., running.Result],
    keep: Callable[..., Batch],
    *,
    valid_only: bool,
    by: Seat,
) -> None:
    """Do what the file says: in one transaction, or what is too much for one in slices."""
    if verdicts.errors and not valid_only:
        click.echo(NOTHING_CHANGED, err=True)
    elif len(verdicts.doing) > running.MOST_AT_ONCE:
        _tell_rows(in_slices(keep(now=utcnow()), only_valid=valid_only, by=by))
    else:
        _tell_refused(in_one_go(valid_only=valid_only))


def _table(content: bytes, choices: Choices) -> Table:
    """Read the file; one that cannot be read ends the command."""
    try:
        table = read(content, choices)
        if table.questions:
            raise UnknownColumns(columns=", ".join(one.place for one in table.questions))
    except FileRefused as refusal:
        click.echo(str(refusal), err=True)
        if isinstance(refusal, UnknownColumns):
            click.echo(LEAVE_OUT, err=True)
        sys.exit(UNREADABLE)
    return table


def _tell(verdicts: Verdicts, *, as_json: bool) -> None:
    counts = verdicts.counts
    said = {
        "rows": len(verdicts.rows),
        "create": counts[Outcome.ADD] + counts[Outcome.COME_BACK],
        "update": sum(counts[one] for one in (Outcome.CHANGE, Outcome.SUSPEND, Outcome.REINSTATE)),
        "unchanged": counts[Outcome.UNCHANGED],
        "invite": counts[Outcome.INVITE],
        "remove": counts[Outcome.REMOVE],
        "skipped": counts[Outcome.SKIP],
        "refused": counts[Outcome.ERROR],
    }
    problems = [one for row in verdicts.rows for one in row.problems]
    if as_json:
        errors = [_plain(one) for one in problems]
        click.echo(json.dumps(said | {"errors": errors}, ensure_ascii=False, indent=2))
        return
    click.echo(", ".join(f"{name} {number}" for name, number in said.items()))
    for one in problems:
        click.echo(_line(one), err=True)


def _plain(one: Problem) -> dict[str, object]:
    return {"row": one.line, "column": one.column, "value": one.value, "sentence": one.sentence}


def _line(one: Problem) -> str:
    where = " ".join(
        filter(None, (f"{one.line}:", one.place, f"“{one.value}”" if one.value else ""))
    )
    return f"{where} {one.sentence}"


def _tell_rows(rows: Sequence[BatchRow]) -> None:
    """What was refused when it was to be done."""
    for row in rows:
        for one in row.problems:
            click.echo(f"{row.line}: {words.problem(one)}", err=True)


def _tell_refused(result: running.Result) -> None:
    for line, refusal in result.refused.items():
        click.echo(f"{line}: {refusal}", err=True)
    for line, note in result.notes.items():
        click.echo(f"{line}: {note}", err=True)
