"""`flask batches …`, for the operator: what is done to many members at once.

Here: the commands. Not here: who is named in a file or found by a filter (members.naming), what
each verb takes (members.bulk_shapes), running (batches.worker).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, TextIO

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from app import acting_as
from app.access.seat import Seat
from app.batches import author, checking, leases, service, starting, words, worker
from app.batches.kinds import kind_of
from app.batches.starting import Wanted
from app.commands import one_transaction
from app.extensions import db
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.members import bulk_shapes, naming
from app.members.kinds import MANAGE
from app.models import Batch, BatchRow, BatchState, Organization, RowState
from app.organizations import queries as organizations
from app.rest.batches import told, told_row

QUEUED = lazy("Another batch of this organization is running; this one is run after it.")
BAD = (RowState.REFUSED, RowState.INVALID)
FOREVER = float("inf")
SHOWN = 1_000

batches = AppGroup("batches", help="What is done to many members at once.")
as_option = click.option(
    "--as",
    "login_id",
    default="",
    metavar="LOGIN_ID",
    help="In whose name; the platform administrator’s where there is only one.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
organization_option = click.option(
    "--organization", "code", required=True, metavar="CODE", help="Its code."
)


@batches.command("list")
@organization_option
@json_option
@click.option("--state", type=click.Choice([*map(str, BatchState)]), help="Only those.")
def list_batches(code: str, *, as_json: bool, state: str | None) -> None:
    """List what was done to many, the newest first."""
    with one_transaction():
        query = select(Batch).where(Batch.organization_id == organizations.called(code).id)
        query = query.where(Batch.state == state) if state else query
        for batch in db.session.scalars(query.order_by(Batch.id.desc()).limit(SHOWN)):
            click.echo(json.dumps(_plain(batch), ensure_ascii=False) if as_json else _line(batch))


@batches.command("show")
@click.argument("batch_id", metavar="ID")
@json_option
def show(batch_id: str, *, as_json: bool) -> None:
    """Tell how far a batch is, and which of its rows were refused."""
    with one_transaction():
        _tell(_called(batch_id), as_json=as_json)


@batches.command("cancel")
@click.argument("batch_id", metavar="ID")
def cancel(batch_id: str) -> None:
    """Stop a batch before its next rows; what is done stays done."""
    with one_transaction():
        batch = _called(batch_id)
        service.cancel(batch, now=utcnow())
        click.echo(_line(batch))


@batches.command("undo")
@click.argument("batch_id", metavar="ID")
@as_option
@json_option
def undo(batch_id: str, login_id: str, *, as_json: bool) -> None:
    """Take back what a batch did; ends with 1 where some of it cannot be taken back."""
    with one_transaction():
        batch = _called(batch_id)
        if batch.organization is None:
            raise NotFound()
        by = acting_as.seat_of(login_id, batch.organization, needs=(batch.permission, batch.view))
        undoing = service.undo(batch, by=by, now=utcnow())
    _run(undoing)
    sys.exit(_tell(undoing, as_json=as_json))


def _argument(*names: str, **more: Any) -> Callable[[Any], Any]:
    """One of the arguments that verbs take."""
    return click.option(*names, **more)


@batches.command("run")
@click.argument("verb", type=click.Choice([*bulk_shapes.VERBS]))
@organization_option
@click.option("--file", type=click.File("r"), help="A login ID or e-mail address on each line.")
@click.option("--filter", "asked", metavar="QUERY", help="As in the list’s address: type=general")
@_argument("--reason", help="suspend: the members read it.")
@_argument("--keep-invites", is_flag=True, default=None, help="suspend, remove.")
@_argument("--role", help="give_role, take_role: its name.")
@_argument("--remove-members", is_flag=True, default=None, help="Of whom nothing would be left.")
@_argument("--type", type=click.Choice(["general", "power"]), help="set_type.")
@_argument("--authority", "authorities", multiple=True, metavar="KEY", help="One or more.")
@_argument("--two-factor", type=click.Choice(["on", "off"]), help="set_two_factor.")
@_argument("--language", help="set_language.")
@click.option("--dry-run", "--check", "dry_run", is_flag=True, help="Only say what would be done.")
@as_option
@json_option
def run(verb: str, code: str, login_id: str, *, dry_run: bool, as_json: bool, **asked: Any) -> None:
    """Do one verb to many members, named in a file or found by a filter.

    Ends with 0 where all rows are fine, 1 where some are refused, 2 where nobody is named.
    """
    file, narrowed = asked.pop("file"), asked.pop("asked")
    if (file is None) == (narrowed is None):
        raise click.UsageError("Name the members with --file or with --filter.")
    with one_transaction():
        organization = organizations.called(code)
        by = acting_as.seat_of(login_id, organization, needs=MANAGE)
        with author.looking(by):
            batch = _begun(verb, organization, file, narrowed, asked, by=by, dry_run=dry_run)
            if dry_run:
                status = _tell(batch, as_json=as_json)
                db.session.rollback()
                sys.exit(status)
    _run(batch)
    sys.exit(_tell(batch, as_json=as_json))


def _begun(
    verb: str,
    organization: Organization,
    file: TextIO | None,
    narrowed: str | None,
    asked: Mapping[str, Any],
    *,
    by: Seat,
    dry_run: bool,
) -> Batch:
    """Write the batch; a dry run is checked, row by row, and not kept."""
    bulk, arguments, now = bulk_shapes.VERBS[verb], bulk_shapes.typed(verb, asked), utcnow()
    if file is not None:
        wanted = Wanted(None, tuple(naming.in_file(file, organization)))
    else:
        wanted = Wanted(naming.found(narrowed or ""))
    batch = starting.start(
        bulk.kind, wanted, arguments=arguments, check_only=dry_run, by=by, now=now
    )
    memory: dict[str, Any] = {}
    while dry_run and checking.check_some(batch, bulk.kind, memory, now=now):
        pass
    return batch


def _run(batch: Batch) -> None:
    """Run a batch that was committed to its end, unless another one is before it."""
    lease = None if batch.is_over else leases.take(utcnow(), only=batch.id)
    if lease is not None:
        kind_of(batch)
        worker.run(lease, FOREVER)
    db.session.refresh(batch)
    if not batch.is_over:
        click.echo(QUEUED, err=True)


def _called(batch_id: str) -> Batch:
    batch = db.session.scalars(select(Batch).where(Batch.public_id == batch_id)).one_or_none()
    if batch is None:
        raise NotFound()
    return batch


def _tell(batch: Batch, *, as_json: bool) -> int:
    """Write how far it is and who was refused; return the status that says so."""
    query = select(BatchRow).where(BatchRow.batch_id == batch.id, BatchRow.state.in_(BAD))
    refused = db.session.scalars(query.order_by(BatchRow.number)).all()
    if as_json:
        rows = [told_row(row) for row in refused]
        click.echo(json.dumps(_plain(batch) | {"refused": rows}, ensure_ascii=False, indent=2))
    else:
        click.echo(_line(batch))
        for row in refused:
            said = " ".join(words.problem(one) for one in row.problems)
            click.echo(f"{row.line or row.number}: {row.name} {said}", err=True)
    return 1 if refused or batch.trouble else 0


def _line(batch: Batch) -> str:
    counts = ", ".join(f"{one} {batch.count(one)}" for one in RowState if batch.count(one))
    when = f"{batch.created_at:%Y-%m-%d %H:%M}"
    return f"{batch.public_id} {when} {batch.kind} {batch.state}: {counts or 'nothing to do'}"


def _plain(batch: Batch) -> dict[str, Any]:
    said = told(batch, can_undo=service.can_undo(batch, now=utcnow()))
    return {name: value for name, value in said.items() if name != "url"} | {
        name: said[name].isoformat() if said[name] else None
        for name in ("created_at", "started_at", "finished_at")
    }


def register_commands(app: Flask) -> None:
    """Add `flask batches …`."""
    app.cli.add_command(batches)
