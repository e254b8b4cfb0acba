"""Splitting: a text as records of cells, with the lines of the file they begin in.

Here: the delimiter and the line of the header, found by the column names that are known; quotes
that stay open. Not here: encodings (imports.decoding), what a column means (imports.columns).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

from app.imports.refusals import MOST_BYTES, OpenQuote

csv.field_size_limit(MOST_BYTES)
DELIMITERS = (",", "\t", ";", "|")
HEAD = 10
"""In how many of the first lines the header is looked for."""
LINES_IN_A_CELL = 20
Record = tuple[int, list[str]]
"""The number of the line in which it begins, and its cells."""
Names = Callable[[Sequence[str]], int]
"""How many of some cells are names of columns."""


@dataclass(frozen=True)
class Layout:
    """How a text is split: its delimiter, and the number of the header's line."""

    delimiter: str
    header: int
    known: int = 0


def layout(text: str, names: Names, *, delimiter: str = "") -> Layout:
    """Find the delimiter and the header, among the first lines, that make the most known
    columns.
    """
    said = _said_delimiter(text)
    candidates = (delimiter or said,) if delimiter or said else DELIMITERS
    head = _head(text)
    found = [
        Layout(one, line, names(cells)) for one in candidates for line, cells in _split(head, one)
    ]
    best = max(found, key=lambda one: (one.known, -one.header), default=None)
    if best is not None and best.known:
        return best
    first = next((one for one in found if one.delimiter == candidates[0]), None)
    return Layout(candidates[0], first.header if first else 1)


def known_in(text: str, names: Names) -> int:
    """How many known columns the head of a text has."""
    return layout(text, names).known


def records(text: str, delimiter: str) -> Iterator[Record]:
    """Give every record but empty lines. Raises OpenQuote."""
    return _split(text, delimiter, is_whole=True)


def _split(text: str, delimiter: str, *, is_whole: bool = False) -> Iterator[Record]:
    quotes = 0

    def lines() -> Iterator[str]:
        nonlocal quotes
        for line in StringIO(text, newline=None):
            quotes += line.count('"')
            yield line

    reader = csv.reader(lines(), delimiter=delimiter)
    skipped = 1 if _said_delimiter(text) else 0
    while True:
        line, quotes = reader.line_num + 1, 0
        cells = next(reader, None)
        if cells is None:
            return
        if is_whole and reader.line_num > line:
            _ensure_closed(line, cells, quotes)
        if line > skipped and any(cells) and "".join(cells).strip(" \t\x1a\u3000"):
            yield line, cells


def _ensure_closed(line: int, cells: list[str], quotes: int) -> None:
    for cell in cells:
        breaks = cell.count("\n")
        if breaks > LINES_IN_A_CELL or (breaks and quotes % 2):
            raise OpenQuote(line=line)
        line += breaks


def _said_delimiter(text: str) -> str:
    """The delimiter that Excel's first line names, "" where there is no such line."""
    first = text[:8].lstrip('"').casefold()
    return text.lstrip('"')[4] if first.startswith("sep=") and len(first) > 4 else ""


def _head(text: str) -> str:
    """The first lines of a text, without reading it whole."""
    lines = StringIO(text[: 64 * 1024], newline=None)
    return "".join(line for _number, line in zip(range(HEAD), lines, strict=False))
