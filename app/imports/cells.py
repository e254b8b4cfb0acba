"""Cells: what stands in one cell, whoever wrote it: a spreadsheet, our own export, a person.

Here: trimming, the apostrophe of the export, lists in one cell, names, on and off, marks of damage.
Not here: which column is read how (imports.columns).
"""

from __future__ import annotations

import re
import unicodedata

from app.exchange.writing import FORMULA
from app.imports.decoding import PRIVATE, UNREADABLE
from app.imports.problems import (
    CellRefused,
    CellTooLong,
    ErrorInCell,
    LineBreak,
    MaybeDamaged,
    Mojibake,
    OpenQuoteInList,
    Rounded,
    Unreadable,
    UserDefined,
)
from app.imports.refusals import MOST_CHARACTERS
from app.kernel.text import fold

_AROUND = " \t\r\n\x1a\xa0\u3000\u200b\u200e\u200f\ufeff"
_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')
_BLANK = frozenset({"(blank)", "(空欄)"})
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_MOJIBAKE = re.compile("[äåæçèéã][\x80-\xbf\u2013-\u2122\u0152-\u0178]")
_HALF_KANA = re.compile("[\uff61-\uff9f]+")
SEPARATORS = ";；\n"


class Number(str):
    """A cell that a workbook holds as a number."""

    __slots__ = ()


class ErrorCell(str):
    """A cell in which a workbook shows an error, such as #REF!."""

    __slots__ = ()


def cleaned(raw: str) -> str:
    """Return a cell without what stands around it: spaces, Excel's ="001", the export's one
    apostrophe.
    """
    text = raw.strip(_AROUND)
    found = _AS_TEXT.fullmatch(text)
    if found:
        return found[1].replace('""', '"').strip(_AROUND)
    return text[1:] if _is_guarded(text) else text


def cleaned_list(raw: str) -> str:
    """The same of a list, whose first name may stand in quotes."""
    text = raw.strip(_AROUND)
    is_guarded = text.startswith("'") and text.lstrip("'").startswith('"')
    return text[1:] if is_guarded else cleaned(text)


def _is_guarded(text: str) -> bool:
    """Whether the export has put an apostrophe before a text: exchange.writing.safe."""
    bare = text.lstrip("'")
    return text.startswith("'") and (bare.startswith(FORMULA) or bare.lstrip().startswith(FORMULA))


def clears(text: str) -> bool:
    """Whether a cell says that what is there goes: (blank), （空欄）."""
    return unicodedata.normalize("NFKC", text[:16]).casefold() in _BLANK


def fault_of(raw: str, encoding: str, *, lines: bool) -> CellRefused | None:
    """Return what is wrong with a cell, whatever it means."""
    if isinstance(raw, ErrorCell):
        return ErrorInCell()
    if UNREADABLE in raw:
        return Unreadable(encoding=encoding)
    if PRIVATE.search(raw):
        return UserDefined()
    if len(raw) > MOST_CHARACTERS:
        return CellTooLong()
    return LineBreak() if not lines and "\n" in raw.strip(_AROUND) else None


def doubt_of(text: str, *, is_name: bool) -> CellRefused | None:
    """Return what looks damaged of a cell."""
    signs = ("\ufffd", "?", "〓") if is_name else ("\ufffd",)
    for sign in signs:
        if sign in text:
            return MaybeDamaged(sign=sign)
    if _ROUNDED.fullmatch(text):
        return Rounded()
    return Mojibake() if not text.isascii() and _MOJIBAKE.search(text) else None


def split_list(text: str) -> list[str]:
    """Return the names in one cell; a name with a separator stands in quotes. Raises
    OpenQuoteInList.
    """
    names, at = [], 0
    while at < len(text):
        if text[at:].lstrip()[:1] == '"':
            name, at = _quoted_name(text, text.index('"', at) + 1)
        else:
            end = min(
                (found for one in SEPARATORS if (found := text.find(one, at)) >= 0),
                default=len(text),
            )
            name, at = text[at:end], end + 1
        if name.strip(_AROUND):
            names.append(name.strip(_AROUND))
    return names


def _quoted_name(text: str, at: int) -> tuple[str, int]:
    """The name that begins after a quote, and where the next one begins."""
    found = re.compile(r'((?:[^"]|"")*)"[^;；\n]*').match(text, at)
    if not found:
        raise OpenQuoteInList()
    return found[1].replace('""', '"'), found.end() + 1


def split_name(text: str) -> tuple[str, str]:
    """Return family and given name: at the first space; of a Latin name the last word is the family
    name, or what stands before a comma. All of it is the family name where there is no space.
    """
    if "," in text:
        family, _comma, given = text.partition(",")
        return family.strip(), given.strip()
    words = text.split()
    if len(words) < 2:
        return text, ""
    if all(char < "\u0250" for char in text):
        return words[-1], " ".join(words[:-1])
    return words[0], " ".join(words[1:])


def full_width_kana(text: str) -> str:
    """Return a reading with half-width kana widened: ｻﾄｳ → サトウ."""
    return _HALF_KANA.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


ON = frozenset(map(fold, ("on", "true", "1", "yes", "有効", "する", "はい", "○", "〇", "オン")))
OFF = frozenset(map(fold, ("off", "false", "0", "no", "無効", "しない", "いいえ", "×", "オフ")))
