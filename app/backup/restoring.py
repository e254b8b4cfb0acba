"""Restoring: an empty database becomes what a backup holds, all of it or nothing.

Here: what is checked first, the tables at the backup's version, its rows in one transaction. A
restore that is killed begins again: until that transaction ends, the database stays empty.
Not here: what a restored portal holds back (backup.holding), the file (backup.archive).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask_appbuilder import Model
from flask_migrate import downgrade
from flask_migrate import upgrade as migrate_up
from sqlalchemy import Connection, Table, Text, bindparam, cast, delete, insert, inspect
from sqlalchemy.exc import DBAPIError

from app import packages
from app import upgrade as upgrading
from app.backup import archive, engines, holding, tables, values
from app.backup.archive import Archive, Manifest, TableFile
from app.backup.holding import Held
from app.backup.refusals import NotEmpty, OtherKey, PackageMissing, RowsUnfit, UnknownVersion
from app.database import MIGRATIONS
from app.extensions import db
from app.log_integrity import head_files, signing_keys
from app.packages import Package

BATCH = 1_000


def restore(path: Path, *, now: datetime, without_key: bool = False) -> tuple[Manifest, Held]:
    """Fill an empty database from a backup, bring it to this version, and hold back what would
    leave it. Raises NotABackup, NotEmpty, UnknownVersion, PackageMissing, OtherKey, RowsUnfit.
    """
    with archive.opened(path) as (source, manifest):
        _ensure_known(manifest, without_key=without_key)
        with upgrading.one_at_a_time():
            _make_tables(manifest)
            head_files.replace_files(manifest.files, now=now)
            held = _fill(source, manifest, now=now)
    upgrading.upgrade()
    return manifest, held


def _ensure_known(manifest: Manifest, *, without_key: bool) -> None:
    _ensure_version(ScriptDirectory(str(MIGRATIONS)), manifest.revision, "Meibo", manifest)
    ours = {one.name: one for one in packages.of_application()}
    for name, revision in manifest.packages.items():
        if name not in ours:
            raise PackageMissing(package=name)
        if revision is not None:
            _ensure_version(ours[name].script, revision, name, manifest)
    if not without_key and manifest.key not in {key.id for key in signing_keys.known()}:
        raise OtherKey(key=manifest.key)


def _ensure_version(script: ScriptDirectory, revision: str, name: str, manifest: Manifest) -> None:
    try:
        known = script.get_revision(revision)
    except CommandError:
        known = None
    if known is None:
        raise UnknownVersion(revision=revision, name=name, version=manifest.version)


def _make_tables(manifest: Manifest) -> None:
    """Make the tables as they were when the backup was written, in place of empty ones."""
    with tables.connected() as connection:
        if table := tables.filled(connection):
            raise NotEmpty(table=table)
    ours = packages.of_application()
    for package in reversed(ours):
        _drop_tables(package)
    if inspect(db.engine).has_table("alembic_version"):
        downgrade(directory=str(MIGRATIONS), revision="base")
    migrate_up(directory=str(MIGRATIONS), revision=manifest.revision)
    for package in ours:
        revision = manifest.packages.get(package.name)
        if revision is not None:
            migrate_up(directory=str(package.migrations), revision=revision)
        elif package.name in manifest.packages:
            Model.metadata.create_all(db.engine, tables=package.tables())


def _drop_tables(package: Package) -> None:
    if package.migrations and inspect(db.engine).has_table(package.version_table):
        downgrade(directory=str(package.migrations), revision="base")
    else:
        Model.metadata.drop_all(db.engine, tables=package.tables())


def _fill(source: Archive, manifest: Manifest, *, now: datetime) -> Held:
    with engines.filling(manifest.tables) as connection:
        there = tables.reflected(connection, manifest.tables)
        for name, kept in manifest.tables.items():
            if name not in there:
                raise RowsUnfit(table=name, reason="")
            _fill_table(connection, there[name], kept, archive.rows_of(source, name))
        tables.keep_last_ids(connection, manifest.last_ids)
        return holding.hold(connection, there, now=now)


def _fill_table(
    connection: Connection, table: Table, kept: TableFile, rows: Iterator[list[Any]]
) -> None:
    names = [name for name, _kind in kept.columns]
    try:
        readers = [values.reader(kind, table.c[name].type) for name, kind in kept.columns]
        statement = _insertion(connection, table, kept)
        if table.name not in tables.LOG:
            connection.execute(delete(table))  # what its migration put there
        while batch := list(islice(rows, BATCH)):
            read = (
                [reader(value) for reader, value in zip(readers, row, strict=True)] for row in batch
            )
            connection.execute(statement, [dict(zip(names, row, strict=True)) for row in read])
    except (DBAPIError, ValueError, KeyError) as error:
        reason = str(getattr(error, "orig", error)).partition("\n")[0]
        raise RowsUnfit(table=table.name, reason=reason) from error


def _insertion(connection: Connection, table: Table, kept: TableFile) -> Any:
    """Put a document in as the text that it is kept as."""
    documents = [table.c[name] for name, kind in kept.columns if kind == values.AS_TEXT]
    if connection.dialect.name == "sqlite":
        for column in documents:
            column.type = Text()
        return insert(table)
    said = {one.name: cast(bindparam(one.name, type_=Text), one.type) for one in documents}
    plain: dict[str, Any] = {name: bindparam(name) for name, _kind in kept.columns}
    return insert(table).values({**plain, **said})
