"""Sealing: each line is chained to the one before it and signed, in the transaction that writes it.

Here: what a session does before it commits, the line that tells of another key, and seals for lines
from before there were any. A line that cannot be sealed is not written, nor is what it tells of.
Not here: what a seal is made of (log_integrity.serialization, log_integrity.signing_keys), checking
(log_integrity.verification).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, event, insert, select, text
from sqlalchemy.orm import Session, UOWTransaction, object_session

from app.activity.events import LOG_KEY_CHANGED
from app.log_integrity import checkpoints, signing_keys, stream
from app.log_integrity.serialization import COLUMNS, START, chained, digest, facts, values
from app.models import Activity, ActivitySeal

SEAL = tuple(ActivitySeal.__table__.columns)
WAITING, SEALED = "activity lines to seal", "activity lines sealed"
LAST = select(*SEAL).order_by(ActivitySeal.sequence.desc()).limit(1)
LAST_LOCKED = text("SELECT * FROM last_activity_seal()").columns(*SEAL)
"""The same behind a lock that lasts until the transaction ends; SQLite has one writer at a time
anyway.
"""
BATCH = 1_000
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


def seal_from_before(connection: Connection) -> int:
    """Seal lines that were written before there were seals; return how many. Where there is a seal,
    nothing is from before.
    """
    with connection.begin_nested():
        if _last(connection) is not None:
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
                    connection,
                    [LineFacts.by(dict(zip(COLUMNS, line, strict=True))) for line in batch],
                )
            )
    return count


def begin_keys(connection: Connection, *, now: datetime) -> bool:
    """Say in the log that from here on every seal has a key, once: where no seal has one yet.

    Seals without a key count up to this line; their chain is in it, and the heads that were noted
    tell whether that was written anew before.
    """
    keyed = select(ActivitySeal.sequence).where(ActivitySeal.key_id != "").limit(1)
    with connection.begin_nested():
        last = _last(connection)
        if last is None or connection.scalar(keyed) is not None:
            return False
        _write(connection, last, [_key_changed(connection, last, now=now, is_proved=True)])
    return True


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
    if waiting:
        session.info[SEALED] = _append(
            session.connection(), sorted(waiting, key=lambda said: said.facts["id"])
        )


def _append(connection: Connection, lines: list[LineFacts]) -> list[dict[str, Any]]:
    """Chain lines to the end; return what they say, with their places.

    The seal before is checked first, so that none is built on that others put there. Where it has
    another key, or cannot be checked, a line says so.
    """
    last = _last(connection)
    checkpoints.compare(last.sequence if last else 0, last.chain if last else START)
    known = signing_keys.known()
    if last is not None and not signing_keys.is_signed(last, known[:1]):
        is_proved = signing_keys.is_signed(last, known)
        if not is_proved:
            log.error(
                "the seal at place %s of the activity log was not made with SECRET_KEY or its"
                " fallbacks; run flask activity verify",
                last.sequence,
            )
        moment = lines[0].happened_at
        lines = [_key_changed(connection, last, now=moment, is_proved=is_proved), *lines]
    return _write(connection, last, lines)


def _write(
    connection: Connection, last: Row[Any] | None, lines: Iterable[LineFacts]
) -> list[dict[str, Any]]:
    start, chain = (last.sequence, last.chain) if last is not None else (0, START)
    key, seals, placed = signing_keys.known()[0], [], []
    for sequence, said in enumerate(lines, start + 1):
        line_digest = digest(said.facts)
        chain = chained(chain, line_digest, said.organization_id, said.happened_at)
        seal = ActivitySeal(
            sequence=sequence,
            activity_id=said.facts["id"],
            organization_id=said.organization_id,
            happened_at=said.happened_at,
            line_digest=line_digest,
            chain=chain,
            key_id=key.id,
        )
        seal.signature = signing_keys.signature(key, seal)
        seals.append({column.name: getattr(seal, column.name) for column in SEAL})
        placed.append(said.facts | {"sequence": sequence, "chain": chain})
    connection.execute(insert(ActivitySeal), seals)
    return placed


def _key_changed(
    connection: Connection, last: Row[Any], *, now: datetime, is_proved: bool
) -> LineFacts:
    """Write the line that says which key sealed what came before it."""
    line: dict[str, Any] = dict.fromkeys(COLUMNS) | {
        "happened_at": now,
        "event": LOG_KEY_CHANGED.name,
        "actor_name": "",
        "as_platform": False,
        "subject_name": "",
        "via": "",
        "details": {
            "former": last.key_id,
            "place": last.sequence,
            "head": last.chain,
            "proved": is_proved,
        },
    }
    del line["id"]
    made = insert(Activity).values(line).returning(Activity.id)
    return LineFacts.by(line | {"id": connection.execute(made).scalar_one()})


def _last(connection: Connection) -> Row[Any] | None:
    return connection.execute(
        LAST_LOCKED if connection.dialect.name == "postgresql" else LAST
    ).first()


def _tell(session: Session) -> None:
    if session.in_nested_transaction():
        return
    sealed = session.info.pop(SEALED, ())
    stream.write(sealed)
    if sealed:
        checkpoints.record_newest(sealed[-1]["sequence"], sealed[-1]["chain"])


def _forget(session: Session) -> None:
    """After a rollback of the whole transaction nothing waits; one to a savepoint leaves what was
    written before it.
    """
    if not session.in_nested_transaction():
        session.info.pop(WAITING, None)
        session.info.pop(SEALED, None)
