"""Saving: everything that a portal's database holds, as of one moment, into one file.

Here: the snapshot, row by row, however many there are; whoever uses the portal meanwhile goes on.
Not here: the file (backup.archive).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, Text, cast, select, type_coerce

from app import packages
from app.backup import archive, tables, values
from app.backup.archive import FORMAT, Manifest, TableFile
from app.log_integrity import head_files, signing_keys

BATCH = 1_000
VERSION = "0.1.0"
"""Of the portal, which a backup names (pyproject.toml)."""


def save(path: Path, *, now: datetime) -> Manifest:
    """Write a backup to a new file, and return what is in it. Raises FileThere, NotWritable."""
    files = head_files.as_files()  # before the snapshot: what they name is in it
    with archive.created(path) as into, _snapshot() as connection:
        there = tables.reflected(connection, tables.names())
        manifest = _manifest(connection, there, files, now=now)
        for name, table in there.items():
            kept = manifest.tables[name]
            archive.add_rows(into, name, kept, _rows(connection, table, kept))
        archive.add_manifest(into, manifest)
    return manifest


def _manifest(
    connection: Connection, there: dict[str, Table], files: dict[str, str], *, now: datetime
) -> Manifest:
    ours = packages.of_application()
    return Manifest(
        format=FORMAT,
        version=VERSION,
        made_at=now.isoformat(),
        engine=connection.dialect.name,
        revision=str(tables.revision(connection)),
        key=signing_keys.known()[0].id,
        packages={
            one.name: tables.revision(connection, one.version_table) if one.migrations else None
            for one in ours
        },
        package_tables={one.name: [table.name for table in one.tables()] for one in ours},
        tables={
            name: TableFile([[one.name, values.kind_of(one.type)] for one in table.columns])
            for name, table in there.items()
        },
        last_ids=tables.last_ids(connection, there.values()),
        files=files,
    )


def _rows(connection: Connection, table: Table, kept: TableFile) -> Iterator[list[Any]]:
    """Read the rows of a table in the order of their key, a batch at a time."""
    kinds = [kind for _name, kind in kept.columns]
    writers = list(map(values.writer, kinds))
    columns = zip(table.columns, kinds, strict=True)
    wanted = select(*(_plain(column, kind, connection) for column, kind in columns))
    ordered = wanted.order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
    for row in connection.execute(ordered):
        yield [write(value) for write, value in zip(writers, row, strict=True)]


def _plain(column: Column[Any], kind: str, connection: Connection) -> ColumnElement[Any]:
    """A document is read as the text that it is kept as."""
    if kind != values.AS_TEXT:
        return column
    is_text = connection.dialect.name == "sqlite"
    return type_coerce(column, Text) if is_text else cast(column, Text)


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """Read everything as of one moment, while others write."""
    with tables.connected() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        else:
            connection.exec_driver_sql("BEGIN")
        yield connection
        connection.rollback()
