"""Formatters: moments, names and states in the reader's language, zone and order.

Here: values to words and Markup. Not here: zones and dates (screens.moments), which
column shows what (each feature's views).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any, Protocol

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from flask import get_template_attribute, render_template
from markupsafe import Markup, escape

from app.kernel.clock import utcnow, zone_of
from app.kernel.i18n import _, current_language, is_family_first
from app.screens.moments import timeago
from app.screens.moments.calendar import Calendar, zone

_TINTS = 6
_DAY_IS_OVER = time(23, 59, 58)
_MOMENTS = {
    (True, True): "y年M月d日（EEE）H:mm",
    (True, False): "M月d日（EEE）H:mm",
    (False, True): "EEE d MMM y, H:mm",
    (False, False): "EEE d MMM, H:mm",
}
"""Patterns of a date with its time: in Japanese or not, with the year or without."""


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


def local_date(moment: datetime | None, zone_name: str = "", *, is_end: bool = False) -> str:
    """A date, written out: 2026年11月21日, 21 November 2026. Letters name the zone of whom
    they go to.

    The midnight at which something ends is told as the day that is over then; any other moment of
    an end with its time.
    """
    if moment is None:
        return "—"
    there = moment.astimezone(zone_of(zone_name) if zone_name else zone())
    if is_end:
        there -= timedelta(seconds=1)
        if there.time() < _DAY_IS_OVER:
            return local_datetime(moment, zone_name, in_full=True)
    return format_date(
        there,
        "y年M月d日" if current_language().startswith("ja") else "d MMMM y",
        locale=current_language(),
    )


def local_time(moment: datetime | None) -> str:
    """The time of day."""
    return (
        "—"
        if moment is None
        else format_time(moment.astimezone(zone()), "H:mm", locale=current_language())
    )


def local_datetime(
    moment: datetime | None, zone_name: str = "", *, in_full: bool = False, zoned: bool = False
) -> str:
    """A date with its weekday and time: 11月28日（土）10:00, Sat 28 Nov, 10:00; with the year
    in full,
    or where it is another than now.

    Letters name the zone of whom they go to; `zoned` names the reader's.
    """
    if moment is None:
        return "—"
    there = moment.astimezone(zone_of(zone_name) if zone_name else zone())
    has_year = in_full or there.year != utcnow().astimezone(there.tzinfo).year
    pattern = _MOMENTS[current_language().startswith("ja"), has_year]
    return format_datetime(
        there, f"{pattern} (zzz)" if zone_name or zoned else pattern, locale=current_language()
    )


def exact(moment: datetime, zone_name: str = "") -> str:
    """The whole moment in the reader's zone, for hovering; in letters, in the zone of whom they go
    to.
    """
    return Calendar(zone_of(zone_name) if zone_name else None).exact(moment)


def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """A moment as people say it: 3 minutes ago, yesterday, in 3 days; "never" for none."""
    if moment is None:
        return _("never")
    now = now or utcnow()
    return timeago.said((now - moment).total_seconds())


def when(moment: datetime | None) -> Markup:
    """A relative moment with the exact one behind it."""
    if moment is None:
        return Markup('<span class="faint">{}</span>').format(_("never"))
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        moment.isoformat(), exact(moment), ago(moment)
    )


def on_date(moment: datetime | None) -> Markup:
    """A date, short enough for a column, with the exact moment behind it."""
    if moment is None:
        return Markup("—")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        moment.isoformat(), exact(moment), Calendar().day(moment)
    )


@lru_cache(maxsize=16384)
def is_latin(text: str) -> bool:
    """Whether a name is written in Latin letters only."""
    return all(
        not char.isalpha() or unicodedata.name(char, "").startswith("LATIN") for char in text
    )


def person_name(family: str, given: str) -> str:
    """A name in the reader's order: kanji names as they are written, Latin ones family first only
    in Japanese.
    """
    return _ordered(family, given, current_language()) if family and given else family or given


@lru_cache(maxsize=16384)
def _ordered(family: str, given: str, language: str) -> str:
    family_first = is_family_first(language) or not is_latin(family + given)
    return f"{family} {given}" if family_first else f"{given} {family}"


def display_name(account: Called | None) -> str:
    """An account's name in the reader's order."""
    return (
        ""
        if account is None
        else person_name(account.family_name or "", account.given_name or "") or account.login_id
    )


def name_or_address(account: Called | None, address: str) -> str:
    """An account's name in the reader's order; the address where the account is gone."""
    return display_name(account) if account else address or "—"


def secondary_name(account: Called, name: str = "") -> str:
    """The reading for readers of Japanese, the Latin form for others; "" where it says no more than
    the name above it.
    """
    other = account.reading if current_language().startswith("ja") else account.latin_name
    return other if other and other != (name or display_name(account)) else ""


def with_latin_form(name: str, latin_name: str) -> str:
    """A name within a sentence: readers of other languages than Japanese get the Latin form of a
    kanji name beside it.
    """
    if not latin_name or is_latin(name) or current_language().startswith("ja"):
        return name
    return f"{name} ({latin_name})"


def name_language(account: Called) -> str:
    """The language a name is written in, for the page's `lang`."""
    return "en" if is_latin((account.family_name or "") + (account.given_name or "")) else "ja"


def initials(account: Called) -> str:
    """One kanji, or two Latin letters."""
    return (
        _initials(account.family_name or "", account.given_name or "")
        or account.login_id[:1].upper()
    )


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


def macros(template: str, names: Iterable[str]) -> dict[str, Callable[[Any], Markup]]:
    """Cells that are drawn by the macros of a template, by these names."""

    def drawn(name: str) -> Callable[[Any], Markup]:
        return lambda shown: Markup(get_template_attribute(template, name)(shown))

    return {name: drawn(name) for name in names}


def text(value: object) -> Markup:
    """Any value as escaped text; "—" for none."""
    return escape("—" if value in (None, "") else value)
