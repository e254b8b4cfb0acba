"""Writing: rows of raw values as CSV or JSON, piece by piece.

Here: pure functions from rows to text. Not here: which rows and columns, sending them.
"""

from __future__ import annotations

import codecs
import csv
import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from app.exchange.columns import Column

Rows = Sequence[Sequence[Any]]
Writer = Callable[[Sequence[Column], Iterable[Rows]], Iterator[str]]

BOM = "\ufeff"
"""Tells Excel that a file is UTF-8."""
GETA = "meibo-geta"
AS_WINDOWS = str.maketrans("〜−‖—¢£¬", "～－∥―￠￡￢")
"""Signs that JIS and Windows give different code points."""
SEPARATORS = frozenset(';；,"\r\n')
FORMULA = tuple("=+-@＝＋－＠\t\r\n")
"""What makes a spreadsheet calculate a cell instead of showing it; full-width forms count in
Japanese ones.
"""


@dataclass(frozen=True)
class Format:
    """A way to write rows; `write` gives the file in pieces, one per batch of rows."""

    name: str
    mimetype: str
    write: Writer
    charset: str = "utf-8"

    @property
    def suffix(self) -> str:
        """What the name of such a file ends with."""
        return self.name.partition("-")[0]

    def encoded(self, piece: str) -> bytes:
        """A piece as bytes; what the character set lacks is replaced (CP932)."""
        return piece.encode() if self.charset == "utf-8" else in_cp932(piece)


def as_csv(columns: Sequence[Column], batches: Iterable[Rows]) -> Iterator[str]:
    """Write UTF-8 CSV that Excel opens: a BOM, CRLF, no cell that is a formula."""
    pieces = as_plain_csv(columns, batches)
    yield BOM + next(pieces)
    yield from pieces


def as_plain_csv(columns: Sequence[Column], batches: Iterable[Rows]) -> Iterator[str]:
    """Write the same without a BOM, for CP932, which knows none."""
    yield _lines([[column.key for column in columns]])
    for rows in batches:
        yield _lines(
            [
                [cell(value, column.separator) for column, value in zip(columns, row, strict=True)]
                for row in rows
            ]
        )


def as_json(columns: Sequence[Column], batches: Iterable[Rows]) -> Iterator[str]:
    """Write one array with an object per row, a row to a line."""
    before = "[\n"
    for rows in batches:
        objects = (
            {column.key: _plain(value) for column, value in zip(columns, row, strict=True)}
            for row in rows
        )
        text = ",\n".join(json.dumps(one, ensure_ascii=False) for one in objects)
        if text:
            yield before + text
            before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


FORMATS = {
    one.name: one
    for one in (
        Format("csv", "text/csv", as_csv),
        Format("csv-cp932", "text/csv", as_plain_csv, "Shift_JIS"),
        Format("json", "application/json", as_json),
    )
}
LABELS = {"csv": "CSV (UTF-8)", "csv-cp932": "CSV (Shift_JIS)", "json": "JSON"}


def in_cp932(text: str) -> bytes:
    """Encode for spreadsheets and machines that read Shift_JIS as Windows writes it.

    Signs that it writes another way are written its way; what it lacks becomes 〓.
    """
    return unicodedata.normalize("NFC", text).translate(AS_WINDOWS).encode("cp932", GETA)


def _geta(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "〓" * (error.end - error.start), error.end


codecs.register_error(GETA, _geta)


def safe(text: str) -> str:
    """Return a cell's text with an apostrophe before what a spreadsheet would calculate, and before
    what only apostrophes keep from it: whoever reads the file takes off exactly one.
    """
    bare = text.lstrip("'")
    return f"'{text}" if bare.startswith(FORMULA) or bare.lstrip().startswith(FORMULA) else text


def quoted(name: str) -> str:
    """Return one name of a list as it stands in a cell: in quotes where it holds a separator."""
    return f'"{name.replace(chr(34), chr(34) * 2)}"' if SEPARATORS & set(name) else name


def _lines(rows: Iterable[Iterable[str]]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def cell(value: Any, separator: str) -> str:
    value = _plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        joined = separator.join(quoted(str(one)) for one in value)
        return f"'{joined}" if value and safe(str(value[0])) != str(value[0]) else joined
    return safe(json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else str(value))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value
