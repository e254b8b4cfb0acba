"""Results: what a person is told of what they have just done: what happened, and to whom.

Here: one sentence for each event that somebody brings about on a screen, and which lines of a verb
are what it was for. Not here: the log's own sentences (activity.events), showing (screens.notes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from app.activity import events, two_factor_events
from app.activity.events import Event
from app.extensions import db
from app.kernel.i18n import lazy, ngettext
from app.models import Activity

WITNESSES, BATCH = "activity witnesses", "activity batch"
UNDOES = "line that the next one takes back"
TOLD_LATER = "activity told when all of it is done"
"""Set while a part of a batch is committed: who tells others of lines waits for `batch_ended`."""

RESULTS: dict[str, Any] = {
    events.MEMBER_ADDED.name: lazy("%(subject)s is a member now."),
    events.MEMBER_EDITED.name: lazy("The membership of %(subject)s was changed."),
    events.MEMBER_SUSPENDED.name: lazy("%(subject)s was suspended."),
    events.MEMBER_REINSTATED.name: lazy("%(subject)s was reinstated."),
    events.MEMBER_REMOVED.name: lazy("%(subject)s was removed."),
    events.INVITE_SENT.name: lazy("%(subject)s was invited."),
    events.INVITE_EDITED.name: lazy("The invitation of %(subject)s was changed."),
    events.INVITE_RESENT.name: lazy("The invitation of %(subject)s was sent again."),
    events.INVITE_CANCELLED.name: lazy("The invitation of %(subject)s was cancelled."),
    events.INVITE_DELETED.name: lazy("The invitation of %(subject)s was deleted."),
    events.KEY_REVOKED.name: lazy("The API key %(key)s of %(subject)s was revoked."),
    events.ROLE_CREATED.name: lazy("The role %(subject)s was created."),
    events.ROLE_EDITED.name: lazy("The role %(subject)s was changed."),
    events.ROLE_DELETED.name: lazy("The role %(subject)s was deleted."),
    events.ACCOUNT_REGISTERED.name: lazy("The account of %(subject)s was registered."),
    events.ACCOUNT_EDITED.name: lazy("The account of %(subject)s was changed."),
    events.ACCOUNT_SUSPENDED.name: lazy("The account of %(subject)s was suspended."),
    events.ACCOUNT_REINSTATED.name: lazy("The account of %(subject)s was reinstated."),
    events.ACCOUNT_UNLOCKED.name: lazy("The account of %(subject)s was unlocked."),
    events.ACCOUNT_DELETED.name: lazy("The account of %(subject)s was deleted."),
    events.ORGANIZATION_CREATED.name: lazy("The organization %(subject)s was created."),
    events.ORGANIZATION_DELETED.name: lazy("The organization %(subject)s was deleted."),
    events.VIEW_SAVED.name: lazy("The view %(subject)s was saved."),
    events.VIEW_REPLACED.name: lazy("The view %(subject)s was replaced."),
    events.VIEW_DELETED.name: lazy("The view %(subject)s was deleted."),
    two_factor_events.TWO_FACTOR_EXCEPTED.name: lazy(
        "%(subject)s is temporarily exempt from 2-step verification."
    ),
    two_factor_events.TWO_FACTOR_EXCEPTION_ENDED.name: lazy(
        "%(subject)s is no longer exempt from 2-step verification."
    ),
}
"""By the name of an event; one that is not here is told by the log's own sentence."""

MANY: dict[str, Callable[[int], str]] = {
    events.INVITE_SENT.name: lambda count: ngettext(
        "%(num)s person was invited.", "%(num)s people were invited.", count
    ),
}
"""The same of several at once, where one form does it."""

FOLLOWING = frozenset(
    {
        events.INVITE_CANCELLED.name,
        events.KEY_REVOKED.name,
        events.SESSIONS_ENDED.name,
        two_factor_events.DEVICES_ENDED.name,
        events.PASSWORD_LINK_SENT.name,
        events.MEMBER_EDITED.name,
        events.INVITE_EDITED.name,
    }
)
"""Events that other verbs drag along: beside any other they are not what a verb was for."""


def result(event: Event, sentence: Any) -> None:
    """Say what whoever brings an event about is told: for an integrator's own events."""
    RESULTS[event.name] = sentence


@contextmanager
def witnessed() -> Iterator[list[Activity]]:
    """Collect the lines that are recorded meanwhile."""
    lines: list[Activity] = []
    witnesses = db.session.info.setdefault(WITNESSES, [])
    witnesses.append(lines)
    try:
        yield lines
    finally:
        witnesses.remove(lines)


@contextmanager
def together(batch: str) -> Iterator[None]:
    """Put whatever is recorded meanwhile under one name: what is done to many at once."""
    db.session.info[BATCH] = batch
    try:
        yield
    finally:
        db.session.info.pop(BATCH, None)


@contextmanager
def taking_back(line: Activity) -> Iterator[None]:
    """Let the first line that is recorded meanwhile say that it takes this one back: for verbs that
    do not ask what they undo.
    """
    db.session.info[UNDOES] = line.id
    try:
        yield
    finally:
        db.session.info.pop(UNDOES, None)


def collect(line: Activity) -> None:
    """Let whoever collects lines have one more, under the batch of the moment."""
    line.batch = db.session.info.get(BATCH)
    line.undoes_id = line.undoes_id or db.session.info.pop(UNDOES, None)
    for lines in db.session.info.get(WITNESSES, ()):
        lines.append(line)


def main_lines(lines: Sequence[Activity]) -> list[Activity]:
    """The lines that tell what a verb was for: those of one event, without what went with it, each
    of another subject.
    """
    meant = [line for line in lines if line.event not in FOLLOWING] or [*lines]
    same = {line.subject_id: line for line in reversed(meant) if line.event == meant[0].event}
    return [*reversed(same.values())]
