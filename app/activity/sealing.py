"""Sealing: each line is chained to the one before it, in the transaction that writes it.

Here: what a session does before it commits, and seals for lines from before there were any. A line
that cannot be sealed is not written, nor is what it tells of. Not here: what a seal is made of
(activity.lines), checking (activity.verifying).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, event, insert, select, text
from sqlalchemy.orm import Session, UOWTransaction, object_session

from app.activity import stream
from app.activity.lines import COLUMNS, START, chained, digest, facts, values
from app.models import Activity, ActivitySeal

WAITING, SEALED = "activity lines to seal", "activity lines sealed"
LAST = (
    select(ActivitySeal.sequence, ActivitySeal.chain)
    .order_by(ActivitySeal.sequence.desc())
    .limit(1)
)
LAST_LOCKED = text("SELECT sequence, chain FROM last_activity_seal()")
"""The same behind a lock that lasts until the transaction ends; SQLite has one writer at a time
anyway.
"""
BATCH = 1_000


class Said(NamedTuple):
    """What a line says, whose it is, and when it happened."""

    facts: dict[str, Any]
    organization_id: int | None
    happened_at: datetime

    @classmethod
    def by(cls, line: Mapping[str, Any]) -> Said:
        return cls(facts(line), line["organization_id"], line["happened_at"])


def listen() -> None:
    """Seal what every session of this process commits; calling it again changes nothing."""
    if not event.contains(Session, "before_commit", _seal):
        event.listen(Session, "after_flush", _note)
        event.listen(Session, "before_commit", _seal)
        event.listen(Session, "after_commit", _tell)
        event.listen(Session, "after_rollback", _forget)


def seal_from_before(connection: Connection) -> int:
    """Seal lines that were written before there were seals; return how many. Where there is a seal,
    nothing is from before.
    """
    with connection.begin_nested():
        if _last(connection)[0]:
            return 0
        lines, count = (
            select(*Activity.__table__.columns)
            .order_by(Activity.id)
            .execution_options(yield_per=BATCH),
            0,
        )
        for batch in connection.execute(lines).partitions(BATCH):
            count += len(
                _append(
                    connection, [Said.by(dict(zip(COLUMNS, line, strict=True))) for line in batch]
                )
            )
    return count


def _note(session: Session, _flush: UOWTransaction) -> None:
    lines = [one for one in session.new if isinstance(one, Activity)]
    if lines:
        session.info.setdefault(WAITING, []).extend((line, Said.by(values(line))) for line in lines)


def _seal(session: Session) -> None:
    """Seal what this transaction wrote; lines of a savepoint that was undone have left the
    session."""
    if session.in_nested_transaction():
        return
    session.flush()
    waiting = [
        said for line, said in session.info.pop(WAITING, ()) if object_session(line) is session
    ]
    if waiting:
        session.info[SEALED] = _append(
            session.connection(), sorted(waiting, key=lambda said: said.facts["id"])
        )


def _append(connection: Connection, lines: Iterable[Said]) -> list[dict[str, Any]]:
    """Chain lines to the end; return what they say, with their places."""
    last, chain = _last(connection)
    seals, placed = [], []
    for sequence, said in enumerate(lines, last + 1):
        line_digest = digest(said.facts)
        chain = chained(chain, line_digest, said.organization_id, said.happened_at)
        place = {"sequence": sequence, "chain": chain}
        seals.append(
            place
            | {
                "activity_id": said.facts["id"],
                "organization_id": said.organization_id,
                "happened_at": said.happened_at,
                "line_digest": line_digest,
            }
        )
        placed.append(said.facts | place)
    connection.execute(insert(ActivitySeal), seals)
    return placed


def _last(connection: Connection) -> tuple[int, str]:
    row = connection.execute(
        LAST_LOCKED if connection.dialect.name == "postgresql" else LAST
    ).first()
    return (row.sequence, row.chain) if row and row.sequence else (0, START)


def _tell(session: Session) -> None:
    if not session.in_nested_transaction():
        stream.write(session.info.pop(SEALED, ()))


def _forget(session: Session) -> None:
    """After a rollback of the whole transaction nothing waits; one to a savepoint leaves what was
    written before it.
    """
    if not session.in_nested_transaction():
        session.info.pop(WAITING, None)
        session.info.pop(SEALED, None)
