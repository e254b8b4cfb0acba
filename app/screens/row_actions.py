"""Row actions: Flask-AppBuilder's actions that are a verb of a service, declared in one place.

Here: one function for the row of a page and for rows that were selected, one for a verb that has a
page of its own with a form. Not here: the doors of actions (screens.actions), what is done to many
(batches).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import redirect, request
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.security.decorators import has_access

from app.batches.kinds import Kind
from app.http.context import seat
from app.http.paths import asked_next
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.kernel.signals import HookSignal
from app.screens.actions import Page
from app.screens.batch_verbs import Asked, begin


def row_action(
    name: str,
    label: Any,
    verb: Callable[..., Any],
    kind: Kind | None = None,
    *,
    icon: str,
    single: bool = True,
    is_end: bool = False,
    in_menu: bool = True,
    opens: str = "list",
    **told: Any,
) -> Any:
    """Declare an action: `verb(row, by=…, now=…)` on one row, or a batch of a kind on those that
    were selected; without a kind, on one row only.

    `told` is said about one row (screens.notes), or says it of the row; `opens` is what comes next,
    the list or the row's page; `is_end`: the row is gone afterwards; `in_menu`: the menu of each
    row in the list has it.
    """

    @action(name, label, "", icon, single=single, multiple=kind is not None)
    def act(self: Any, items: Any) -> Page | None:
        if kind is not None and isinstance(items, Asked):
            return begin(kind, items)
        words = {name: one(items) if callable(one) else one for name, one in told.items()}
        self.carry_out(lambda: verb(items, by=seat(), now=utcnow()), **words)
        if is_end:
            return redirect(self.list_url())
        return redirect(asked_next(self.show_url(items))) if opens == "show" else None

    act.__name__ = name
    if in_menu:
        act.is_end = is_end
    return act


on_page = partial(row_action, in_menu=False, opens="show")
"""Declare an action that stands on the page of a row, and leads back to it."""


def for_many(name: str, label: Any, kind: Kind, *, icon: str) -> Any:
    """Declare an action on the rows that were selected: a batch of a kind."""

    @action(name, label, "", icon, single=False)
    def act(_self: Any, asked: Asked) -> Page:
        return begin(kind, asked)

    act.__name__ = name
    return act


def asking_page(
    name: str,
    title: Any,
    verb: Callable[..., Any],
    *,
    template: str,
    form: Any,
    saved: Any,
    loses: HookSignal,
    ensure: Callable[[Any, Any], None] | None = None,
    needs_proof: bool = False,
) -> Any:
    """Declare a page that asks before `verb(view, row, form)`, with a form and what will be lost.

    `ensure(view, row)` raises what the verb would refuse, before the page asks; `needs_proof`: only
    shortly after somebody proved who they are.
    """

    def page(self: Any, pk: str) -> Page:
        item = self.load(pk)
        if request.method == "POST":
            if needs_proof:
                ensure_recent(seat(), now=utcnow())
        elif ensure is not None:
            ensure(self, item)

        def words(_form: Any) -> dict[str, Any]:
            row = self.load(pk)
            goes = loses.consequences([row], now=utcnow())
            return {"title": title, "item": row, "consequences": goes}

        filled = form()
        back = asked_next(self.show_url(item))
        return self.form_page(
            template, filled, lambda: verb(self, item, filled), words, saved=saved, back=back
        )

    page.__name__ = name
    return expose(f"/{name}/<pk>", methods=["GET", "POST"])(has_access(page))
