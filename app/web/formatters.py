"""Formatters: moments, names and states in the reader's language, zone and order.

Here: values to words and Markup. Not here: which column shows what (each feature's views).
"""
from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from flask import has_request_context, render_template
from markupsafe import Markup, escape

from app.access.seat import current_seat
from app.kernel.clock import utcnow
from app.kernel.i18n import _, current_language, is_family_first, ngettext

_TINTS = 6


class Called(Protocol):
    """Somebody who is called something: an account, or what a list has read of one."""

    @property
    def family_name(self) -> str: ...

    @property
    def given_name(self) -> str: ...

    @property
    def login_id(self) -> str: ...

    @property
    def reading(self) -> str: ...

    @property
    def latin_name(self) -> str: ...


def zone() -> tzinfo:
    """The reader's time zone, UTC for strangers."""
    seat = current_seat() if has_request_context() else None
    return zone_of(seat.account.time_zone if seat else "UTC")


@lru_cache(maxsize=256)
def zone_of(name: str) -> tzinfo:
    """A zone by its name, UTC where there is none such."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def local_date(moment: datetime | None, zone_name: str = "") -> str:
    """A date, written out: 2026年11月21日, 21 November 2026. Letters name the zone of whom they go to."""
    if moment is None:
        return "—"
    pattern = "y年M月d日" if current_language().startswith("ja") else "d MMMM y"
    return format_date(moment.astimezone(zone_of(zone_name) if zone_name else zone()), pattern, locale=current_language())


def local_time(moment: datetime | None) -> str:
    """The time of day."""
    return "—" if moment is None else format_time(moment.astimezone(zone()), "H:mm", locale=current_language())


def local_datetime(moment: datetime | None, zone_name: str = "") -> str:
    """A date with its weekday and time: 11月28日（土）10:00, Sat 28 Nov, 10:00. Letters name the zone of whom they go to."""
    if moment is None:
        return "—"
    pattern = "M月d日（EEE）H:mm" if current_language().startswith("ja") else "EEE d MMM, H:mm"
    there = moment.astimezone(zone_of(zone_name) if zone_name else zone())
    return format_datetime(there, f"{pattern} (zzz)" if zone_name else pattern, locale=current_language())


def exact(moment: datetime, zone_name: str = "") -> str:
    """The whole moment in the reader's zone, for hovering; in letters, in the zone of whom they go to."""
    return Calendar(zone_of(zone_name) if zone_name else None).exact(moment)


class Calendar:
    """Moments in one zone and language; a page with many of them asks for both once."""

    def __init__(self, there: tzinfo | None = None) -> None:
        self.zone, self.language = there or zone(), current_language()

    def exact(self, moment: datetime) -> str:
        """The whole moment."""
        return self._exact(moment.astimezone(self.zone))

    def day(self, moment: datetime) -> str:
        """The date alone."""
        return _day(moment.astimezone(self.zone).date(), self.language)

    def exact_and_day(self, moment: datetime) -> tuple[str, str]:
        """Both."""
        there = moment.astimezone(self.zone)
        return self._exact(there), _day(there.date(), self.language)

    def _exact(self, there: datetime) -> str:
        label = _zone_label(self.zone, there.utcoffset(), there.dst(), self.language)
        return f"{there.isoformat(' ', 'minutes')[:16]} {label}"


@lru_cache(maxsize=1024)
def _zone_label(zone: tzinfo, offset: timedelta | None, dst: timedelta | None, language: str) -> str:
    """JST, GMT+1: Babel takes longer over it than over all the rest of a page."""
    there = datetime(2026, 1, 1, tzinfo=zone)
    while (there.utcoffset(), there.dst()) != (offset, dst) and there.year == 2026:
        there += timedelta(days=7)
    return format_datetime(there, "zzz", locale=language)


def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """A moment as people say it: 3 minutes ago, yesterday, in 3 days; "never" for none."""
    if moment is None:
        return _("never")
    now = now or utcnow()
    seconds = (now - moment).total_seconds()
    return _past(seconds) if seconds >= 0 else _future(-seconds)


PAST: tuple[tuple[int, int, Callable[[int], str]], ...] = (
    (60, 60, lambda _num: _("just now")),
    (3600, 60, lambda num: ngettext("%(num)s minute ago", "%(num)s minutes ago", num)),
    (86_400, 3600, lambda num: ngettext("%(num)s hour ago", "%(num)s hours ago", num)),
    (2 * 86_400, 86_400, lambda _num: _("yesterday")),
    (14 * 86_400, 86_400, lambda num: ngettext("%(num)s day ago", "%(num)s days ago", num)),
    (60 * 86_400, 7 * 86_400, lambda num: ngettext("%(num)s week ago", "%(num)s weeks ago", num)),
    (730 * 86_400, 30 * 86_400, lambda num: ngettext("%(num)s month ago", "%(num)s months ago", num)),
    (2**63, 365 * 86_400, lambda num: ngettext("%(num)s year ago", "%(num)s years ago", num)),
)
"""Until how many seconds ago, in which unit (seconds), in which words."""


def _past(seconds: float) -> str:
    place, unit = next((place, unit) for place, (until, unit, _words) in enumerate(PAST) if seconds < until)
    return _said(place, int(seconds // unit), current_language())


@lru_cache(maxsize=4096)
def _said(place: int, num: int, _language: str) -> str:
    return PAST[place][2](num)


def _future(seconds: float) -> str:
    minutes, hours, days = max(1, round(seconds / 60)), round(seconds / 3600), round(seconds / 86400)
    if minutes < 60:
        return ngettext("in %(num)s minute", "in %(num)s minutes", minutes)
    if hours < 48:
        return ngettext("in %(num)s hour", "in %(num)s hours", hours)
    return ngettext("in %(num)s day", "in %(num)s days", days)


def when(moment: datetime | None) -> Markup:
    """A relative moment with the exact one behind it."""
    if moment is None:
        return Markup('<span class="faint">{}</span>').format(_("never"))
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment.isoformat(), exact(moment), ago(moment))


def on_date(moment: datetime | None) -> Markup:
    """A date, short enough for a column, with the exact moment behind it."""
    if moment is None:
        return Markup("—")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment.isoformat(), exact(moment), Calendar().day(moment))


@lru_cache(maxsize=8192)
def _day(day: date, language: str) -> str:
    return format_date(day, "y年M月d日" if language.startswith("ja") else "d MMM y", locale=language)


@lru_cache(maxsize=16384)
def is_latin(text: str) -> bool:
    """Whether a name is written in Latin letters only."""
    return all(not char.isalpha() or unicodedata.name(char, "").startswith("LATIN") for char in text)


def person_name(family: str, given: str) -> str:
    """A name in the reader's order: kanji names as they are written, Latin ones family first only in Japanese."""
    return _ordered(family, given, current_language()) if family and given else family or given


@lru_cache(maxsize=16384)
def _ordered(family: str, given: str, language: str) -> str:
    family_first = is_family_first(language) or not is_latin(family + given)
    return f"{family} {given}" if family_first else f"{given} {family}"


def display_name(account: Called | None) -> str:
    """An account's name in the reader's order."""
    return "" if account is None else person_name(account.family_name or "", account.given_name or "") or account.login_id


def secondary_name(account: Called, name: str = "") -> str:
    """The reading for readers of Japanese, the Latin form for others; "" where it says no more than the name above it."""
    other = account.reading if current_language().startswith("ja") else account.latin_name
    return other if other and other != (name or display_name(account)) else ""


def name_language(account: Called) -> str:
    """The language a name is written in, for the page's `lang`."""
    return "en" if is_latin((account.family_name or "") + (account.given_name or "")) else "ja"


def initials(account: Called) -> str:
    """One kanji, or two Latin letters."""
    return _initials(account.family_name or "", account.given_name or "") or account.login_id[:1].upper()


@lru_cache(maxsize=16384)
def _initials(family: str, given: str) -> str:
    return (given[:1] + family[:1]).upper() if is_latin(family + given) else family[:1] or given[:1]


def tint(row: object) -> str:
    """One of the six quiet tints, always the same for the same row."""
    return f"a{(getattr(row, 'id', 0) or 0) % _TINTS + 1}"


def yes_no(value: object) -> str:
    """A boolean as a word."""
    return _("On") if value else _("Off")


def language_name(code: str) -> str:
    """A language in the reader's language."""
    return Locale.parse(code).get_language_name(current_language()) or code


def badge(template: str, **words: object) -> Markup:
    """A piece of HTML from a template, for a cell."""
    return Markup(render_template(template, **words))


def text(value: object) -> Markup:
    """Any value as escaped text; "—" for none."""
    return escape("—" if value in (None, "") else value)
