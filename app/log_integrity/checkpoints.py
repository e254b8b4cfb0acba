"""Checkpoints: where the chains of the log stood, noted in files outside the database.

Here: noting the newest of a chain with every commit, all of them every hour for good with one head
over all, and reading them. Whoever rules the database can cut off the end of a chain; not what was
noted here.
Not here: the files (log_integrity.head_files), walking the chains (log_integrity.verification).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, select, tuple_

from app.extensions import db
from app.log_integrity import head_files
from app.log_integrity.chains import Heads, Place, overall
from app.log_integrity.head_files import latest
from app.models import ActivitySeal

JOB = "note_log_head"
CHUNK = 500
CUT = (
    "the activity log was cut off or written anew: place %s of its chain is not what was noted; run"
    " flask activity verify"
)
log = logging.getLogger(__name__)


def record_hourly(now: datetime) -> bool:
    """Note where the chains stand, unless none has grown; return whether that was noted.

    Where the last head that was noted is not in its chain any more, operators are told, and nothing
    is noted that would hide it.
    """
    for noted in (head_files.hourly(), head_files.newest()):
        if gone := _gone(latest(noted)):
            log.error(CUT, gone)
            return False
    return note(_heads(), now=now)


def note(heads: Heads, *, now: datetime) -> bool:
    """Note heads for good, as far as they moved; return whether any did."""
    known = latest(head_files.hourly())
    moved = {one: head for one, head in heads.items() if head[0] > known.get(one, (0, ""))[0]}
    for log_id, (sequence, chain) in sorted(moved.items()):
        head_files.add(str(Place(log_id, sequence)), chain, now.isoformat())
    if moved:
        head_files.add(head_files.OVERALL, overall({**known, **heads}), now.isoformat())
    return bool(moved)


def recorded() -> dict[Place, str]:
    """Return the heads that were noted on this machine, by their place; a line that is not whole is
    none.
    """
    return head_files.hourly() | head_files.newest()


def compare(log_id: int, sequence: int, chain: str) -> None:
    """Compare the end of a chain, before it grows, with its newest head of this machine.

    Called by whoever is the only one to write to this chain just now. Where that head is gone,
    operators are told, and it is kept for good, so that the chain that grows instead does not hide
    it.
    """
    with _letting_go_on():
        place, known = head_files.newest_of(log_id)
        if place and (place > sequence or (place == sequence and known != chain)):
            cut = Place(log_id, place)
            log.error(CUT, cut)
            if head_files.hourly().get(cut) != known:
                head_files.add(str(cut), known, "cut")
            head_files.forget_newest(log_id)


def record_newest(log_id: int, sequence: int, chain: str) -> None:
    """Note the head of a commit, unless a later one was noted meanwhile."""
    with _letting_go_on():
        head_files.write_newest(log_id, sequence, chain)


@contextmanager
def _letting_go_on() -> Iterator[None]:
    """What people do goes on though a head cannot be noted; operators are told."""
    try:
        yield
    except OSError:
        log.exception("the head of the activity log cannot be noted in the instance folder")


def _heads() -> dict[int, tuple[int, str]]:
    last = (
        select(ActivitySeal.log_id, func.max(ActivitySeal.sequence).label("sequence"))
        .group_by(ActivitySeal.log_id)
        .subquery()
    )
    rows = db.session.execute(
        select(ActivitySeal.log_id, ActivitySeal.sequence, ActivitySeal.chain).join(
            last,
            (ActivitySeal.log_id == last.c.log_id) & (ActivitySeal.sequence == last.c.sequence),
        )
    )
    return {row.log_id: (row.sequence, row.chain) for row in rows}


def _gone(noted: Mapping[int, tuple[int, str]]) -> Place | None:
    """Return a head that is not in its chain any more."""
    heads = [(Place(log_id, place), chain) for log_id, (place, chain) in sorted(noted.items())]
    for start in range(0, len(heads), CHUNK):
        some = heads[start : start + CHUNK]
        places = [place for place, _chain in some]
        wanted = select(ActivitySeal.log_id, ActivitySeal.sequence, ActivitySeal.chain).where(
            tuple_(ActivitySeal.log_id, ActivitySeal.sequence).in_(places)
        )
        there = {Place(row[0], row[1]): row[2] for row in db.session.execute(wanted)}
        for place, chain in some:
            if there.get(place) != chain:
                return place
    return None
