"""The chain of the log, in the words of its tests: lines that are written, what verifying says,
changes past the portal.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text as sql

from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.log_integrity import signing_keys
from app.log_integrity.retention import SETTING
from app.log_integrity.verification import Verification, verify
from app.models import Activity, ActivityPruning, Organization
from tests.conftest import unguarded

NOW = datetime(2026, 11, 21, 1, 2, 3, 456789, tzinfo=UTC)


def write(here: Organization | None, *, count: int = 1, at: datetime = NOW) -> list[Activity]:
    lines = [
        activity.record(
            events.MEMBER_SUSPENDED, now=at, by=None, organization=here, reason=f"休職 {number}"
        )
        for number in range(count)
    ]
    db.session.commit()
    return lines


def choose(here: Organization, days: int | None = 90, *, at: datetime = NOW) -> Activity:
    """Let the log say that an organization keeps it for so many days."""
    line = activity.record(
        events.ORGANIZATION_EDITED,
        now=at,
        by=None,
        organization=here,
        subject=here,
        changes={SETTING: [None, days]},
    )
    db.session.commit()
    return line


def allow(
    here: Organization | None,
    before: datetime,
    *,
    chosen: Activity | None,
    told_in: Organization | None = None,
    at: datetime = NOW,
    count: int = 1,
) -> None:
    """Write a pruning and the line that tells of it, whatever it lets go."""
    line = activity.record(
        events.LOG_PRUNED,
        now=at,
        by=None,
        organization=told_in or here,
        count=count,
        before_at=before,
    )
    db.session.flush()
    db.session.add(
        ActivityPruning(
            activity_id=line.id,
            organization_id=here.id if here else None,
            before=before,
            chosen_id=chosen.id if chosen else None,
            pruned_at=at,
        )
    )
    db.session.commit()


def verdict(since: str = "") -> Verification:
    db.session.commit()
    with db.engine.connect() as connection:
        return verify(connection, keys=signing_keys.known(), since=since)


def bare(number: int | str) -> int | str:
    """The place of a seal without its log, where a test writes in one; a line as it is."""
    place = str(number).partition(":")[2]
    return int(place) if place else number


def tamper(statement: str, **words: object) -> None:
    """Change the database past its triggers, as its owner can."""
    db.session.commit()
    with db.engine.begin() as connection, unguarded(connection):
        connection.execute(sql(statement), words)
