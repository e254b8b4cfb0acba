"""Row actions: Flask-AppBuilder's actions that are a verb of a service, declared in one place.

Here: one function, for the row of a page and for rows that were selected. Not here: the doors of
actions (screens.actions), what is done to many (batches).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect
from flask_appbuilder.actions import action

from app.batches.kinds import Kind
from app.http.context import seat
from app.kernel.clock import utcnow
from app.screens.actions import Page
from app.screens.batch_verbs import Asked, begin


def row_action(
    name: str,
    label: Any,
    verb: Callable[..., Any],
    kind: Kind,
    *,
    icon: str,
    more: Any = "",
    single: bool = True,
    is_end: bool = False,
) -> Any:
    """Declare an action: `verb(row, by=…, now=…)` on one row, or a batch of a kind on those that
    were selected.

    `more` follows the note about one row; `is_end`: the row is gone afterwards.
    """

    @action(name, label, "", icon, single=single)
    def act(self: Any, items: Any) -> Page | None:
        if isinstance(items, Asked):
            return begin(kind, items)
        self.carry_out(lambda: verb(items, by=seat(), now=utcnow()), more=more)
        return redirect(self.list_url()) if is_end else None

    act.__name__ = name
    act.is_end = is_end
    return act
