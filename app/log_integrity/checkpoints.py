"""Checkpoints: where the log's chain stood, noted in files outside the database.

Here: noting the newest with every commit, one every hour for good, and reading them. Whoever rules
the database can cut off the chain's end; not what was noted here.
Not here: walking the chain (log_integrity.verification), the command (log_integrity.cli).
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.models import ActivitySeal

JOB = "note_log_head"
FILE = "activity-heads"
"""One head an hour, each in a line."""
NEWEST = "activity-head"
"""The head of the newest commit of this machine, written over with the next one."""
CUT = (
    "the activity log was cut off or written anew: place %s of its chain is not what was noted; run"
    " flask activity verify"
)
log = logging.getLogger(__name__)


def record_hourly(now: datetime) -> bool:
    """Note where the chain stands, unless it has not grown; return whether it was noted.

    Where the last head that was noted is not in the chain any more, operators are told, and nothing
    is noted that would hide it.
    """
    hourly, newest = _read(FILE), _read(NEWEST)
    for heads in (hourly, newest):
        sequence, known = max(heads.items(), default=(0, ""))
        place = select(ActivitySeal.chain).where(ActivitySeal.sequence == sequence)
        if heads and db.session.scalar(place) != known:
            log.error(CUT, sequence)
            return False
    last = db.session.execute(
        select(ActivitySeal.sequence, ActivitySeal.chain)
        .order_by(ActivitySeal.sequence.desc())
        .limit(1)
    ).first()
    if last is None or last.sequence <= max(hourly, default=0):
        return False
    _add(last.sequence, last.chain, now.isoformat())
    return True


def recorded() -> dict[int, str]:
    """Return the heads that were noted on this machine, by their place in the chain; a line that is
    not whole is none.
    """
    return _read(FILE) | _read(NEWEST)


def as_files() -> dict[str, str]:
    """Return the files of heads as they are, for a backup."""
    return {name: _path(name).read_text("utf-8", "replace") for name in _there()}


def replace_files(files: Mapping[str, str], *, now: datetime) -> None:
    """Put the heads of a backup in the place of this machine's, which are kept under another name:
    they may name lines that the backup does not have.
    """
    for name in _there():
        _path(name).rename(_path(f"{name}.before-{now:%Y%m%dT%H%M%S}"))
    for name in (FILE, NEWEST):
        if name in files:
            with os.fdopen(os.open(_path(name), os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write(files[name])


def compare(sequence: int, chain: str) -> None:
    """Compare the end of the chain, before it grows, with the newest head of this machine.

    Called by whoever is the only one to write the log just now. Where that head is gone, operators
    are told, and it is kept for good, so that the chain that grows instead does not hide it.
    """
    with _letting_go_on():
        place, known = next(iter(_read(NEWEST).items()), (0, ""))
        if place and (place > sequence or (place == sequence and known != chain)):
            log.error(CUT, place)
            if _read(FILE).get(place) != known:
                _add(place, known, "cut")
            os.unlink(_path(NEWEST))


def record_newest(sequence: int, chain: str) -> None:
    """Note the head of a commit, unless a later one was noted meanwhile."""
    with (
        _letting_go_on(),
        os.fdopen(os.open(_path(NEWEST), os.O_RDWR | os.O_CREAT, 0o600), "r+") as file,
    ):
        fcntl.flock(file, fcntl.LOCK_EX)
        if sequence > max(_parsed(file.read()), default=0):
            file.seek(0)
            file.write(f"{sequence:010} {chain} newest\n")


@contextmanager
def _letting_go_on() -> Iterator[None]:
    """What people do goes on though a head cannot be noted; operators are told."""
    try:
        yield
    except OSError:
        log.exception("the head of the activity log cannot be noted in the instance folder")


def _add(sequence: int, chain: str, when: str) -> None:
    with os.fdopen(
        os.open(_path(FILE), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="ascii"
    ) as file:
        file.write(
            f"\n{sequence} {chain} {when}\n"
        )  # the line before may be torn, by a disk that was full


def _there() -> list[str]:
    return [name for name in (FILE, NEWEST) if _path(name).exists()]


def _read(name: str) -> dict[int, str]:
    path = _path(name)
    return _parsed(path.read_text("utf-8", errors="replace")) if path.exists() else {}


def _parsed(text: str) -> dict[int, str]:
    lines = (line.split() for line in text.splitlines())
    return {int(words[0]): words[1] for words in lines if len(words) == 3 and words[0].isdecimal()}


def _path(name: str) -> Path:
    return Path(current_app.config["SETTINGS"].instance_path) / name
