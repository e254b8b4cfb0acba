"""Holding: what a restored portal does not do by itself, and letting go of it.

Here: sessions end; letters and batches that waited are held, for some of them may have left or run
after the backup was written; which API keys work again. Not here: rows (backup.restoring).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Table, case, select, update

from app.activity import log_events
from app.activity import service as activity
from app.backup.archive import Manifest
from app.batches import service as batches
from app.extensions import db
from app.models import Account, Batch, BatchState, Letter, LetterState, Organization, PortalKey
from app.models.batch import WAITING
from app.models.portal_key import is_working
from app.outbox import after_commit


@dataclass(frozen=True)
class Held:
    """How much was ended, or waits for somebody's word."""

    sessions: int = 0
    letters: int = 0
    batches: int = 0
    webhooks: int = 0
    """That are off until somebody turns them on again."""


def hold(connection: Connection, there: Mapping[str, Table], *, now: datetime) -> Held:
    """End sessions and hold what waits, in tables of whatever version."""
    return Held(
        sessions=_end_sessions(connection, there.get("account_session"), now=now),
        letters=_hold(connection, there.get("letter"), {LetterState.WAITING}, LetterState.HELD),
        batches=_hold(connection, there.get("batch"), WAITING, BatchState.HELD),
        webhooks=_turn_off(connection, there.get("webhook")),
    )


def release(*, now: datetime) -> Held:
    """Let held letters leave and held batches go on."""
    letters: Any = db.session.execute(
        update(Letter)
        .where(Letter.state == LetterState.HELD)
        .values(state=LetterState.WAITING, due_at=now)
    )
    going_on = case(
        (Batch.confirmed_at.is_(None), str(BatchState.CHECKING)), else_=str(BatchState.QUEUED)
    )
    held: Any = db.session.execute(
        update(Batch)
        .where(Batch.state == BatchState.HELD)
        .values(state=going_on)
        .execution_options(synchronize_session=False)
    )
    after_commit.run_job()
    after_commit.run_job(batches.JOB)
    return Held(letters=letters.rowcount, batches=held.rowcount)


def note_restored(manifest: Manifest, *, now: datetime) -> None:
    """Let the log say that the portal is one from a backup."""
    activity.record(log_events.PORTAL_RESTORED, now=now, by=None, made_at=manifest.made_at)
    db.session.flush()


def working_keys(now: datetime) -> Iterator[tuple[str, str, str]]:
    """Give each API key that works: organization code, the key's label, its holder's login ID. One
    that was revoked after the backup works again.
    """
    keys = (
        select(Organization.code, PortalKey, Account.login_id)
        .join(Organization, Organization.id == PortalKey.organization_id)
        .join(Account, Account.id == PortalKey.account_id)
        .where(is_working(now))
        .order_by(Organization.code, PortalKey.id)
    )
    for code, key, login_id in db.session.execute(keys):
        yield code, key.label, login_id


def _end_sessions(connection: Connection, table: Table | None, *, now: datetime) -> int:
    if table is None:
        return 0
    ended: Any = connection.execute(
        update(table).where(table.c.ended_at.is_(None)).values(ended_at=now)
    )
    return int(ended.rowcount)


def _turn_off(connection: Connection, table: Table | None) -> int:
    if table is None:
        return 0
    off: Any = connection.execute(update(table).where(table.c.is_active).values(is_active=False))
    return int(off.rowcount)


def _hold(connection: Connection, table: Table | None, states: Set[StrEnum], held: StrEnum) -> int:
    if table is None:
        return 0
    done: Any = connection.execute(
        update(table)
        .where(table.c.state.in_(list(map(str, states))))
        .values(state=str(held), lease_until=None)
    )
    return int(done.rowcount)
