"""The chain of the log, in the words of its tests: lines that are written, what verifying says,
changes past the portal.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text as sql

from app.activity import events
from app.activity import service as activity
from app.activity.verifying import Verdict, verify
from app.extensions import db
from app.models import Activity, Organization
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


def verdict(since: str = "") -> Verdict:
    db.session.commit()
    with db.engine.connect() as connection:
        return verify(connection, since=since)


def tamper(statement: str, **words: object) -> None:
    """Change the database past its triggers, as its owner can."""
    db.session.commit()
    with db.engine.begin() as connection, unguarded(connection):
        connection.execute(sql(statement), words)
