"""What narrows the log: kind, who, whom or what, days.

Here: the filters of both screens, and reading what they were given. Not here: the screens
(activity_log.views), statements (activity.queries).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Select

from app.activity import queries
from app.activity.events import CATALOGUE
from app.activity.words import GROUPS, group_of
from app.activity_log import filter_choices
from app.kernel.clock import start_of_day
from app.kernel.i18n import lazy
from app.models import Activity, Organization
from app.screens import formatters
from app.screens.list_filter import Choices, Filter
from app.screens.moments.calendar import zone

Lines = Select[tuple[Activity]]
Whose = Callable[[], Organization | None]
DAYS = ("from", "to")
NAMED = ("by", "about", "batch")
"""Asked for by links from elsewhere: somebody or something that the choices need not name."""
LONGEST_ID = 10
LONGEST_BATCH = 20
FIRST_DAY = date(1970, 1, 1)
"""Nothing happened before; the first days of the calendar have no midnight in UTC."""


def filters(whose: Whose) -> tuple[Filter, ...]:
    """Return the filters of one organization's log, or of everybody's."""
    return (
        Filter(
            "group",
            lazy("Kind"),
            options=lambda: [(key, label) for key, (label, _beginnings) in GROUPS.items()],
            multiple=True,
            apply=lambda lines, chosen: lines.where(
                Activity.event.in_([name for name in CATALOGUE if group_of(name) in chosen])
            ),
        ),
        Filter(
            "actor",
            lazy("Who"),
            options=lambda: _called(filter_choices.actors(whose())),
            apply=lambda lines, chosen: lines.where(Activity.actor_id == int(chosen[0])),
        ),
        Filter(
            "target",
            lazy("Whom or what"),
            options=lambda: _called(filter_choices.targets(whose())),
            apply=lambda lines, chosen: queries.about(lines, *queries.target(chosen[0])),
        ),
        _unnamed(
            "by",
            lambda lines, value: lines.where(Activity.actor_id == int(value)),
            told=lambda value: queries.actor_name(whose(), int(value)) or value,
        ),
        _unnamed(
            "about",
            lambda lines, value: queries.about(lines, *queries.target(value)),
            told=lambda value: queries.name_of(whose(), *queries.target(value)) or value,
        ),
        _unnamed("batch", lambda lines, value: lines.where(Activity.batch == value)),
        _unnamed("from", lambda lines, value: queries.since(lines, midnight(value))),
        _unnamed("to", lambda lines, value: queries.before(lines, midnight(value, days=1))),
    )


def _unnamed(
    name: str, narrow: Callable[[Lines, str], Lines], told: Callable[[str], str] = str
) -> Filter:
    """A filter of one value that is typed or comes with a link, not chosen from a list."""
    return Filter(
        name,
        "",
        options=list,
        apply=lambda lines, chosen: narrow(lines, chosen[0]),
        text=True,
        is_sensible=partial(is_sensible, name),
        told=told,
    )


def _called(found: Iterable[tuple[str, str, str]]) -> Choices:
    return [(value, formatters.with_latin_form(name, latin)) for value, name, latin in found]


def is_sensible(name: str, value: str) -> bool:
    """Whether a typed value of a filter can mean anything."""
    if name in DAYS:
        return _day(value) is not None
    if name == "batch":
        return value.isascii() and value.isalnum() and len(value) <= LONGEST_BATCH
    kind, _hyphen, number = value.rpartition("-")
    return (
        (kind == "" or (name == "about" and kind in queries.KINDS))
        and number.isascii()
        and number.isdigit()
        and len(number) < LONGEST_ID
    )


def midnight(text: str, *, days: int = 0) -> datetime:
    """Return the reader's midnight at the start of a day, or some days later."""
    day, last = max(_day(text) or FIRST_DAY, FIRST_DAY), date.max - timedelta(days=days)
    return start_of_day(min(day, last) + timedelta(days=days), zone())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
