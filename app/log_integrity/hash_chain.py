"""Hash chain: each line is tied to the one before it in its chain and signed, as it is written.

Here: what a session does before it commits, and the line that tells of another key. A line that
cannot be sealed is not written, nor is what it tells of. Not here: what an upgrade does to chains
(log_integrity.chain_upgrades), what a seal is made of (log_integrity.serialization,
log_integrity.signing_keys), checking (log_integrity.verification).
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, event, insert, select, text
from sqlalchemy.orm import Session, UOWTransaction, object_session

from app.activity.events import LOG_KEY_CHANGED, Event
from app.log_integrity import checkpoints, signing_keys, stream
from app.log_integrity.chains import COMMON, PLATFORM, Place, beginning, log_of
from app.log_integrity.serialization import COLUMNS, START, chained, digest, facts, values
from app.models import Activity, ActivitySeal

SEAL = tuple(ActivitySeal.__table__.columns)
WAITING, SEALED = "activity lines to seal", "activity lines sealed"
LAST_LOCKED = text("SELECT * FROM last_activity_seal(:log_id)").columns(*SEAL)
"""The same behind a lock that lasts until the transaction ends; SQLite has one writer at a time
anyway.
"""
log = logging.getLogger(__name__)


class LineFacts(NamedTuple):
    """What a line says, whose it is, and when it happened."""

    facts: dict[str, Any]
    organization_id: int | None
    happened_at: datetime

    @classmethod
    def by(cls, line: Mapping[str, Any]) -> LineFacts:
        return cls(facts(line), line["organization_id"], line["happened_at"])


def listen() -> None:
    """Seal what every session of this process commits; calling it again changes nothing."""
    if not event.contains(Session, "before_commit", _seal):
        event.listen(Session, "after_flush", _note)
        event.listen(Session, "before_commit", _seal)
        event.listen(Session, "after_commit", _tell)
        event.listen(Session, "after_rollback", _forget)


def _note(session: Session, _flush: UOWTransaction) -> None:
    lines = [line for line in session.new if isinstance(line, Activity)]
    if lines:
        session.info.setdefault(WAITING, []).extend(
            (line, LineFacts.by(values(line))) for line in lines
        )


def _seal(session: Session) -> None:
    """Seal what this transaction wrote; lines of a savepoint that was undone have left the
    session."""
    if session.in_nested_transaction():
        return
    session.flush()
    waiting = [
        said for line, said in session.info.pop(WAITING, ()) if object_session(line) is session
    ]
    by_log: dict[int, list[LineFacts]] = defaultdict(list)
    for said in sorted(waiting, key=lambda said: said.facts["id"]):
        by_log[log_of(said.organization_id)].append(said)
    for log_id, lines in sorted(by_log.items()):  # in one order, so that none waits in a circle
        sealed = append(session.connection(), lines, log_id=log_id)
        session.info.setdefault(SEALED, []).append((log_id, sealed))


def append(
    connection: Connection, lines: list[LineFacts], *, log_id: int, now: datetime | None = None
) -> list[dict[str, Any]]:
    """Chain lines to the end of their chain; return what they say, with their places.

    The seal before is checked first, so that none is built on that others put there. Where it has
    another key, or cannot be checked, a line says so.
    """
    last = last_seal(connection, log_id)
    checkpoints.compare(log_id, last.sequence if last else 0, last.chain if last else START)
    known = signing_keys.known()
    if last is not None and not signing_keys.is_signed(last, known[:1]):
        is_proved = signing_keys.is_signed(last, known)
        if not is_proved:
            log.error(
                "the seal at place %s of the activity log was not made with SECRET_KEY or its"
                " fallbacks; run flask activity verify",
                Place(log_id, last.sequence),
            )
        moment = now or lines[0].happened_at
        lines = [key_changed(connection, last, now=moment, is_proved=is_proved), *lines]
    if not lines:
        return []
    chain = last.chain if last is not None else _first(connection, log_id)
    made, placed = seals(last, lines, log_id, chain)
    connection.execute(insert(ActivitySeal), made)
    return placed


def _first(connection: Connection, log_id: int) -> str:
    return START if log_id == COMMON else beginning(connection)


def seals(
    last: Row[Any] | None, lines: Iterable[LineFacts], log_id: int, chain: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Make seals behind the last one; return them, and what the lines say with their places."""
    key, made, placed = signing_keys.known()[0], [], []
    for sequence, said in enumerate(lines, last.sequence + 1 if last is not None else 1):
        line_digest = digest(said.facts)
        chain = chained(chain, line_digest, said.organization_id, said.happened_at)
        seal = ActivitySeal(
            log_id=log_id,
            sequence=sequence,
            activity_id=said.facts["id"],
            organization_id=said.organization_id,
            happened_at=said.happened_at,
            line_digest=line_digest,
            chain=chain,
            key_id=key.id,
        )
        seal.signature = signing_keys.signature(key, seal)
        made.append({column.name: getattr(seal, column.name) for column in SEAL})
        placed.append(said.facts | {"sequence": sequence, "chain": chain})
    return made, placed


def key_changed(
    connection: Connection, last: Row[Any], *, now: datetime, is_proved: bool
) -> LineFacts:
    """Write the line that says which key sealed what came before it in its chain."""
    said = {"former": last.key_id, "place": last.sequence, "head": last.chain, "proved": is_proved}
    organization_id = last.log_id if last.log_id > PLATFORM else None
    return told(connection, LOG_KEY_CHANGED, organization_id, now, **said)


def told(
    connection: Connection,
    what: Event,
    organization_id: int | None,
    now: datetime,
    **details: Any,
) -> LineFacts:
    """Write a line that the log tells of itself."""
    line: dict[str, Any] = dict.fromkeys(COLUMNS) | {
        "happened_at": now,
        "organization_id": organization_id,
        "event": what.name,
        "actor_name": "",
        "as_platform": False,
        "subject_name": "",
        "via": "",
        "details": details,
    }
    del line["id"]
    made = insert(Activity).values(line).returning(Activity.id)
    return LineFacts.by(line | {"id": connection.execute(made).scalar_one()})


def last_seal(connection: Connection, log_id: int) -> Row[Any] | None:
    """Return the end of a chain, which nobody else changes until the transaction ends."""
    if connection.dialect.name == "postgresql":
        return connection.execute(LAST_LOCKED, {"log_id": log_id}).first()
    last = select(*SEAL).where(ActivitySeal.log_id == log_id)
    return connection.execute(last.order_by(ActivitySeal.sequence.desc()).limit(1)).first()


def _tell(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for log_id, sealed in session.info.pop(SEALED, ()):
        stream.write(sealed)
        checkpoints.record_newest(log_id, sealed[-1]["sequence"], sealed[-1]["chain"])


def _forget(session: Session) -> None:
    """After a rollback of the whole transaction nothing waits; one to a savepoint leaves what was
    written before it.
    """
    if not session.in_nested_transaction():
        session.info.pop(WAITING, None)
        session.info.pop(SEALED, None)
