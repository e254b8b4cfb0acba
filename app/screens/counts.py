"""Counts: the small numbers beside the menu's entries, in one query.

Here: counting what lists name for it (`menu_count` of their definitions), in the organization of
the address, no further than is shown. Not here: lists (screens.list_definition).
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import Select, bindparam, func, select

from app.access.policy import may
from app.access.seat import Seat
from app.extensions import db
from app.kernel.cache import Cache
from app.screens.list_query import COUNT_LIMIT


@dataclass(frozen=True)
class MenuCount:
    """A number beside an entry of the menu: the ids that `rows` finds in an organization."""

    name: str
    rows: Callable[[Any], Select[Any]]
    is_whole: bool = False
    """Whether these are the rows that the list shows when nothing narrows it."""


def menu_counts(seat: Seat, names: Set[str]) -> dict[str, str]:
    """Return the number to show beside each of these menu entries, and how many people join at
    their next sign-in (D-C11): a tab beside two of the lists shows that.
    """
    if seat.organization is None:
        return {}
    here, known = seat.organization.id, _known()
    wanted = (names | ({JOINING} if may(seat, "read", "Binding") else set())) & known.keys()
    asked = frozenset(name for name in wanted if not is_beyond(name, here))
    counts = dict.fromkeys(wanted, COUNT_LIMIT + 1)
    if asked:
        numbers = [known[name].label(name) for name in known if name in asked]
        counts |= db.session.execute(select(*numbers), {"organization": here}).one()._mapping
    return {
        name: f"{COUNT_LIMIT:,}+"
        if remember_count(name, here, count) > COUNT_LIMIT
        else f"{count:,}"
        for name, count in counts.items()
    }


def is_beyond(name: str, organization_id: int) -> bool:
    """Whether there were more than anybody counts, when somebody last looked: less than a minute
    ago.
    """
    return bool(_cache().get("count", (name, organization_id)))


def remember_count(name: str, organization_id: int, count: int) -> int:
    """Remember a count that is beyond the limit: counting up to it costs more than the page's rows.
    Return it.
    """
    if count > COUNT_LIMIT and not is_beyond(name, organization_id):
        _cache().keep("count", (name, organization_id), True, seconds=LOOK_AGAIN)
    return count


LOOK_AGAIN = 60.0
"""Seconds."""


def _cache() -> Cache:
    """What this application keeps, for another has other rows."""
    kept: Cache = current_app.cache  # type: ignore[attr-defined]
    return kept


JOINING = "joining"


def _known() -> dict[str, Any]:
    """What counts each number of this application, by its name, in the order of the map."""
    known: dict[str, Any] = current_app.extensions.setdefault("portal.menu_counts", {})
    if not known:
        definitions = (
            getattr(view, "definition", None)
            for view in current_app.extensions["appbuilder"].baseviews
        )
        said = [one.menu_count for one in definitions if one is not None and one.menu_count]
        known |= {one.name: capped(one.rows(bindparam("organization"))) for one in said}
    return known


def capped(query: Select[Any]) -> Any:
    """How many rows a query has, counted no further than COUNT_LIMIT."""
    return (
        select(func.count()).select_from(query.limit(COUNT_LIMIT + 1).subquery()).scalar_subquery()
    )
