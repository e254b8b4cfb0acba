"""Heads: where the log's chain stood, noted every hour in a file outside the database.

Here: noting and reading them. The chain has no key, so whoever rules the database can write all of
it anew; not what was noted here.
Not here: walking the chain (activity.verifying), the command (activity.cli).
"""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from app.activity.sealing import LAST
from app.extensions import db
from app.models import ActivitySeal

JOB = "note_log_head"
FILE = "activity-heads"
log = logging.getLogger(__name__)


def note(now: datetime) -> bool:
    """Note where the chain stands, unless it has not grown; return whether it was noted.

    Where the last head that was noted is not in the chain any more, operators are told, and nothing
    is noted that would hide it.
    """
    sequence, known = max(noted().items(), default=(0, ""))
    if (
        sequence
        and db.session.scalar(select(ActivitySeal.chain).where(ActivitySeal.sequence == sequence))
        != known
    ):
        log.error(
            "the activity log was cut off or written anew: place %s of its chain is not what was"
            " noted; run flask activity verify",
            sequence,
        )
        return False
    last = db.session.execute(LAST).first()
    if last is None or last.sequence <= sequence:
        return False
    with os.fdopen(
        os.open(_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="ascii"
    ) as file:
        file.write(
            f"\n{last.sequence} {last.chain} {now.isoformat()}\n"
        )  # the line before may be torn, by a disk that was full
    return True


def noted() -> dict[int, str]:
    """Return the heads that were noted on this machine, by their place in the chain; a line that is
    not whole is none.
    """
    if not _file().exists():
        return {}
    lines = (line.split() for line in _file().read_text("utf-8", errors="replace").splitlines())
    return {int(words[0]): words[1] for words in lines if len(words) == 3 and words[0].isdecimal()}


def _file() -> Path:
    return Path(current_app.config["SETTINGS"].instance_path) / FILE
