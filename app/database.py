"""Database: how SQLite is spoken to, and at which version the tables are.

Here: what is said on each new connection and before a savepoint, and the version check. Not here:
the address of the database (config), upgrading it.
"""

from __future__ import annotations

from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from app import packages
from app.extensions import db
from app.kernel.errors import StartRefused
from app.kernel.text import search_key

MIGRATIONS = packages.MIGRATIONS
OUTDATED = "The database is not at this version. Run: flask portal upgrade"
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=15000")


def listen() -> None:
    """Prepare every SQLite connection of this process; calling it again changes nothing."""
    if not event.contains(Engine, "connect", _prepare):
        event.listen(Engine, "connect", _prepare)
        event.listen(Engine, "savepoint", _begin_before)


def is_upgraded() -> bool:
    """Whether the database is at this version's migration, and at that of each package."""
    return not outdated()


def outdated() -> str:
    """What to do where the database is not at this version; nothing where it is."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with db.engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() != head:
            return OUTDATED
    return packages.outdated()


def ensure_upgraded() -> None:
    """End the start with one sentence when the database is not at this version."""
    if sentence := outdated():
        raise StartRefused(sentence)


def _prepare(connection: Any, _record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("folded", 1, _folded, deterministic=True)


def _folded(text: object) -> str | None:
    """SQLite's own functions fold ASCII only."""
    return None if text is None else search_key(str(text))


def _begin_before(connection: Connection, _name: str | None) -> None:
    """Begin the transaction that a savepoint stands in: without one, SQLite would commit when the
    savepoint is released.
    """
    if connection.dialect.name != "sqlite":
        return
    driver = connection.connection.dbapi_connection
    if driver is not None and not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
