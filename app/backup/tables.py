"""Tables: which tables a backup holds, as the database has them, and the ids they gave.

Here: the portal's tables and those of packages, read from the database itself, so that an older
version's can be filled too. Not here: rows (backup.saving, backup.restoring).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, Integer, MetaData, Table, func, inspect, select, text

from app import packages
from app.extensions import db
from app.models import OWN_TABLES
from app.models.membership import WITH_ENDED

LEFT_OUT = frozenset({"rate"})
"""Counts of minutes: they are over before a backup is needed."""
BUILT_IN = frozenset({"ab_role", "member_role"})
LOG = frozenset({"activity", "activity_seal", "activity_pruning"})


@contextmanager
def connected() -> Iterator[Connection]:
    """Give a connection that reads memberships that ended too."""
    with db.engine.connect() as connection:
        yield connection.execution_options(**{WITH_ENDED: True})


def names() -> list[str]:
    """The tables that belong into a backup, the packages' included."""
    added = {table.name for one in packages.of_application() for table in one.tables()}
    return sorted((OWN_TABLES - LEFT_OUT) | added)


def reflected(connection: Connection, wanted: Iterable[str]) -> dict[str, Table]:
    """Read tables from the database, each after those that it points to."""
    metadata, wanted = MetaData(), set(wanted)
    there = wanted & set(inspect(connection).get_table_names())
    metadata.reflect(connection, only=sorted(there))
    return {one.name: one for one in metadata.sorted_tables if one.name in there}


def filled(connection: Connection) -> str | None:
    """Name a table that holds what people did; None where there is no such row.

    Roles that an upgrade writes are none: a new installation is upgraded before anything is done.
    """
    for name, table in reflected(connection, set(names()) - BUILT_IN).items():
        if connection.execute(select(table).limit(1)).first() is not None:
            return name
    return None


def revision(connection: Connection, version_table: str = "alembic_version") -> str | None:
    """At which version the tables of one history are."""
    options = {"version_table": version_table}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def last_ids(connection: Connection, tables: Iterable[Table]) -> dict[str, int]:
    """The highest id that each table ever gave, as far as the database remembers it."""
    counted = {table.name: column for table in tables if (column := _own_id(table)) is not None}
    found = {
        name: connection.scalar(select(func.max(table_id))) or 0
        for name, table_id in counted.items()
    }
    if connection.dialect.name == "postgresql":
        given = text(
            "SELECT last_value FROM pg_sequences WHERE format('%I.%I', schemaname,"
            " sequencename) = pg_get_serial_sequence(:name, 'id')"
        )
        remembered = {name: connection.scalar(given, {"name": name}) or 0 for name in counted}
    elif inspect(connection).has_table("sqlite_sequence"):
        rows = connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        remembered = {row.name: row.seq for row in rows if row.name in counted}
    else:
        remembered = {}
    return {name: max(last, remembered.get(name, 0)) for name, last in found.items()}


def keep_last_ids(connection: Connection, last: dict[str, int]) -> None:
    """Go on above the ids that were given: none is given twice."""
    if connection.dialect.name == "postgresql":
        goes_on = text(
            "SELECT setval(pg_get_serial_sequence(:name, 'id'), :id)"
            " WHERE pg_get_serial_sequence(:name, 'id') IS NOT NULL"
        )
        for name, number in last.items():
            if number:
                connection.execute(goes_on, {"name": name, "id": number})
        return
    counting = text(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :name"
        " AND sql LIKE '%AUTOINCREMENT%'"
    )
    for name, number in last.items():
        if number and connection.scalar(counting, {"name": name}):
            words = {"name": name, "id": number}
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), words)
            connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :id)"), words)


def _own_id(table: Table) -> Column[int] | None:
    column = table.c.get("id")
    is_counted = column is not None and column.primary_key and isinstance(column.type, Integer)
    return column if is_counted else None
