"""Which rows a file holds: first their ids, then the rows themselves, a batch at a time.

Here: reading in short transactions of its own, so that a slow reader holds nothing open. Not here:
what a list's filters mean (each feature's queries).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from app.exchange.columns import Column
from app.exchange.files import File
from app.exchange.writing import Rows
from app.extensions import db

BATCH = 500
IDS_AT_ONCE = 5_000


def ids(query: Select[Any], key: Any) -> array[int]:
    """Return the ids of all rows of a query, in its order: eight bytes for each."""
    return array(
        "q",
        db.session.scalars(query.with_only_columns(key).execution_options(yield_per=IDS_AT_ONCE)),
    )


def batches(
    file: File, wanted: Sequence[int], columns: Sequence[Column], engine: Engine
) -> Iterator[Rows]:
    """Give these columns of the rows with these ids in their order; those that have gone are
    left out.
    """
    for start in range(0, len(wanted), BATCH):
        yield _values(file, wanted[start : start + BATCH], columns, engine)


def _values(file: File, wanted: Sequence[int], columns: Sequence[Column], engine: Engine) -> Rows:
    with Session(engine) as session:
        query = select(file.model).where(file.model.id.in_(wanted)).options(*file.eager)
        found = {row.id: row for row in session.scalars(query)}
        return [[column.value(found[one]) for column in columns] for one in wanted if one in found]
