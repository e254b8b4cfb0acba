"""Checks of names: words, authorities and addresses that are taken, or could be mistaken.

Here: one view among those that exist. Not here: making names (model_views.names).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from app.access.authorities import Authority
from app.activity import queries, words

ICONS = Path(__file__).parents[2] / "static" / "icons.svg"
FORM = re.compile(r"[a-z][a-z0-9_]*")


def complaints(view: type[Any]) -> Iterator[str]:
    """Say what is wrong with the names of a view."""
    word = view.word
    if not FORM.fullmatch(word):
        yield f"word = {word!r} stands in addresses: write small Latin letters, digits and _"
    other = next((one for one in _beginnings(word) if _collide(f"{word}_", one)), None)
    if other is not None:
        yield (
            f"events of {word!r} and of {other.rstrip('_')!r} begin alike, so the log would mistake"
            f" one for the other: write another word = '…', such as 'own_{word}'"
        )
    for key in (f"{word}_viewer", f"{word}_editor"):
        if key in {str(one) for one in Authority}:
            yield f"the authority {key} exists in the portal: write another word = '…'"


def taken(view: type[Any], others: Iterable[type[Any]], resources: Iterable[str]) -> Iterator[str]:
    """Say which names of a view other views and APIs of the portal have."""
    for other in others:
        if other is view:
            continue
        if other.__name__ == view.__name__:
            yield f"a view called {view.__name__} is on the map already: rename the class"
        elif getattr(other, "route_base", None) == view.route_base and view.route_base:
            yield (
                f"{other.__name__} stands at {view.route_base} already: write another word = '…'"
            )
    if view.rest and view.word in resources:
        yield (
            f"/api/v1/{view.word} is another API's address: write another word = '…', or rest ="
            " False"
        )


def unmapped(view: type[Any], others: Iterable[type[Any]]) -> Iterator[str]:
    """Say which views a page leads to that are not on the map."""
    known = [*others]
    for child in view.related_views or ():
        if child not in known:
            name = child.__name__
            yield f"related_views names {name}, which has no screen: add Screen({name}, HIDDEN)"


def icons(name: str) -> Iterator[str]:
    """Say that there is no such drawing."""
    if name and name not in _drawings():
        near = get_close_matches(name, _drawings(), 1)
        instead = f"write icon={near[0]!r}" if near else "leave it out"
        yield f"icon={name!r} is no drawing of app/static/icons.svg: {instead}"


@cache
def _drawings() -> frozenset[str]:
    return frozenset(re.findall(r'<symbol id="([^"]+)', ICONS.read_text()))


def _beginnings(word: str) -> set[str]:
    """How the names of all events begin that are not this word's own."""
    known = {one for _label, several in words.GROUPS.values() for one in several}
    known |= {one for several in queries.KINDS.values() for one in several}
    return {one for one in known if one != f"{word}_"}


def _collide(own: str, other: str) -> bool:
    return own.startswith(other) or other.startswith(own)
