"""Alembic's environment: the portal's database and Flask-AppBuilder's metadata, all tables in one
history. The tables of an integrator's package have a history of their own, run by this file too.

Here: how migrations run. Not here: the migrations (versions/), where those of packages are
(app.packages).
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from flask_appbuilder import Model
from sqlalchemy import Connection, Table, event, inspect, text
from sqlalchemy.types import TypeDecorator

from app.extensions import db
from app.models import OWN_TABLES
from app.models.membership import WITH_ENDED


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types as the plain ones they are kept in, so that a migration never
    changes with the code.
    """
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def compare_type(
    _context: Any, _inspected: Any, _metadata: Any, inspected: Any, ours: Any
) -> bool | None:
    """Compare our own column types by the plain ones they are kept in."""
    return (
        inspected._type_affinity is not ours.impl._type_affinity
        if isinstance(ours, TypeDecorator)
        else None
    )


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave the queue's own tables alone: it makes and keeps them itself (jobs.queue.prepare)."""
    return kind != "table" or not str(name).startswith("job_")


def include_object(item: Any, name: str | None, kind: str, _reflected: Any, _to: Any) -> bool:
    """Look at the tables of this history only: the portal's, or those of one package; not at
    indexes that PostgreSQL alone has.
    """
    if kind == "index" and name in POSTGRESQL_ONLY:
        return False
    table = name if kind == "table" else getattr(getattr(item, "table", None), "name", None)
    return table is None or table in TABLES or str(table).startswith(REBUILT)


PACKAGE = context.config.attributes.get("package")
TABLES = {table.name for table in PACKAGE.tables()} if PACKAGE else OWN_TABLES
POSTGRESQL_ONLY = {"ix_search_entry_pieces", "ix_search_entry_words"}
REBUILT = "_alembic_tmp_"
"""How the names of tables begin that a batch makes, to copy into."""
OPTIONS: dict[str, Any] = {
    "target_metadata": Model.metadata,
    "render_as_batch": True,
    "compare_type": compare_type,
    "render_item": render_item,
    "include_name": include_name,
    "include_object": include_object,
    **({"version_table": PACKAGE.version_table} if PACKAGE else {}),
}


@event.listens_for(Table, "before_create")
def keep_autoincrement(table: Table, connection: Connection, **_options: Any) -> None:
    """Rebuild a table of SQLite as one that never gives an id twice, where it is one: a batch would
    forget it.
    """
    name = table.name.removeprefix(REBUILT)
    if connection.dialect.name == "sqlite" and name != table.name:
        asked = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
        if "AUTOINCREMENT" in (connection.scalar(asked, {"name": name}) or ""):
            table.dialect_options["sqlite"]["autoincrement"] = True


def last_ids(connection: Connection) -> dict[str, int]:
    """The highest id that SQLite ever gave in each table that gives none twice."""
    there = text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'")
    if connection.dialect.name != "sqlite" or not connection.scalar(there):
        return {}
    given = connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
    return {row.name: row.seq for row in given}


def keep_last_ids(connection: Connection, before: dict[str, int]) -> None:
    """Go on above the ids that were given before tables were rebuilt."""
    after, there = last_ids(connection), set(inspect(connection).get_table_names())
    gone = text("DELETE FROM sqlite_sequence WHERE name = :name")
    goes_on = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :id)")
    for name in before.keys() & there:
        last = {"name": name, "id": max(before[name], after.get(name, 0))}
        connection.execute(gone, last)
        connection.execute(goes_on, last)


def run_online() -> None:
    """Run the migrations in one transaction; SQLite checks foreign keys only after tables were
    rebuilt.
    """
    engine = context.config.attributes.get("engine") or db.engine
    with engine.connect().execution_options(**{WITH_ENDED: True}) as connection:
        sqlite, before = connection.dialect.name == "sqlite", last_ids(connection)
        connection.commit()
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        context.configure(connection=connection, transaction_per_migration=not sqlite, **OPTIONS)
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            keep_last_ids(connection, before)
            connection.commit()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def run_offline() -> None:
    """Print the SQL instead of running it."""
    context.configure(
        url=current_app.config["SQLALCHEMY_DATABASE_URI"], literal_binds=True, **OPTIONS
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
