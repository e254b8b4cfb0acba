"""What the tests of backups share: a portal that has something of everything, empty databases, what
a backup holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app import create_app
from app.backup import archive, tables
from app.backup.archive import Manifest
from app.demo import service as demo
from app.extensions import db
from app.log_integrity import checkpoints
from app.models import Account, AccountSession, BatchState, LetterState, Organization, Webhook
from app.models.session import LIFE
from tests import factories
from tests.conftest import settings_for

Make = Callable[[str], Flask]


@pytest.fixture
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """`make("sqlite")`: an application on a database that no migration has touched."""

    def made(engine: str) -> Flask:
        folder = tmp_path / engine
        folder.mkdir(mode=0o700)
        settings = settings_for(folder)
        if engine == "postgresql":
            settings = replace(settings, database_url=request.getfixturevalue("fresh_postgres_url"))
        return create_app(settings, check_database=False)

    return made


@pytest.fixture
def lived_in(each_app: Flask, now: datetime) -> Flask:
    """The demo, with a browser signed in, a letter and batches on their way, an id that was given
    and whose row is gone, and a line of the log sealed before seals had keys.
    """
    demo.load(members=demo.FEWEST_MEMBERS, now=now)
    db.session.commit()
    checkpoints.record_hourly(now)
    tanaka = db.session.query(Account).filter_by(login_id="tanaka").one()
    here = db.session.query(Organization).filter_by(code="aozora").one()
    factories.letter(here, state=LetterState.WAITING, due_at=now, created_at=now, reason="")
    db.session.add(
        Webhook(
            organization_id=here.id,
            name="Payroll",
            address="https://payroll.example.com/members",
            created_at=now,
            secret="sealed",
            sent_up_to=0,
        )
    )
    db.session.add(
        AccountSession(
            account=tanaka,
            key_digest="0" * 64,
            created_at=now,
            last_used_at=now,
            expires_at=now + LIFE,
            idle_until=now + LIFE,
            proved_at=now,
        )
    )
    factories.batch(here, tanaka, state=BatchState.RUNNING, confirmed_at=now)
    factories.batch(here, tanaka, state=BatchState.CHECKING)
    gone = factories.account("gone")
    db.session.delete(gone)
    db.session.commit()
    return each_app


def manifest(path: Path) -> Manifest:
    with archive.opened(path) as (_source, found):
        return found


def is_empty() -> bool:
    """Whether the database has nobody in it, or no tables yet."""
    with tables.connected() as connection:
        return tables.filled(connection) is None


def number(statement: str) -> int:
    db.session.commit()
    return int(db.session.scalar(text(statement)) or 0)
