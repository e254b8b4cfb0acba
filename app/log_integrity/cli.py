"""`flask activity verify` and `flask activity prune`: whether the log is whole, and what its
retention lets go.

Here: commands for the operator. Not here: what they find (log_integrity.verification,
log_integrity.retention), the other commands of the group (activity_log.cli).
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import Connection

from app.database import ensure_upgraded
from app.extensions import db
from app.kernel.clock import utcnow
from app.kernel.i18n import _, ngettext
from app.log_integrity import checkpoints, pruning, signing_keys
from app.log_integrity.pruning_records import Pruning
from app.log_integrity.verification import MOST_FLAWS, Verification
from app.log_integrity.verification import verify as walk


@click.command("verify")
@with_appcontext
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
@click.option(
    "--since",
    default="",
    metavar="HEAD",
    help="A head that was printed before: it must still be in the chain.",
)
def verify(as_json: bool, since: str) -> None:
    """Walk the chain of the log; exit 1 if anything was changed or is missing."""
    ensure_upgraded()
    noted = checkpoints.recorded()
    with db.engine.connect() as connection:
        verdict = walk(_one_view(connection), keys=signing_keys.known(), since=since, noted=noted)
    told = asdict(verdict) | {"ok": verdict.is_whole}
    click.echo(json.dumps(told, default=datetime.isoformat) if as_json else _told(verdict))
    if not verdict.is_whole:
        sys.exit(1)


@click.command("prune")
@with_appcontext
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
def prune(dry_run: bool) -> None:
    """Let go what organizations’ retention lets go, as happens every day."""
    ensure_upgraded()
    if dry_run:
        for code, going in pruning.would_go(utcnow()).items():
            click.echo(f"{code}: {going.count} ({going.oldest:%Y-%m-%d} – {going.newest:%Y-%m-%d})")
        return
    for code, count in pruning.prune(utcnow()).items():
        click.echo(f"{code}: {count}")


def join(activity: AppGroup) -> None:
    """Add `verify` and `prune` to `flask activity …`."""
    activity.add_command(verify)
    activity.add_command(prune)


def _one_view(connection: Connection) -> Connection:
    """Let everything that is read be of one moment, while others write."""
    if connection.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ")
    connection.exec_driver_sql("BEGIN")
    return connection


def _told(verdict: Verification) -> str:
    found = [_pruned(record) for record in verdict.prunings]
    if verdict.is_whole:
        whole = _(
            "The activity log is whole: %(lines)d lines, %(pruned)d that were allowed to go, head"
            " %(head)s.",
            lines=verdict.lines,
            pruned=verdict.pruned,
            head=verdict.head,
        )
        return "\n".join([*found, whole])
    found.append(
        ngettext(
            "The activity log has %(num)d flaw.",
            "The activity log has %(num)d flaws.",
            verdict.flaw_count,
        )
    )
    found += [f"- {flaw.kind}: {flaw.number}" for flaw in verdict.flaws]
    return "\n".join(found + (["- …"] if verdict.flaw_count > MOST_FLAWS else []))


def _pruned(record: Pruning) -> str:
    words: dict[str, Any] = {
        "day": f"{record.at:%Y-%m-%d}",
        "organization": record.organization,
        "before": f"{record.before:%Y-%m-%d}",
        "count": record.count,
    }
    if record.chosen_at is None:
        return _(
            "%(day)s, %(organization)s: lines from before %(before)s were deleted (%(count)d).",
            **words,
        )
    return _(
        "%(day)s, %(organization)s: lines from before %(before)s were deleted (%(count)d), since"
        " %(by)s chose on %(chosen)s to keep them for %(days)d days.",
        **words,
        by=record.chosen_by or _("The portal"),
        chosen=f"{record.chosen_at:%Y-%m-%d}",
        days=record.days,
    )
