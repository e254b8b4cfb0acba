"""Engines: what the two databases ask for before rows of another may be put into them.

Here: one transaction in which foreign keys are checked at the end. Not here: the rows
(backup.restoring).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from app.backup import tables
from app.backup.refusals import RowsUnfit

KEYED = "activity_seal_keyed"
"""The trigger that refuses seals without a key: those of old versions have none."""
FOREIGN_KEYS = text(
    "SELECT c.conname AS name, c.conrelid::regclass::text AS owner,"
    " pg_get_constraintdef(c.oid) AS said FROM pg_constraint AS c"
    " JOIN pg_class AS t ON t.oid = c.conrelid"
    " WHERE c.contype = 'f' AND t.relnamespace = current_schema()::regnamespace"
    " AND t.relname = ANY(:tables) ORDER BY 2, 1"
)


@contextmanager
def filling(names: Iterable[str]) -> Iterator[Connection]:
    """Give a transaction that puts rows in, in any order; all of them stay, or none. Raises
    RowsUnfit.
    """
    with tables.connected() as connection:
        if connection.dialect.name == "postgresql":
            with connection.begin(), _unbound(connection, list(names)):
                yield connection
            return
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            with _unkeyed(connection):
                yield connection
            _ensure_bound(connection)
            connection.commit()
        finally:
            connection.rollback()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


@contextmanager
def _unbound(connection: Connection, tables: list[str]) -> Iterator[None]:
    """Take the foreign keys away, and put them back, which checks every row."""
    keys = connection.execute(FOREIGN_KEYS, {"tables": tables}).all()
    quote = connection.dialect.identifier_preparer.quote
    away = [f"ALTER TABLE {key.owner} DROP CONSTRAINT {quote(key.name)}" for key in keys]
    back = [f"ALTER TABLE {key.owner} ADD CONSTRAINT {quote(key.name)} {key.said}" for key in keys]
    asked = text("SELECT 1 FROM pg_trigger WHERE tgname = :name")
    if connection.scalar(asked, {"name": KEYED}) is not None:
        away.append(f"ALTER TABLE activity_seal DISABLE TRIGGER {KEYED}")
        back.append(f"ALTER TABLE activity_seal ENABLE TRIGGER {KEYED}")
    for statement in away:
        connection.exec_driver_sql(statement)
    yield
    for statement in back:
        connection.exec_driver_sql(statement)


@contextmanager
def _unkeyed(connection: Connection) -> Iterator[None]:
    asked = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name")
    said = connection.scalar(asked, {"name": KEYED})
    if said:
        connection.exec_driver_sql("DROP TRIGGER activity_seal_keyed")
    yield
    if said:
        connection.exec_driver_sql(said)


def _ensure_bound(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise RowsUnfit(table=broken[0], reason=f"{broken[0]} {broken[1]} → {broken[2]}")
