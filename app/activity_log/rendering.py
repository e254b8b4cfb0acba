"""Rendering: a line of the log in the reader's language, with what was before and what is after.

Here: rows to sentences. Names stand as they were kept; somebody whose name is still the same is
named in the reader's order.
Not here: the screen (activity_log.views), which rows (activity.queries).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from app.activity import nouns, queries
from app.activity.events import CATALOGUE as EVENTS
from app.activity.words import SERVICE, group_of
from app.activity_log.details import Detail, render_details, render_row, render_value, role_names
from app.kernel.i18n import _, lazy
from app.models import Activity
from app.screens.formatters import (
    local_date,
    person_name,
    with_latin_form,
)

People = Mapping[int, queries.PersonName]
UNKNOWN = lazy("%(actor)s, %(subject)s: %(event)s")
"""An event that this version does not know any more."""


@dataclass(frozen=True)
class RenderedLine:
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


def render_all(lines: Iterable[Activity]) -> list[RenderedLine]:
    """Tell lines, asking once for the people in them."""
    kept = list(lines)
    people = queries.people(kept)
    return [render(line, people) for line in kept]


def by_day(told: Iterable[RenderedLine]) -> list[tuple[str, list[RenderedLine]]]:
    """Put lines under the reader's dates, in their order."""
    return [
        (day, list(lines))
        for day, lines in groupby(told, key=lambda line: local_date(line.happened_at))
    ]


def render(line: Activity, people: People) -> RenderedLine:
    """Tell one line."""
    actor, noun = _person(line.actor_id, line.actor_name, people), nouns.noun_of(line)
    subject = (
        role_names([line.subject_name])[0]
        if group_of(line.event) == "roles"
        else line.subject_name
        if noun
        else _person(line.subject_id, line.subject_name, people)
    )
    return RenderedLine(
        line.id,
        line.event,
        _sentence(line, actor, subject),
        line.happened_at,
        line.as_platform,
        render_row(line, noun)
        if noun and nouns.tells_row(line)
        else render_details(_shown(line, people)),
        organization_id=line.organization_id,
        actor=actor,
        subject=subject,
        via=line.via,
        is_undoing=line.undoes_id is not None,
    )


def _sentence(line: Activity, actor: str, subject: str) -> Markup:
    event = EVENTS.get(line.event)
    words = {key: render_value(key, value) for key, value in (line.details or {}).items()}
    words |= {
        "event": line.event,
        "actor": actor or _("The portal"),
        "subject": subject or _("somebody unknown"),
    }
    noun = nouns.noun_of(line)
    if noun is not None:
        words["list"] = str(noun.label)
    is_own = noun is None and line.actor_id is not None and line.actor_id == line.subject_id
    gone = nouns.sentence_of(line) or UNKNOWN
    said = gone if event is None else event.own if is_own and event.own else event.sentence
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
