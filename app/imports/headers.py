"""Headers: which column a name in the first line means.

Here: names as they are compared, the columns of a file, those that nobody knows. Not here: finding
the line (imports.splitting), the columns there are (imports.columns).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import current_app

from app.imports.cells import cleaned
from app.imports.columns import BY_KEY, COLUMNS, ImportColumn
from app.imports.refusals import HeaderTwice
from app.imports.vocabulary import in_every_language

_NOT_COUNTED = re.compile(r"\((?:必須|任意|required|optional)\)|[\s_*\-・:]")
NOT_IMPORTED = "-"
"""What is answered of an unknown column that is left out."""
_INSTEAD = {"name": ("family_name", "given_name"), "family_reading": ("reading",)}


@dataclass(frozen=True)
class Heading:
    """One column of a file: its place, its name as it stands there, and what it means; None for
    what nobody knows.
    """

    index: int
    text: str
    column: ImportColumn | None
    is_left_out: bool = False

    @property
    def place(self) -> str:
        """How people find it: its letter in a spreadsheet, and its name."""
        return f"{letter(self.index)} {self.text}".strip()


def headings(names: Sequence[str], chosen: Mapping[str, str] | None = None) -> tuple[Heading, ...]:
    """Say what each name means; `chosen` has the answers for those that nobody knows, by letter or
    name. Raises HeaderTwice.
    """
    said = chosen or {}
    found = []
    for index, raw in enumerate(names):
        text = cleaned(raw)
        answer = said.get(letter(index)) or said.get(text) or ""
        key = (BY_KEY.get(answer) and answer) or _meant(text)
        found.append(Heading(index, text, BY_KEY.get(key), answer == NOT_IMPORTED))
    _ensure_once(found)
    return tuple(found)


def known_among(names: Sequence[str]) -> int:
    """How many of some cells are names of columns."""
    return len({key for name in names if len(name) < 100 and (key := _meant(cleaned(name)))})


def letter(index: int) -> str:
    """The letter of a column in a spreadsheet: A, B … Z, AA."""
    letters = ""
    while index >= 0:
        letters, index = chr(65 + index % 26) + letters, index // 26 - 1
    return letters


def compared(name: str) -> str:
    """A name of a column without what does not count: case, width, spaces, _, -, *, （必須）."""
    return _NOT_COUNTED.sub("", unicodedata.normalize("NFKC", name).casefold())


def _meant(name: str) -> str:
    return _names(tuple(current_app.config["LANGUAGES"])).get(compared(name), "") if name else ""


@lru_cache(maxsize=4)
def _names(_languages: tuple[str, ...]) -> dict[str, str]:
    """Every name of every column, compared: key, labels and synonyms."""
    found: dict[str, str] = {}
    for column in COLUMNS:
        said = in_every_language(lambda column=column: str(column.label))  # type: ignore[misc]
        for name in (column.key, *column.synonyms, *said):
            found.setdefault(compared(name), column.key)
    return found


def _ensure_once(found: Sequence[Heading]) -> None:
    """Raise where two columns say the same, or one says what two others do."""
    seen: dict[str, Heading] = {}
    for one in found:
        if one.column is None or not one.column.is_read or one.is_left_out:
            continue
        before = next(
            (seen[key] for key in (one.column.key, *_also(one.column.key)) if key in seen), None
        )
        if before is not None:
            raise HeaderTwice(
                first=letter(before.index), second=letter(one.index), label=one.column.label
            )
        seen[one.column.key] = one


def _also(key: str) -> tuple[str, ...]:
    """The other columns that say what this one does."""
    instead = _INSTEAD.get(key, ())
    return (*instead, *(other for other, keys in _INSTEAD.items() if key in keys))
