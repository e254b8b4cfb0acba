"""`flask portal backup`, `flask portal restore` and `flask portal release`, for the operator.

Here: the commands. Not here: what they do (backup.saving, backup.restoring, backup.holding).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from app.backup import holding, restoring, saving
from app.backup.archive import Manifest
from app.backup.holding import Held
from app.commands import one_transaction
from app.database import ensure_upgraded
from app.extensions import db
from app.kernel.clock import utcnow
from app.kernel.errors import Refusal
from app.kernel.i18n import _
from app.log_integrity import reporting

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command("backup")
@with_appcontext
@FILE
def backup(file: Path) -> None:
    """Write everything into FILE, while the portal runs."""
    ensure_upgraded()
    with _refusing():
        manifest = saving.save(file, now=utcnow())
    click.echo(
        _(
            "Written: %(path)s (%(rows)s rows, %(size)s MB).",
            path=file,
            rows=manifest.rows,
            size=f"{file.stat().st_size / 1e6:.1f}",
        )
    )
    click.echo(
        _(
            "It does not contain the SECRET_KEY (%(key)s), without which it is of little use. Keep"
            " both, in different places: the backup holds personal data and letters.",
            key=manifest.key,
        )
    )


@click.command("restore")
@with_appcontext
@FILE
@click.option("--without-key", is_flag=True, help="Although the SECRET_KEY of the backup is lost.")
def restore(file: Path, without_key: bool) -> None:
    """Fill an empty database from FILE; exit 1 if that cannot be, or the log is not whole."""
    now = utcnow()
    with _refusing():
        manifest, held = restoring.restore(file, now=now, without_key=without_key)
        holding.note_restored(manifest, now=now)
        db.session.commit()
    _tell(manifest, held)
    for code, key, login_id in holding.working_keys(now):
        click.echo(
            _(
                "API key that works: %(organization)s, %(key)s, %(login_id)s",
                organization=code,
                key=key,
                login_id=login_id,
            )
        )
    verdict = reporting.verdict(now=now)
    click.echo(reporting.told(verdict))
    if not verdict.is_whole:
        sys.exit(1)


@click.command("release")
@with_appcontext
def release() -> None:
    """Let letters leave and bulk actions go on that a restore held back."""
    with one_transaction():
        held = holding.release(now=utcnow())
    click.echo(
        _(
            "Released: %(letters)s emails, %(batches)s bulk actions.",
            letters=held.letters,
            batches=held.batches,
        )
    )


def join(portal: AppGroup) -> None:
    """Add the commands to `flask portal …`."""
    for command in (backup, restore, release):
        portal.add_command(command)


def _tell(manifest: Manifest, held: Held) -> None:
    click.echo(
        _(
            "Restored: %(rows)s rows from the backup of %(made_at)s.",
            rows=manifest.rows,
            made_at=manifest.made_at,
        )
    )
    click.echo(
        _(
            "Ended: %(sessions)s sessions. Held: %(letters)s emails, %(batches)s bulk actions; look"
            " at them, then run: flask portal release",
            sessions=held.sessions,
            letters=held.letters,
            batches=held.batches,
        )
    )
    if held.webhooks:
        click.echo(
            _(
                "Webhooks that are off until somebody turns them on again: %(count)s.",
                count=held.webhooks,
            )
        )


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        db.session.rollback()
        click.echo(str(refusal), err=True)
        sys.exit(1)
