"""Ids that the log tells of are never given twice, on the database as migrations make it (T2-103).

Here: SQLite's AUTOINCREMENT, from each earlier version; PostgreSQL never gives one twice. Not here:
what rows are kept (test_migrations.py), login IDs (accounts/test_never_again.py).
"""

from __future__ import annotations

import pytest
from flask import Flask
from flask_appbuilder import Model
from flask_migrate import downgrade
from sqlalchemy import text

from app.database import MIGRATIONS
from app.extensions import db
from app.models import OWN_TABLES
from app.upgrade import upgrade
from tests import factories

LINE = """INSERT INTO activity (happened_at, event, actor_name, as_platform, subject_id,
    subject_name, details) VALUES (:at, 'account_deleted', '', false, :id, 'Somebody', '{{}}')"""
LINE_0004 = LINE.replace("details)", "details, via)").replace("'{{}}'", "'{{}}', ''").format()


@pytest.mark.parametrize("earlier", ["0001", "0002", "0003", "0004"])
def test_they_come_up_from_each_earlier_version_with_what_people_have(
    with_demo: Flask, earlier: str
) -> None:
    """T2-103: on SQLite no table that the log tells of gives an id again, and all go on above what
    it told.
    """
    had = members()
    db.session.commit()  # nothing that was read may hold the tables
    downgrade(directory=str(MIGRATIONS), revision=earlier)
    told = {"at": "2026-01-01 00:00:00", "id": 5_000}
    with db.engine.begin() as connection:
        if earlier in ("0001", "0002", "0003"):
            connection.execute(text(LINE.format()), told)
        else:
            connection.execute(text(LINE_0004), told)
    upgrade()
    assert members() == had
    if db.engine.dialect.name == "sqlite":
        newcomer = factories.account("newcomer")
        assert newcomer.id == 5_001
        db.session.rollback()
        assert without_autoincrement() == set()
        db.session.rollback()
    assert with_demo.test_cli_runner().invoke(args=["db", "check"]).exit_code == 0


def test_a_rebuilt_table_never_gives_an_id_again(upgraded: Flask) -> None:
    """T2-103: on the migrated database, whatever a migration rebuilds."""
    gone = factories.account("gone")
    db.session.commit()
    last = gone.id
    db.session.delete(gone)
    db.session.commit()
    downgrade(directory=str(MIGRATIONS), revision="0004")
    upgrade()
    assert factories.account("newcomer").id > last


def test_models_and_migrations_agree_on_which_ids_are_given_once(sqlite_app: Flask) -> None:
    """T2-103: `alembic check` does not see AUTOINCREMENT. Rebuild a table in a migration and env.py
    keeps it; a new table says sqlite_autoincrement=True itself.
    """
    with sqlite_app.app_context():
        assert without_autoincrement() == set()


def members() -> int:
    with db.engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM membership")) or 0)


def without_autoincrement() -> set[str]:
    """The tables of whose ids the models say that none is given twice, and the database does
    not.
    """
    asked = {
        name
        for name, table in Model.metadata.tables.items()
        if name in OWN_TABLES
        if table.dialect_options["sqlite"]["autoincrement"]
    }
    assert {"ab_user", "organization", "membership", "member_role", "invite", "portal_key"} <= asked
    made = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
    return asked - set(db.session.scalars(text(made)))
