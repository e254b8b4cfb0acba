"""Upgrade: bringing a database to this version, once, however many start at the same time.

Here: the lock, the migrations, seals for the log's older lines, FAB's permissions, the built-in
roles. Not here: the migrations themselves.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import current_app
from flask_appbuilder import Model
from flask_migrate import upgrade as migrate_up
from sqlalchemy import text

from app.access.seat import PLATFORM_ROLE
from app.activity import retention, sealing
from app.database import MIGRATIONS, OUTDATED, ensure_upgraded
from app.extensions import db
from app.jobs import queue
from app.kernel.clock import utcnow
from app.member_roles import builtin
from app.models import OWN_TABLES

ADVISORY_LOCK = 20_261_121


def upgrade() -> None:
    """Bring the database up to date; a second caller waits and then finds nothing to do."""
    with one_at_a_time():
        migrate_up(directory=str(MIGRATIONS))
        _make_added_tables()
        _seal(utcnow())
        db.session.commit()  # whoever waits to seal a line goes on
        _write_permissions()
        builtin.mirror()
        queue.prepare(current_app)
        db.session.commit()


def _make_added_tables() -> None:
    """Make the tables of added screens, where there are none yet."""
    added = [table for name, table in Model.metadata.tables.items() if name not in OWN_TABLES]
    Model.metadata.create_all(db.engine, tables=added)


def _seal(now: datetime) -> None:
    """Give seals to lines from before there were any, and keys to a chain from before there were
    any.
    """
    sealing.seal_from_before(db.session.connection())
    if sealing.begin_keys(db.session.connection(), now=now):
        retention.carry_over(now)


def ensure_done() -> None:
    """Wait while an upgrade runs; end the command with one sentence where the database is not at
    this version, or its built-in roles are not there.
    """
    with one_at_a_time():
        ensure_upgraded()
        if not builtin.is_mirrored():
            raise SystemExit(OUTDATED)


def _write_permissions() -> None:
    builder = current_app.appbuilder  # type: ignore[attr-defined]
    if builder.sm.find_role(PLATFORM_ROLE) is None:
        builder.sm.add_role(PLATFORM_ROLE)
    builder.add_permissions(update_perms=True)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock of the upgrade: whoever else wants it waits."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
        return
    with (current_app.config["SETTINGS"].instance_path / "upgrade.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
