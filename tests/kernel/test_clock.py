"""Days as moments, in a time zone. It …"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.clock import day_of, end_of_day, last_day, start_of_day, zone_names, zone_of

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2037, 12, 30))
ZONES = st.sampled_from(zone_names())


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 2, 15), "Africa/Casablanca", 25),
        (date(2026, 3, 22), "Africa/Casablanca", 23),
        (date(2026, 10, 25), "Europe/Berlin", 25),
        (date(2026, 3, 29), "Europe/Berlin", 23),
        (date(2026, 11, 21), "Asia/Tokyo", 24),
        (date(2026, 4, 24), "Africa/Cairo", 23),
    ],
)
def test_gives_a_day_all_its_hours(day: date, zone: str, hours: int) -> None:
    """T2-49: 25 hours on the day when the clock is put back, 23 when it is put forward."""
    there = ZoneInfo(zone)
    assert end_of_day(day, there) - start_of_day(day, there) == timedelta(hours=hours)


@given(day=DAYS, zone=ZONES)
def test_ends_a_day_where_the_next_begins(day: date, zone: str) -> None:
    """In every zone, on every day: no moment is in two days, or in none."""
    there = zone_of(zone)
    end = end_of_day(day, there)
    assert end == start_of_day(day + timedelta(days=1), there)
    assert end.tzinfo is UTC
    assert timedelta(0) <= end - start_of_day(day, there) <= timedelta(hours=26)


@given(day=DAYS, zone=ZONES)
def test_tells_the_last_day_of_what_ends_with_a_day(day: date, zone: str) -> None:
    """There and back, but for the few days that a country left out of its calendar."""
    there = zone_of(zone)
    if day_of(start_of_day(day, there), there) == day:
        assert last_day(end_of_day(day, there), there) == day


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "\0"])
def test_takes_utc_for_a_zone_that_there_is_not(name: str) -> None:
    assert zone_of(name) is UTC
    assert datetime(2026, 1, 1, tzinfo=zone_of(name)).utcoffset() == timedelta(0)


def test_names_no_zone_of_nowhere() -> None:
    assert not {"UTC", "Etc/UTC", "GMT"} & set(zone_names())
