"""Each: one verb on many rows, with one note for all of them.

Here: running it row by row, counting, naming what was refused and why. Not here: which rows
(screens.list_view), the verbs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import flash

from app.activity import results
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import _, ngettext
from app.kernel.tokens import new_public_id
from app.models import Activity
from app.screens import notes

TOLD_REFUSALS = 10
AT_ONCE = 50


def each(
    items: Iterable[Any],
    verb: Callable[[Any], Any],
    done: Callable[[int], str],
    *,
    name: Callable[[Any], str] = str,
    is_undo: bool = False,
) -> None:
    """Run a verb on each item; say how many were done, with one Undo for them all, and which were
    refused, and why.

    Every AT_ONCE items are committed, so that many of them do not keep everybody else from
    writing.
    """
    refused: list[str] = []
    deeds: list[list[Activity]] = []
    with results.together(new_public_id()):
        for number, item in enumerate(items, 1):
            called = name(item)
            try:
                with results.witnessed() as lines, db.session.begin_nested():
                    verb(item)
                deeds.append(results.main_lines(lines)[:1])
            except Refusal as refusal:
                refused.append(_("%(name)s: %(reason)s", name=called, reason=str(refusal)))
            if number % AT_ONCE == 0:
                db.session.commit()
    db.session.commit()
    if deeds:
        first = next((lines for lines in deeds if lines), [])
        url = "" if is_undo else notes.undo_url(first * min(len(deeds), 2))
        notes.show({"text": done(len(deeds)), "undo": url})
    _tell_refused(refused)


def _tell_refused(refused: list[str]) -> None:
    if refused:
        head = ngettext(
            "%(num)s could not be changed.", "%(num)s could not be changed.", len(refused)
        )
        flash("\n".join([head, *refused[:TOLD_REFUSALS]]), "danger")
