"""Values: how a database's values stand in a backup, the same for every database.

Here: which kind of value a column holds, writing it, reading it for a column of another database.
Not here: which columns there are (backup.tables).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Date, DateTime, LargeBinary, Numeric, Time, Uuid
from sqlalchemy.types import TypeEngine

MOMENT, DAY, TIME, BYTES, NUMBER, AS_TEXT, PLAIN = (
    "moment",
    "day",
    "time",
    "bytes",
    "number",
    "text",
    "",
)
KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (DateTime, MOMENT),
    (Date, DAY),
    (Time, TIME),
    (LargeBinary, BYTES),
    (JSON, AS_TEXT),
    (Uuid, AS_TEXT),
    (Numeric, NUMBER),
)


def kind_of(column_type: TypeEngine[Any]) -> str:
    """Which kind of value a column holds; a document stays the text that it is kept as."""
    return next((kind for known, kind in KINDS if isinstance(column_type, known)), PLAIN)


def _moment(value: datetime) -> str:
    """A moment with a zone is written in UTC, as SQLite keeps it."""
    return (value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value).isoformat()


WRITTEN: dict[str, Callable[[Any], Any]] = {
    MOMENT: _moment,
    DAY: date.isoformat,
    TIME: time.isoformat,
    BYTES: lambda value: b64encode(value).decode(),
    NUMBER: lambda value: value if isinstance(value, float) else str(value),
}
READ: dict[str, Callable[[Any], Any]] = {
    MOMENT: datetime.fromisoformat,
    DAY: date.fromisoformat,
    TIME: time.fromisoformat,
    BYTES: b64decode,
    NUMBER: lambda value: value if isinstance(value, float) else Decimal(value),
}


def writer(kind: str) -> Callable[[Any], Any]:
    """Return what writes a value of a kind; nothing stays nothing."""
    write = WRITTEN.get(kind)
    return (lambda value: None if value is None else write(value)) if write else _same


def reader(kind: str, column_type: TypeEngine[Any]) -> Callable[[Any], Any]:
    """Return what reads a value of a kind for a column of this database."""
    read = READ.get(kind)
    if read is None:
        return _same
    if kind == MOMENT and getattr(column_type, "timezone", False):
        return lambda value: value and datetime.fromisoformat(value).replace(tzinfo=UTC)
    return lambda value: None if value is None else read(value)


def _same(value: Any) -> Any:
    return value
