"""Reporting: the log verified as it stands now, and what was found in words.

Here: for the operator’s commands. Not here: walking the chain (log_integrity.verification).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.extensions import db
from app.kernel.i18n import _, ngettext
from app.log_integrity import checkpoints, head_files, signing_keys
from app.log_integrity.pruning_records import Pruning
from app.log_integrity.verification import MOST_FLAWS, Verification, verify


def verdict(*, now: datetime, since: str = "") -> Verification:
    """Verify the log with the keys and heads of this machine, in one view of the database; where it
    is whole, its heads are noted with the one that is told.
    """
    noted, since_noted = checkpoints.recorded(), head_files.at(since)
    with db.engine.connect() as connection:
        found = verify(
            _one_view(connection),
            keys=signing_keys.known(),
            since=since,
            noted=noted,
            since_noted=since_noted,
        )
    if found.is_whole:
        checkpoints.note(found.heads, now=now)
    return found


def _one_view(connection: Connection) -> Connection:
    """Let everything that is read be of one moment, while others write."""
    if connection.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ")
    connection.exec_driver_sql("BEGIN")
    return connection


def told(verdict: Verification) -> str:
    """Say what was found, flaw by flaw, with every pruning."""
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
