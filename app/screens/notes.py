"""Notes: what was just done, by name, with Undo where it can be taken back (T2-40).

Here: making the note of a verb from the lines of the log that it wrote, so that every screen has
one, and showing it on the next page. Not here: the sentences (activity.results), what can be taken
back (activity.undoable).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from flask import current_app, flash, url_for

from app.access.context import current_seat
from app.access.policy import may
from app.activity import queries, results, undoable
from app.activity_log.rendering import render
from app.extensions import db
from app.models import Activity

Note = dict[str, str]
"""What a page shows: `text`, and `undo`, where it is posted to."""


class Deed:
    """A verb that is run once, and the note of what it did.

    `said` is a sentence that tells more than the event does; `otherwise` is told where the log has
    nothing to tell; `more` follows either.
    """

    def __init__(
        self,
        verb: Callable[[], Any],
        *,
        said: Any = "",
        otherwise: Any = "",
        more: Any = "",
        is_undo: bool = False,
    ) -> None:
        self._verb, self._said, self._otherwise, self._more = verb, said, otherwise, more
        self._is_undo = is_undo
        self.note: Note = {}

    def __call__(self) -> Any:
        """Run the verb; what it raises goes on."""
        with results.witnessed() as lines:
            made = self._verb()
            db.session.flush()
        main = results.main_lines(lines) if lines else []
        text = str(self._said or (sentence_of(main) if main else "") or self._otherwise)
        self.note = {"text": "\n".join(part for part in (text, str(self._more)) if part)}
        self.note["undo"] = "" if self._is_undo else undo_url(main)
        return made

    def tell(self) -> None:
        """Show the note on the next page."""
        if self.note.get("text"):
            show(self.note)


def show(note: Note) -> None:
    """Show a note on the next page: a plain sentence where there is nothing to undo."""
    flash(cast(str, note if note.get("undo") else note["text"]), "success")


def sentence_of(lines: Sequence[Activity]) -> str:
    """What happened and to whom, "" for what is said of more than one, or of oneself."""
    line = lines[0]
    if len(lines) > 1 and line.event in results.MANY:
        return results.MANY[line.event](len(lines))
    if len(lines) > 1 or (line.subject_id == line.actor_id and line.event.startswith("account_")):
        return ""
    told = render(line, queries.people([line]))
    if line.event not in results.RESULTS:
        return told.sentence.striptags()
    words = {"key": line.details.get("key", "")} | {"subject": told.subject}
    return str(results.RESULTS[line.event]) % words


def undo_url(lines: Sequence[Activity]) -> str:
    """Where these lines are taken back, all of them; "" where that cannot be, or not by whoever
    asks.
    """
    seat = current_seat()
    if not lines or seat is None or seat.organization is None:
        return ""
    line = lines[0]
    if not can_undo(line) or line.organization_id != seat.organization.id:
        return ""
    if len(lines) > 1:
        return url_for("UndoView.undo_batch", batch=line.batch) if line.batch else ""
    return url_for("UndoView.undo", pk=line.id)


def can_undo(line: Activity) -> bool:
    """Whether the reader could take back what this line tells of, were it as it was."""
    needed = undoable.EVENTS.get(line.event)
    offered = "UndoView.undo" in current_app.view_functions
    seat = current_seat()
    if needed is None or not offered or line.organization_id is None or seat is None:
        return False
    is_own = line.actor_id == seat.account.id
    return may(seat, *needed) and (is_own or reads_log())


def reads_log() -> bool:
    """Whether the reader sees the organization's log."""
    return may(current_seat(), "read", "Activity")
