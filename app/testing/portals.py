"""Portals for tests: made on a database of their own, and emptied between tests.

Here: settings, applications. Not here: who is in them (testing.cast).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask_appbuilder import Model
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, Table, inspect, text

from app import create_app, packages
from app.extensions import db
from app.log_integrity import head_files
from app.member_roles import builtin
from app.testing import snapshots
from app.testing.client import PortalClient
from app.upgrade import upgrade
from config import Settings

KEPT = {"ab_role", "alembic_version"}


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Settings of a portal that lives in a folder, addressed as http://localhost."""
    environment = {
        "INSTANCE_PATH": str(folder),
        "PORTAL_URL": "http://localhost",
        "SECRET_KEY": "secret-of-the-tests",
    }
    return replace(Settings.from_environment(environment), testing=True, **changes)


def build_app(
    settings: Settings, *, factory: Callable[..., Flask] = create_app, **options: Any
) -> Flask:
    """Make an application on an upgraded database, by the portal's factory or a package's."""
    app = factory(settings, check_database=False, **options)
    app.test_client_class = PortalClient
    app.jinja_env.bytecode_cache = _compiled
    with app.app_context():
        _upgrade(app)
    return app


class _Compiled(BytecodeCache):
    """Templates, compiled once for all applications of the process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_compiled = _Compiled()
_upgraded: dict[str, sqlite3.Connection] = {}
"""The portal's own tables on SQLite, by the secret they were made with."""


def _upgrade(app: Flask) -> None:
    """Upgrade the database; SQLite's, without running each migration again for each application."""
    made, secret = snapshots.of(app), app.config["SECRET_KEY"]
    is_new = made is not None and made.is_new()
    if made and is_new and secret in _upgraded:
        made.fill_from(_upgraded[secret])
    upgrade()
    if made and is_new and secret not in _upgraded and not packages.of_application():
        _upgraded[secret] = made.copy()


def empty(app: Flask) -> None:
    """Remove every row but the built-in ones, and what was noted of the log."""
    head_files.forget_all(app.config["SETTINGS"].instance_path)
    kept = snapshots.of(app)
    if kept and kept.put_back(snapshots.EMPTY):
        return
    with app.app_context():
        with db.engine.begin() as connection, unguarded(connection):
            there = set(inspect(connection).get_table_names()) - KEPT
            tables = [one for one in reversed(Model.metadata.sorted_tables) if one.name in there]
            _delete_rows(connection, tables)
            if kept:
                _count_apart(connection)
        builtin.mirror()
        db.session.commit()
    if kept:
        kept.keep(snapshots.EMPTY)


def _delete_rows(connection: Connection, tables: list[Table]) -> None:
    """Delete every row; on PostgreSQL by one message, whose answer is the only one waited for."""
    deletions = [str(table.delete()) for table in tables]
    if connection.dialect.name == "postgresql":
        deletions = ["; ".join(deletions)]
    driver = connection.connection.cursor()
    for deletion in deletions:
        driver.execute(deletion)
    driver.close()


def _count_apart(connection: Connection) -> None:
    """Let each table count from a thousand of its own: a row that is taken for one of another table
    is not there.
    """
    for place, table in enumerate(Model.metadata.sorted_tables, 1):
        if table.dialect_options["sqlite"]["autoincrement"]:
            start = {"name": table.name, "seq": place * 1000}
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), start)
            connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :seq)"), start)


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Let this transaction change and delete lines of the log, as somebody could who rules the
    database.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        connection.execute(text("SET LOCAL session_replication_role = origin"))
        return
    triggers = connection.execute(
        text(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE"
            " 'activity%'"
        )
    ).all()
    for name, _sql in triggers:
        dropping = f"DROP TRIGGER {connection.dialect.identifier_preparer.quote(name)}"
        connection.exec_driver_sql(dropping)
    yield
    for _name, sql in triggers:
        connection.exec_driver_sql(sql)
