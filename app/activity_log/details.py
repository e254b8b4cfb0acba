"""Details: what a line of the log keeps, in the reader's words.

Here: values by their name, what was before and what is after. Not here: sentences and people
(activity_log.rendering), tables of words (activity.words), columns of added screens
(activity.nouns).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from babel import UnknownLocaleError

from app.access.authorities import CATALOGUE
from app.access.context import current_seat
from app.access.roles import BUILT_IN
from app.activity import nouns
from app.activity.words import DAYS, HIDDEN, LABELS, NEEDED, SWITCHES, VALUES
from app.kernel.i18n import _, in_language, lazy, listed
from app.models import Activity
from app.screens.formatters import (
    language_name,
    local_date,
    local_datetime,
    yes_no,
)

SETS: dict[str, tuple[Any, Any]] = {
    "authorities": (lazy("Authorities given"), lazy("Authorities taken"))
}
"""Details told by what came and what went, not in full."""


@dataclass(frozen=True)
class Detail:
    """One fact about what happened: a value, or one before and one after."""

    label: str
    after: str
    before: str | None = None


def render_changes(changes: Mapping[str, Any]) -> list[Detail]:
    """Tell values before and after, such as a change that is about to be made."""
    return [
        detail
        for name, (before, after) in changes.items()
        for detail in _change(name, before, after)
    ]


def render_details(details: Mapping[str, Any]) -> list[Detail]:
    """Tell what is kept of a line."""
    told: list[Detail] = []
    for key, value in details.items():
        if key == "changes":
            told += render_changes(value)
        elif key not in HIDDEN and value not in (None, "", []):
            told.append(Detail(_label(key), render_value(key, value)))
    return told


def render_row(line: Activity, noun: nouns.Noun) -> list[Detail]:
    """Tell what a line says of a row of an added screen."""
    return [
        Detail(noun.column_label(name), noun.say(name, after), before=noun.say(name, before))
        if "changes" in line.details
        else Detail(noun.column_label(name), noun.say(name, after))
        for name, (before, after) in nouns.facts(line).items()
        if noun.tells(name, current_seat())
        if "changes" in line.details or after not in (None, "", [], {})
    ]


def _change(key: str, before: Any, after: Any) -> list[Detail]:
    if key not in SETS:
        return [Detail(_label(key), render_value(key, after), render_value(key, before))]
    had, has = set(_words(before)), set(_words(after))
    given, taken = has - had, had - has
    return [
        Detail(str(label), render_value(key, sorted(keys)))
        for label, keys in zip(SETS[key], (given, taken), strict=True)
        if keys
    ]


def _label(key: str) -> str:
    return str(LABELS.get(key, key))


def render_value(key: str, value: Any) -> str:
    """Tell one value in the reader's words."""
    if value in (None, "", []):
        return _("for ever") if key == "log_kept_days" else _("none")
    if key in VALUES:
        return listed(VALUES[key].get(word, word) for word in _words(value))
    if key in SWITCHES:
        return yes_no(value)
    if key in ("authorities", "needed"):
        return listed(
            str(CATALOGUE[word].name) if word in CATALOGUE else str(NEEDED.get(word, word))
            for word in _words(value)
        )
    if key in ("roles", "replacement"):
        return listed(role_names(_words(value)))
    if key == "language":
        return _language(str(value))
    moment = _moment(value) if key in DAYS or key.endswith("_at") else None
    if moment is not None:
        if key in DAYS:
            return local_date(moment, _zone_here(), is_end=True)
        return local_datetime(moment, in_full=True)
    return listed(value) if isinstance(value, list) else str(value)


def _zone_here() -> str:
    """The zone in which the organization of the log has its days; "" for the reader's own."""
    seat = current_seat()
    return seat.organization.time_zone if seat and seat.organization else ""


def _words(value: Any) -> list[str]:
    """Return a detail as words, one or several or none, whatever was kept."""
    several = value if isinstance(value, list) else [] if value in (None, "") else [value]
    return [str(word) for word in several]


def _language(value: str) -> str:
    """Name a language; a word that is none is told as it stands."""
    try:
        return language_name(value)
    except (ValueError, UnknownLocaleError):
        return value


def _moment(value: Any) -> datetime | None:
    """Read a moment, None where a word that is called like one holds something else."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None else None


def role_names(names: Iterable[str]) -> list[str]:
    """Return roles' names as kept, the built-in ones in the reader's language."""
    return [str(_built_in().get(name, name)) for name in names]


@cache
def _built_in() -> dict[str, Any]:
    with in_language("en"):
        return {str(role.name): role.name for role in BUILT_IN.values()}
