"""Services: methods of a model view that are a verb of its feature's service, and nothing else.

Here: who asks, and when, said once; what a form holds, as the verb takes it. Not here: what happens
(each feature's service), which methods a view has (screens.verbs).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, url_for

from app.access.policy import may
from app.http.context import seat
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.screens.forms import PortalForm


def does(
    verb: Callable[..., Any], *places: Callable[[], Any], needs_proof: bool = False, **more: Any
) -> Any:
    """Make a verb a method: `verb(row, *places, **entered, by=…, now=…)`. Places and what is named
    beside are asked for at the call; a form's values go by their names.

    `needs_proof`: only shortly after somebody proved who they are.
    """

    def method(_self: Any, *told: Any) -> Any:
        if needs_proof:
            ensure_recent(seat(), now=utcnow())
        rows = [one for one in told if not isinstance(one, PortalForm)]
        forms = [one for one in told if isinstance(one, PortalForm)]
        entered = forms[0].entered if forms else {}
        named = {name: ask() for name, ask in more.items()}
        there = [place() for place in places]
        return verb(*rows, *there, **entered, **named, by=seat(), now=utcnow())

    return method


def asks(check: Callable[..., Any], *places: Callable[[], Any]) -> Any:
    """Make a check or another question of a service a method: `check(row, *places, by=…)`."""

    def method(_self: Any, item: Any) -> Any:
        return check(item, *(place() for place in places), by=seat())

    return method


def says(words: Callable[[Any], Any]) -> Any:
    """Make a function of a row a method."""

    def method(_self: Any, item: Any) -> Any:
        return words(item)

    return method


def leads_to(endpoint: str, permission: str, noun: str) -> Any:
    """Make the address of another screen a method: "" where the portal has none, or the reader may
    not open it.
    """

    def method(_self: Any) -> str:
        is_open = endpoint in current_app.view_functions and may(seat(), permission, noun)
        return url_for(endpoint) if is_open else ""

    return method
