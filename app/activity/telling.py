"""Telling: a line of the log in the reader's language, with what was before and what is after.

Here: rows to sentences. Names stand as they were kept; somebody whose name is still the same is
named in the reader's order.
Not here: the screen (activity.views), which rows (activity.queries).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from babel import UnknownLocaleError
from markupsafe import Markup, escape

from app.access.authorities import CATALOGUE
from app.access.context import current_seat
from app.access.roles import BUILT_IN
from app.activity import queries
from app.activity.events import CATALOGUE as EVENTS
from app.activity.words import DAYS, HIDDEN, LABELS, NEEDED, SERVICE, SWITCHES, VALUES, group_of
from app.kernel.i18n import _, in_language, lazy, listed
from app.models import Activity
from app.screens.formatters import (
    language_name,
    local_date,
    local_datetime,
    person_name,
    with_latin_form,
    yes_no,
)

People = Mapping[int, queries.Person]
SETS: dict[str, tuple[Any, Any]] = {
    "authorities": (lazy("Authorities given"), lazy("Authorities taken"))
}
"""Details told by what came and what went, not in full."""
UNKNOWN = lazy("%(actor)s, %(subject)s: %(event)s")
"""An event that this version does not know any more."""


@dataclass(frozen=True)
class Detail:
    """One fact about what happened: a value, or one before and one after."""

    label: str
    after: str
    before: str | None = None


@dataclass(frozen=True)
class Telling:
    """One line of the log, told."""

    id: int
    event: str
    sentence: Markup
    happened_at: datetime
    as_platform: bool
    details: list[Detail] = field(default_factory=list)
    organization_id: int | None = None
    actor: str = ""
    subject: str = ""
    via: str = ""
    is_undoing: bool = False


def tell_all(lines: Iterable[Activity]) -> list[Telling]:
    """Tell lines, asking once for the people in them."""
    kept = list(lines)
    people = queries.people(kept)
    return [tell(line, people) for line in kept]


def by_day(told: Iterable[Telling]) -> list[tuple[str, list[Telling]]]:
    """Put lines under the reader's dates, in their order."""
    return [
        (day, list(lines))
        for day, lines in groupby(told, key=lambda line: local_date(line.happened_at))
    ]


def tell(line: Activity, people: People) -> Telling:
    """Tell one line."""
    actor = _person(line.actor_id, line.actor_name, people)
    subject = (
        role_names([line.subject_name])[0]
        if group_of(line.event) == "roles"
        else _person(line.subject_id, line.subject_name, people)
    )
    return Telling(
        line.id,
        line.event,
        _sentence(line, actor, subject),
        line.happened_at,
        line.as_platform,
        _details(_shown(line, people)),
        organization_id=line.organization_id,
        actor=actor,
        subject=subject,
        via=line.via,
        is_undoing=line.undoes_id is not None,
    )


def _sentence(line: Activity, actor: str, subject: str) -> Markup:
    event = EVENTS.get(line.event)
    words = {key: _value(key, value) for key, value in (line.details or {}).items()}
    words |= {
        "event": line.event,
        "actor": actor or _("The portal"),
        "subject": subject or _("somebody unknown"),
    }
    is_own = line.actor_id is not None and line.actor_id == line.subject_id
    said = UNKNOWN if event is None else event.own if is_own and event.own else event.sentence
    return Markup(escape(str(said))) % {
        key: Markup("<strong>{}</strong>").format(value) for key, value in words.items()
    }


def _person(account_id: int | None, kept: str, people: People) -> str:
    known = people.get(account_id or 0)
    if known is None or known.written_name != kept:
        return kept
    return with_latin_form(person_name(known.family_name, known.given_name), known.latin_name)


def _shown(line: Activity, people: People) -> Mapping[str, Any]:
    """What is shown of what was kept: nothing that the sentence or another detail tells. A service
    account is no general user, whatever its type.
    """
    kept, event = line.details or {}, EVENTS.get(line.event)
    told = str(event.sentence) if event else ""
    shown = {
        key: value
        for key, value in kept.items()
        if f"%({key})s" not in told and not (key == "two_factor" and "method" in kept)
    }
    known = (
        people.get(line.subject_id or 0) if "type" in kept and queries.kind_of(line) == "" else None
    )
    return shown | {"type": SERVICE} if known is not None and known.is_service else shown


def changes_told(changes: Mapping[str, Any]) -> list[Detail]:
    """Tell values before and after, such as a change that is about to be made."""
    return [
        one for name, (before, after) in changes.items() for one in _change(name, before, after)
    ]


def _details(details: Mapping[str, Any]) -> list[Detail]:
    told: list[Detail] = []
    for key, value in details.items():
        if key == "changes":
            told += changes_told(value)
        elif key not in HIDDEN and value not in (None, "", []):
            told.append(Detail(_label(key), _value(key, value)))
    return told


def _change(key: str, before: Any, after: Any) -> list[Detail]:
    if key not in SETS:
        return [Detail(_label(key), _value(key, after), _value(key, before))]
    had, has = set(_words(before)), set(_words(after))
    given, taken = has - had, had - has
    return [
        Detail(str(label), _value(key, sorted(keys)))
        for label, keys in zip(SETS[key], (given, taken), strict=True)
        if keys
    ]


def _label(key: str) -> str:
    return str(LABELS.get(key, key))


def _value(key: str, value: Any) -> str:
    if value in (None, "", []):
        return _("for ever") if key == "log_kept_days" else _("none")
    if key in VALUES:
        return listed(VALUES[key].get(one, one) for one in _words(value))
    if key in SWITCHES:
        return yes_no(value)
    if key in ("authorities", "needed"):
        return listed(
            str(CATALOGUE[one].name) if one in CATALOGUE else str(NEEDED.get(one, one))
            for one in _words(value)
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
    return [str(one) for one in several]


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
