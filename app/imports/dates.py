"""Dates as they stand in Japanese files: 2026-04-01, 2026年4月1日, 令和8年4月1日, R8.4.1.

Here: reading one, eras against their days. Not here: dates that could be either of two days, which
are refused with the format to use.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from app.kernel.errors import Refusal
from app.kernel.i18n import lazy

ERAS = {
    "M": ("明治", date(1868, 1, 25), date(1912, 7, 29)),
    "T": ("大正", date(1912, 7, 30), date(1926, 12, 24)),
    "S": ("昭和", date(1926, 12, 25), date(1989, 1, 7)),
    "H": ("平成", date(1989, 1, 8), date(2019, 4, 30)),
    "R": ("令和", date(2019, 5, 1), date.max),
}
_LETTERS = {name: letter for letter, era in ERAS.items() for name in (letter, era[0])}
_WESTERN = re.compile(r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日)")
_TOGETHER = re.compile(r"(\d{4})(\d\d)(\d\d)")
_JAPANESE = re.compile(
    r"([MTSHR]|明治|大正|昭和|平成|令和)(\d{1,2}|元)"
    r"(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日)",
    re.IGNORECASE,
)


class NotADate(Refusal):
    """A date that cannot be read, or could be two."""

    status = 422
    text = lazy("Write the date as year, month and day: 2026-04-01.")


class NoSuchDay(Refusal):
    """A day that the calendar, or the era, does not have."""

    status = 422
    text = lazy("There is no such day.")


def read_date(text: str) -> date:
    """Return the day that is written. Raises NotADate, NoSuchDay."""
    narrow = "".join(unicodedata.normalize("NFKC", text).split())
    for pattern in (_WESTERN, _TOGETHER):
        found = pattern.fullmatch(narrow)
        if found:
            return _day(*(int(part) for part in found.groups() if part))
    found = _JAPANESE.fullmatch(narrow)
    if not found:
        raise NotADate()
    era, year, *rest = (part for part in found.groups() if part)
    _name, first, last = ERAS[_LETTERS.get(era, era.upper())]
    day = _day(first.year - 1 + (1 if year == "元" else int(year)), *map(int, rest))
    if not first <= day <= last:
        raise NoSuchDay()
    return day


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoSuchDay() from error
