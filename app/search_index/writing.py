"""Writing the index: with each row that a session writes, and anew for whole tables.

Whatever writes accounts, memberships or rows of added screens **in bulk**, past the session
(`insert(Account)`, `update(...)`, SQL), calls `write(Account, ids)` in the same transaction, with
the ids of the accounts: also where only memberships were written, for the index keeps in which
organizations somebody is found. Rows that a session writes are entered by themselves.

Here: entering, forgetting, building anew, what is missing. Not here: what an entry says
(search_index.entries).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, delete, event, exists, insert, inspect, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import Account, Membership
from app.models.search_entry import SearchEntry
from app.search_index.entries import NAMED, Source, source_of, sources

BATCH = 500
ENTRY = SearchEntry.__table__


def write(model: Any, ids: Iterable[int]) -> None:
    """Enter these rows as they are now in this transaction, and forget those that are gone."""
    source = source_of(model)
    if source is not None:
        db.session.flush()
        _write(db.session.connection(), source, sorted(set(ids)))


def rebuild() -> int:
    """Build the whole index anew; return how many rows it has."""
    connection, count = db.session.connection(), 0
    there = set(inspect(connection).get_table_names())
    for source in sources():
        if source.kind not in there:
            continue
        connection.execute(delete(ENTRY).where(ENTRY.c.kind == source.kind))
        for ids in _batches(connection, source):
            rows = source.entries(connection, ids)
            connection.execute(insert(ENTRY), rows)
            count += len(rows)
    return count


def complete() -> None:
    """Enter whatever has no entry yet, and forget what is gone."""
    connection = db.session.connection()
    there = set(inspect(connection).get_table_names())
    for source in sources():
        if source.kind in there:
            table = source.model.__table__
            lacking = connection.scalars(select(table.c.id).where(~_is_entered(source))).all()
            gone = connection.scalars(
                select(ENTRY.c.row_id).where(
                    ENTRY.c.kind == source.kind, ENTRY.c.row_id.not_in(select(table.c.id))
                )
            ).all()
            for ids in _cut([*lacking, *gone]):
                _write(connection, source, ids)


def incomplete() -> list[str]:
    """The names of the tables of which rows have no entry."""
    connection = db.session.connection()
    there = set(inspect(connection).get_table_names())
    return [
        source.kind
        for source in sources()
        if source.kind in there
        and connection.scalar(
            select(source.model.__table__.c.id).where(~_is_entered(source)).limit(1)
        )
    ]


def _is_entered(source: Source) -> Any:
    return exists().where(
        ENTRY.c.kind == source.kind, ENTRY.c.row_id == source.model.__table__.c.id
    )


def _write(connection: Connection, source: Source, ids: Sequence[int]) -> None:
    for some in _cut(ids):
        connection.execute(
            delete(ENTRY).where(ENTRY.c.kind == source.kind, ENTRY.c.row_id.in_(some))
        )
        if rows := source.entries(connection, some):
            connection.execute(insert(ENTRY), rows)


def _batches(connection: Connection, source: Source) -> Iterator[Sequence[int]]:
    table, last = source.model.__table__, 0
    while ids := connection.scalars(
        select(table.c.id).where(table.c.id > last).order_by(table.c.id).limit(BATCH)
    ).all():
        yield ids
        last = ids[-1]


def _cut(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))


@event.listens_for(Session, "after_flush")
def _with_the_rows(session: Session, _context: Any) -> None:
    """Enter what a flush has written, by the same connection."""
    changed: dict[Source, set[int]] = {}
    for row in (*session.new, *session.deleted):
        _note(changed, Account if isinstance(row, Membership) else type(row), row)
    for row in session.dirty:
        if not isinstance(row, Membership) and _is_changed(session, row):
            _note(changed, type(row), row)
    for source, ids in changed.items():
        _write(session.connection(), source, sorted(ids))


def _note(changed: dict[Source, set[int]], model: Any, row: Any) -> None:
    """Remember the row whose entry a written one changes: a membership's is its account's."""
    source = source_of(model)
    if source is not None:
        row_id = row.account_id if isinstance(row, Membership) else row.id
        changed.setdefault(source, set()).add(row_id)


def _is_changed(session: Session, row: Any) -> bool:
    if isinstance(row, Account):
        attributes: Any = inspect(row).attrs
        return any(attributes[name].history.has_changes() for name in NAMED)
    return session.is_modified(row)
