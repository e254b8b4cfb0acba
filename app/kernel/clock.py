"""Clock: the present moment, for doors; days as moments, in a time zone. Verbs take `now` as an
argument instead.

Here: the one place where days are added. Not here: how moments are written (screens.formatters),
whose zone counts (screens.moments.zones).
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


def utcnow() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


@lru_cache(maxsize=256)
def zone_of(name: str) -> tzinfo:
    """A time zone by its name, UTC where there is none such."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The names of the world's time zones, by area and city."""
    return tuple(
        name
        for name in sorted(available_timezones())
        if "/" in name and not name.startswith(("Etc/", "posix/"))
    )


def day_of(moment: datetime, zone: tzinfo) -> date:
    """Return the day that a moment lies in, in a time zone."""
    return moment.astimezone(zone).date()


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """Return the first moment of a day in a time zone, in UTC; also where its midnight is skipped
    or comes twice.
    """
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """Return the moment at which a day of however many hours is over in a time zone, in UTC."""
    return start_of_day(day + timedelta(days=1), zone)


def last_day(end: datetime, zone: tzinfo) -> date:
    """Return the last day before a moment: the one that is over then, where it is a midnight."""
    return day_of(end - timedelta(seconds=1), zone)
