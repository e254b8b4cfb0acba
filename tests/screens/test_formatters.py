"""Formatters: dates and names as readers of each language expect them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.kernel.i18n import in_language
from app.models import Account
from app.screens import formatters

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


def person(family: str, given: str, reading: str = "", latin: str = "") -> Account:
    return Account(
        username="someone",
        email="a@example.com",
        last_name=family,
        first_name=given,
        reading=reading,
        latin_name=latin,
    )


@pytest.mark.parametrize(
    ("language", "family", "given", "shown"),
    [
        ("ja_JP", "田中", "太郎", "田中 太郎"),
        ("en", "田中", "太郎", "田中 太郎"),
        ("ja_JP", "Smith", "John", "Smith John"),
        ("en", "Smith", "John", "John Smith"),
        ("en", "Prince", "", "Prince"),
        ("en", "Müller", "Jonas", "Jonas Müller"),
    ],
)
def test_names_are_in_the_reader_s_order(
    app: Flask, language: str, family: str, given: str, shown: str
) -> None:
    """B-95."""
    with in_language(language):
        assert formatters.display_name(person(family, given)) == shown


def test_readers_of_japanese_see_the_reading_and_others_the_latin_form(app: Flask) -> None:
    tanaka = person("田中", "太郎", "たなか たろう", "Taro Tanaka")
    with in_language("ja_JP"):
        assert formatters.secondary_name(tanaka) == "たなか たろう"
    with in_language("en"):
        assert formatters.secondary_name(tanaka) == "Taro Tanaka"


@pytest.mark.parametrize(
    ("delta", "english", "japanese"),
    [
        (timedelta(seconds=20), "just now", "たった今"),
        (timedelta(minutes=3), "3 minutes ago", "3分前"),
        (timedelta(hours=2), "2 hours ago", "2時間前"),
        (timedelta(days=1), "yesterday", "昨日"),
        (timedelta(days=2), "2 days ago", "2日前"),
        (timedelta(days=-3), "in 3 days", "あと3日"),
        (timedelta(days=21), "3 weeks ago", "3週間前"),
        (timedelta(hours=-5), "in 5 hours", "あと5時間"),
    ],
)
def test_moments_are_said_as_people_say_them(
    app: Flask, delta: timedelta, english: str, japanese: str
) -> None:
    """S3-33."""
    with in_language("en"):
        assert formatters.ago(NOW - delta, NOW) == english
    with in_language("ja_JP"):
        assert formatters.ago(NOW - delta, NOW) == japanese


def test_nobody_who_never_signed_in_has_a_date(app: Flask) -> None:
    """S0-03."""
    with in_language("en"):
        assert formatters.ago(None) == "never"


def test_dates_are_written_out(app: Flask) -> None:
    with in_language("ja_JP"):
        assert formatters.local_date(NOW) == "2026年11月21日"
    with in_language("en"):
        assert formatters.local_date(NOW) == "21 November 2026"


def test_dates_with_a_time_name_the_year_only_where_it_is_another(app: Flask) -> None:
    this_year = datetime.now(UTC).replace(month=6, day=15, hour=10, minute=0)
    for language, told in (
        ("en", f"15 Jun {this_year.year + 1}, 10:00"),
        ("ja_JP", f"{this_year.year + 1}年6月15日（"),
    ):
        with in_language(language):
            assert told in formatters.local_datetime(this_year.replace(year=this_year.year + 1))
            assert str(this_year.year) not in formatters.local_datetime(this_year)
            assert str(this_year.year) in formatters.local_datetime(this_year, in_full=True)


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("en", "5 December 2026", "Sat 5 Dec 2026, 16:00"),
        ("ja_JP", "2026年12月5日", "2026年12月5日（土）16:00"),
    ],
)
def test_a_midnight_that_ends_something_is_told_as_the_day_before(
    app: Flask, language: str, day: str, moment: str
) -> None:
    """B-52: people have until 5 December, not until the 6th at 0:00; where it is no midnight, the
    time is told.
    """
    midnight = datetime(2026, 12, 5, 15, tzinfo=UTC)
    with in_language(language):
        for end in (midnight, midnight - timedelta(seconds=1)):
            assert formatters.local_date(end, "Asia/Tokyo", is_end=True) == day
        assert formatters.local_date(midnight, "Europe/Paris", is_end=True).startswith(moment)


@pytest.mark.parametrize(
    ("account", "letters"),
    [(person("田中", "太郎"), "田"), (person("Smith", "John"), "JS"), (person("Prince", ""), "P")],
)
def test_initials_are_one_kanji_or_two_letters(account: Account, letters: str) -> None:
    assert formatters.initials(account) == letters


def test_an_unknown_zone_is_utc() -> None:
    assert formatters.zone_of("No/Where") is UTC
    assert formatters.zone_of("../etc/passwd") is UTC
