"""Calendar: moments written out in the reader's time zone.

Here: dates and exact moments. Not here: whose zone counts (zones), how a list or a letter
tells a moment (screens.formatters), how long ago it was (screens.moments.timeago).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from babel.dates import format_date, format_datetime

from app.kernel.clock import zone_of
from app.kernel.i18n import current_language
from app.screens.moments.zones import reader_zone


def zone() -> tzinfo:
    """The reader's time zone."""
    return zone_of(reader_zone())


class Calendar:
    """Moments in one zone and language; a page with many of them asks for both once."""

    def __init__(self, there: tzinfo | None = None) -> None:
        self.zone, self.language = there or zone(), current_language()

    def exact(self, moment: datetime) -> str:
        """The whole moment."""
        return self._exact(moment.astimezone(self.zone))

    def day(self, moment: datetime) -> str:
        """The date alone."""
        return day_in(moment.astimezone(self.zone).date(), self.language)

    def exact_and_day(self, moment: datetime) -> tuple[str, str]:
        """Both."""
        there = moment.astimezone(self.zone)
        return self._exact(there), day_in(there.date(), self.language)

    def _exact(self, there: datetime) -> str:
        label = _zone_label(self.zone, there.utcoffset(), there.dst(), self.language)
        return f"{there.isoformat(' ', 'minutes')[:16]} {label}"


@lru_cache(maxsize=1024)
def _zone_label(
    zone: tzinfo, offset: timedelta | None, dst: timedelta | None, language: str
) -> str:
    """JST, GMT+1: Babel takes longer over it than over all the rest of a page."""
    there = datetime(2026, 1, 1, tzinfo=zone)
    while (there.utcoffset(), there.dst()) != (offset, dst) and there.year == 2026:
        there += timedelta(days=7)
    return format_datetime(there, "zzz", locale=language)


@lru_cache(maxsize=8192)
def day_in(day: date, language: str) -> str:
    """A day in a language, short enough for a column."""
    return format_date(
        day, "y年M月d日" if language.startswith("ja") else "d MMM y", locale=language
    )
