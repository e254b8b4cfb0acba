"""Meanwhile: somebody else changed what this reader has open in a form.

Here: a stamp in the form of what it was made from, noticing that it is not so any more, and telling
who changed what. What was typed stays; sent once more, it goes through knowingly. Not here: locks
(each feature's service).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import request
from sqlalchemy import or_, select

from app.activity_log.rendering import RenderedLine, render_all
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import _, lazy
from app.kernel.tokens import digest
from app.models import Activity
from app.screens.formatters import local_time

FIELD = "seen"
TOLD = 3
LONGEST = timedelta(days=1)
"""How far back the log is asked at most: no form is older, and the stamp is the reader's to forge.
"""
State = Mapping[str, Any]


@dataclass(frozen=True)
class About:
    """Which lines of the log tell of an item: whose, where, and how their events begin."""

    subject_id: int
    beginnings: tuple[str, ...]
    organization_id: int | None = None


class ChangedMeanwhile(Refusal):
    """Saving would undo what somebody else has just done."""

    status = 409
    text = lazy(
        "Somebody changed this while you had it open. What you entered is still here: save again to"
        " replace what they did."
    )

    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self.told = told

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *self.told])


def stamp(state: State, *, now: datetime) -> str:
    """Return when a form was made, and a digest of what it was made from."""
    return f"{int(now.timestamp())}.{_digest(state)}"


def stamp_for(form: Any, state: State, *, now: datetime) -> str:
    """Return the stamp of a form that is shown: of this moment where it is new, or where its reader
    was told; else the one that it had.
    """
    sent = request.form.get(FIELD, "")
    was_told = any(str(ChangedMeanwhile.text) in str(error) for error in form.form_errors)
    return stamp(state, now=now) if was_told or not sent else sent


def is_changed(state: State) -> bool:
    """Whether the form that was sent was made from something else."""
    sent = request.form.get(FIELD, "")
    return bool(sent) and sent.partition(".")[2] != _digest(state)


def ensure_same(state: State, about: About, *, now: datetime) -> None:
    """Raise ChangedMeanwhile, with who did what, where the form that was sent was made from
    something else; call it behind the lock.
    """
    if is_changed(state):
        raise ChangedMeanwhile(
            [line for one in render_all(_lines(about, now=now)) for line in _told(one)]
        )


def _digest(state: State) -> str:
    return digest(json.dumps(state, sort_keys=True, default=str))


def _lines(about: About, *, now: datetime) -> list[Activity]:
    seconds = request.form.get(FIELD, "").partition(".")[0]
    made = (
        datetime.fromtimestamp(int(seconds), UTC)
        if seconds.isascii() and seconds.isdigit() and len(seconds) <= 10
        else now
    )
    query = select(Activity).where(
        Activity.subject_id == about.subject_id,
        Activity.happened_at >= max(made, now - LONGEST),
        or_(*(Activity.event.startswith(beginning) for beginning in about.beginnings)),
    )
    if about.organization_id is not None:
        query = query.where(Activity.organization_id == about.organization_id)
    found = db.session.scalars(query.order_by(Activity.id.desc()).limit(10 * TOLD))
    once = {
        (line.event, line.happened_at, line.actor_id): line for line in found
    }  # an account's stand in the log of each organization
    return list(once.values())[:TOLD]


def _told(line: RenderedLine) -> list[str]:
    head = _(
        "%(time)s: %(sentence)s",
        time=local_time(line.happened_at),
        sentence=line.sentence.striptags(),
    )
    return [head, *(_change(one.label, one.before, one.after) for one in line.details)]


def _change(label: str, before: str | None, after: str) -> str:
    if before is None:
        return _("%(label)s: %(value)s", label=label, value=after)
    return _("%(label)s: %(before)s → %(after)s", label=label, before=before, after=after)
