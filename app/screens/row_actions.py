"""Row actions: Flask-AppBuilder's actions that are a verb of a service, declared in one place.

Here: one function, for the row of a page and for rows that were selected. Not here: the doors of
actions (screens.actions), a verb on many rows (screens.each).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect
from flask_appbuilder.actions import action

from app.http.context import seat
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.screens.actions import Page


def row_action(
    name: str,
    label: Any,
    verb: Callable[..., Any],
    done: Callable[[int], str],
    *,
    icon: str,
    question: Any = "",
    more: Any = "",
    single: bool = True,
    is_proved: bool = False,
    is_end: bool = False,
) -> Any:
    """Declare an action: `verb(row, by=…, now=…)` on one row, or on each that was selected.

    `done` says how many were done, `question` is asked before it, `more` follows the note about one
    row. `is_proved`: only after a fresh proof of who one is; `is_end`: the row is gone afterwards.
    """

    @action(name, label, question, icon, single=single)
    def act(self: Any, items: Any) -> Page | None:
        if is_proved:
            ensure_recent(seat(), now=utcnow())
        if isinstance(items, list):
            self.each(items, lambda item: verb(item, by=seat(), now=utcnow()), done)
            return None
        self.carry_out(lambda: verb(items, by=seat(), now=utcnow()), more=more)
        return redirect(self.list_url()) if is_end else None

    act.__name__ = name
    return act
