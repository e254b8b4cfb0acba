"""Reading: a file as a table: how it is written, its columns, its rows.

Here: text or workbook, the survey that counts rows and finds columns nobody knows, the override of
each guess. Not here: what a row says (imports.rows), what it does (imports.checking).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.imports import splitting
from app.imports.cells import cleaned
from app.imports.decoding import LABELS, UNREADABLE, Decoded, decode, other_encoding
from app.imports.headers import Heading, headings, known_among
from app.imports.refusals import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    EmptyFile,
    FileTooLarge,
    NoKnownColumn,
    NoRows,
    TooManyColumns,
    TooManyRows,
)
from app.imports.splitting import HEAD, Record
from app.imports.workbooks import Workbook, is_workbook, open_workbook

SHOWN = 5
"""How many of the first rows are shown as they were read."""
MOST_SHEETS = 5
"""In how many sheets a header is looked for."""


@dataclass(frozen=True)
class Choices:
    """What somebody said of a file instead of what was guessed."""

    encoding: str = ""
    delimiter: str = ""
    header: int = 0
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    """By letter or name: the key of a column, or headers.NOT_IMPORTED."""


@dataclass(frozen=True)
class Table:
    """A file that was read; its rows are given anew each time they are asked for."""

    encoding: str
    delimiter: str
    header: int
    headings: tuple[Heading, ...]
    records: Callable[[], Iterator[Record]] = field(repr=False)
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    has_titles: bool = False
    size: int = 0
    first: tuple[Record, ...] = ()
    questions: tuple[Heading, ...] = ()
    """Columns that nobody knows and that hold something: nothing is imported before an answer."""
    other_encodings: Mapping[int, str] = field(default_factory=dict)
    """Lines that are in another encoding than the rest."""

    @property
    def encoding_label(self) -> str:
        return str(LABELS.get(self.encoding, ""))

    @property
    def columns(self) -> tuple[Heading, ...]:
        """Those that are imported."""
        return tuple(
            one
            for one in self.headings
            if one.column and one.column.is_read and not one.is_left_out
        )

    @property
    def unread(self) -> tuple[Heading, ...]:
        """Those that are known and not imported, such as “Last access” of an export."""
        return tuple(one for one in self.headings if one.column and not one.column.is_read)

    def rows(self) -> Iterator[Record]:
        """Every row below the header, with the number of its line."""
        return (record for record in self.records() if record[0] > self.header)


def read(data: bytes, choices: Choices | None = None) -> Table:
    """Read a file of members. Raises the refusals of imports.refusals."""
    chosen = choices or Choices()
    if len(data) > MOST_BYTES:
        raise FileTooLarge(most=MOST_BYTES // 1024 // 1024)
    if not data.strip(b"\xef\xbb\xbf \t\r\n\x1a\0"):
        raise EmptyFile()
    table = _of_workbook(data, chosen) if is_workbook(data) else _of_text(data, chosen)
    return _surveyed(table, chosen)


def _of_text(data: bytes, chosen: Choices) -> Table:
    found = decode(
        data,
        lambda text: splitting.known_in(text, known_among),
        encoding=chosen.encoding,
    )
    layout = splitting.layout(found.text, known_among, delimiter=chosen.delimiter)
    header = chosen.header or layout.header

    def records() -> Iterator[Record]:
        return splitting.records(found.text, layout.delimiter)

    return Table(
        found.encoding,
        layout.delimiter,
        header,
        headings(_cells_of(records(), header), chosen.columns),
        records,
        has_titles=_has_before(records(), header),
        other_encodings=_other_encodings(data, found),
    )


def _of_workbook(data: bytes, chosen: Choices) -> Table:
    book = open_workbook(data, sheet=chosen.sheet)
    header = chosen.header or _header_of(book)
    for name in () if chosen.sheet or header else book.sheets[1:MOST_SHEETS]:
        other = open_workbook(data, sheet=name)
        if _header_of(other):
            book, header = other, _header_of(other)
            break
    header = header or next((line for line, _cells in book.rows), 1)
    return Table(
        "",
        "",
        header,
        headings(_cells_of(book.rows, header), chosen.columns),
        lambda: iter(book.rows),
        book.sheet,
        book.sheets,
        has_titles=_has_before(book.rows, header),
    )


def _header_of(book: Workbook) -> int:
    """The line among the first ones with the most known names, 0 where there are none."""
    known = [(known_among(cells), -line) for line, cells in book.rows[:HEAD]]
    most, line = max(known, default=(0, 0))
    return -line if most else 0


def _cells_of(records: Iterable[Record], header: int) -> Sequence[str]:
    return next((cells for line, cells in records if line >= header), [])


def _has_before(records: Iterable[Record], header: int) -> bool:
    return next((line for line, _cells in records), header) < header


def _other_encodings(data: bytes, found: Decoded) -> dict[int, str]:
    if UNREADABLE not in found.text or found.encoding.startswith(("utf-16", "iso2022")):
        return {}
    others = {
        number: other_encoding(line, found.encoding)
        for number, line in enumerate(data.splitlines(), 1)
        if not line.isascii()
    }
    lines = enumerate(found.text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1)
    return {
        number: str(LABELS[others[number]])
        for number, line in lines
        if UNREADABLE in line and others.get(number)
    }


def _surveyed(table: Table, chosen: Choices) -> Table:
    """Count the rows, and find what is asked about. Raises NoRows, TooManyRows, TooManyColumns,
    NoKnownColumn.
    """
    if len(table.headings) > MOST_COLUMNS:
        raise TooManyColumns(most=MOST_COLUMNS)
    if not table.columns:
        raise NoKnownColumn()
    survey = _Survey([one.column is None for one in table.headings])
    for record in table.rows():
        survey.add(record)
    if not survey.size:
        raise NoRows()
    names = [one.text for one in table.headings]
    names += [""] * (max(survey.filled, default=0) + 1 - len(names))
    found = headings(_trimmed(names, survey.filled), chosen.columns)
    unknown = (one for one in found if not one.column and not one.is_left_out)
    asked = tuple(one for one in unknown if one.index in survey.filled)
    first = tuple(survey.first)
    return replace(table, headings=found, size=survey.size, first=first, questions=asked)


@dataclass
class _Survey:
    """What is found out of the rows in passing."""

    unknown: list[bool]
    """Whether nobody knows the column, by its place; what lies beyond the header nobody knows."""
    size: int = 0
    first: list[Record] = field(default_factory=list)
    filled: set[int] = field(default_factory=set)
    """Places of unknown columns in which something stands."""

    def add(self, record: Record) -> None:
        """Raises TooManyRows, TooManyColumns."""
        self.size += 1
        if self.size > MOST_ROWS:
            raise TooManyRows(most=f"{MOST_ROWS:,}")
        if self.size <= SHOWN:
            self.first.append(record)
        for index, cell in enumerate(record[1]):
            known = index < len(self.unknown) and not self.unknown[index]
            if not known and cell and index not in self.filled and cleaned(cell):
                self.filled.add(index)
                if index >= MOST_COLUMNS:
                    raise TooManyColumns(most=MOST_COLUMNS)


def _trimmed(names: list[str], filled: set[int]) -> list[str]:
    """The columns up to the last one that has a name or holds something."""
    last = max([index for index, name in enumerate(names) if name] + [*filled, -1])
    return names[: last + 1]
