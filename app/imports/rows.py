"""Rows: what one line of a file says, cell by cell, and what is wrong with its cells.

Here: values by column, names that are split, readings that are joined. Not here: which person is
meant, and what it does (imports.checking).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.imports import cells
from app.imports.columns import BY_KEY
from app.imports.headers import Heading
from app.imports.problems import NotSplit, NumberAsText, OtherEncoding, Problem
from app.imports.reading import Table
from app.imports.splitting import Record
from app.imports.vocabulary import Vocabulary
from app.kernel.addresses import email_key
from app.kernel.errors import Refusal
from app.kernel.text import fold

TEXTS = frozenset({"login_id", "password", "family_name", "given_name", "name"})
SHOWN_LENGTH = 80


@dataclass(slots=True)
class Row:
    """One line: a value for each column that is filled in; what is not filled in stays."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    raw: dict[str, str] = field(default_factory=dict)
    """The cells as they stand in the file, for showing what is wrong with one."""
    keys: dict[str, Any] = field(default_factory=dict)
    """What the row names somebody by, as it is compared: id, login ID, address."""

    @property
    def digest(self) -> int:
        """The same for lines that say the same."""
        return hash(tuple(sorted(self.raw.items())))


class RowReader:
    """Reads rows: those of a table, or, without one, rows of which the cells were kept."""

    def __init__(
        self, table: Table | None, words: Vocabulary, *, places: Mapping[str, str] | None = None
    ) -> None:
        self.words, self._table = words, table
        self.encoding = table.encoding if table else ""
        self._label = table.encoding_label if table else ""
        self._columns = table.columns if table else ()
        known = {one.column.key: one.place for one in self._columns if one.column}
        self.places = known if places is None else places
        self._numbers = set[str]()

    def rows(self) -> Iterator[Row]:
        """Every row, in the order of the file."""
        return map(self.row, self._table.rows() if self._table else ())

    def again(self, line: int, raw: Mapping[str, str]) -> Row:
        """A row of which its cells were kept, by column."""
        row = Row(line)
        for key, cell in raw.items():
            self._read(row, Heading(0, key, BY_KEY[key]), cell)
        return self._whole(row)

    def row(self, record: Record) -> Row:
        """What one line says."""
        line, raw = record
        row = Row(line)
        other = self._table.other_encodings.get(line) if self._table else None
        if other:
            said = OtherEncoding(other=other, encoding=self._label)
            row.problems.append(Problem(line, "", "", said))
            return row
        for heading in self._columns:
            if heading.index < len(raw) and raw[heading.index]:
                self._read(row, heading, raw[heading.index])
        return self._whole(row)

    @staticmethod
    def _whole(row: Row) -> Row:
        _combine(row)
        row.keys = _keys_of(row.values)
        return row

    def problem(self, line: int, key: str, raw: str, refusal: Refusal) -> Problem:
        """A problem at a column, whose value is shown; a password never is."""
        value = "" if key == "password" else raw.strip()[:SHOWN_LENGTH]
        return Problem(line, key, value, refusal, self.places.get(key, ""))

    def _read(self, row: Row, heading: Heading, raw: str) -> None:
        column = heading.column
        assert column is not None
        row.raw[column.key] = raw
        fault = cells.fault_of(raw, self._label, lines=column.is_long)
        if fault is not None:
            row.problems.append(self.problem(row.line, column.key, raw, fault))
            return
        try:
            value = column.value_of(raw, self.words)
        except Refusal as refusal:
            row.problems.extend(
                self.problem(row.line, column.key, raw, one) for one in refusal.each()
            )
            return
        if value is None:
            return
        row.values[column.key] = value
        self._doubt(row, column.key, raw, is_name=column.is_name)

    def _doubt(self, row: Row, key: str, raw: str, *, is_name: bool) -> None:
        doubt = cells.doubt_of(raw, is_name=is_name) if key != "password" else None
        if doubt is not None:
            row.warnings.append(self.problem(row.line, key, raw, doubt))
        if isinstance(raw, cells.Number) and key in TEXTS and key not in self._numbers:
            self._numbers.add(key)
            row.warnings.append(self.problem(row.line, key, raw, NumberAsText()))
        if key == "name" and not cells.split_name(row.values[key])[1]:
            row.warnings.append(self.problem(row.line, key, raw, NotSplit()))


def _combine(row: Row) -> None:
    """Split a whole name, and join two readings."""
    whole = row.values.pop("name", None)
    if whole is not None:
        row.values["family_name"], row.values["given_name"] = cells.split_name(whole)
    parts: Sequence[str | None] = [
        row.values.pop(key, None) for key in ("family_reading", "given_reading")
    ]
    joined = " ".join(filter(None, parts))
    if joined:
        row.values["reading"] = joined


def _keys_of(values: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "login_id", "email")
    keys: dict[str, Any] = {name: values[name] for name in names if name in values}
    if "login_id" in keys:
        keys["login_id"] = fold(keys["login_id"])
    if "email" in keys:
        keys["email"] = email_key(keys["email"])
    return keys
