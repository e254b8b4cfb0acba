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

import click
from flask.cli import AppGroup, with_appcontext

from app.database import ensure_upgraded
from app.kernel.clock import utcnow
from app.log_integrity import pruning, reporting


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
    verdict = reporting.verdict(now=utcnow(), since=since)
    told = asdict(verdict) | {"ok": verdict.is_whole, "head": verdict.head}
    click.echo(json.dumps(told, default=datetime.isoformat) if as_json else reporting.told(verdict))
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
