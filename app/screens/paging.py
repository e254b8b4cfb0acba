"""Paging: the ids of one page of a list, found without reading the rows of other pages.

Here: pages from the beginning and from the end, and leaving out tables that nothing asks for. Not
here: the rows of a page (screens.list_definition), reading the address (screens.list_query).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import CTE, Join, Select, select
from sqlalchemy.sql import visitors
from sqlalchemy.sql.util import find_tables

from app.screens.list_query import Listing

if TYPE_CHECKING:
    from app.screens.list_definition import ListDefinition


NEAR = 1_000
"""Rows before a page that cost less to read than finding the page's ids first."""


def is_near(listing: Listing) -> bool:
    """Whether a page is one of the first, in the order that was asked for."""
    before = (listing.page - 1) * listing.page_size
    return 0 <= before <= NEAR and not listing.most_found


def ids(of: ListDefinition, listing: Listing) -> Select[Any]:
    """The ids of the rows of a page, in order; of a page from the end, in the reverse order, so
    that the last page costs what the first one does.
    """
    backwards = listing.page < 0
    if listing.most_found:
        return _among_found(found(of, listing), listing, backwards)
    start = (abs(listing.page) - 1) * listing.page_size
    query = listing.order(matching(of, listing), of.key, backwards=backwards)
    query = _with_what_is_read(of, query.with_only_columns(of.key))
    return query.limit(listing.page_size).offset(start)


def found(of: ListDefinition, listing: Listing) -> CTE:
    """The first rows that a search finds, as many as are shown and one more, with what they are
    ordered by; however many there are, no more of them are looked at.
    """
    if listing.found is None:
        query = matching(of, listing).order_by(None)
        by = [
            getattr(one, "column", one).label(f"by_{at}")
            for at, one in enumerate(listing.ordered_by)
        ]
        query = _with_what_is_read(of, query.with_only_columns(of.key.label("id"), *by))
        kept = query.limit(listing.most_found + 1).cte("found")
        listing.found = kept.prefix_with("MATERIALIZED", dialect="postgresql")
    return listing.found


def _among_found(rows: CTE, listing: Listing, backwards: bool) -> Select[Any]:
    by = [_as(one, rows.c[f"by_{at}"]) for at, one in enumerate(listing.ordered_by)]
    query = listing.order(select(rows.c.id), rows.c.id, backwards=backwards, by=by)
    start = (abs(listing.page) - 1) * listing.page_size
    left = max(listing.most_found - start, 0)
    return query.limit(min(listing.page_size, left)).offset(start)


def _as(one: Any, column: Any) -> Any:
    """A column that is ordered as another one is."""
    return type(one)(column) if hasattr(one, "column") and hasattr(one, "turned") else column


def matching(of: ListDefinition, listing: Listing) -> Select[Any]:
    """Every row that matches, without joining what the datamodel joins only to show it."""
    if not of.datamodel.joined:
        return of.matching(listing)
    found = of.matching(listing, of.datamodel.bare())
    return _with_what_is_read(of, found.with_only_columns(of.key))


def _with_what_is_read(of: ListDefinition, query: Select[Any]) -> Select[Any]:
    """Join what the datamodel joins, where a condition or the order reads it."""
    if not of.datamodel.joined:
        return query
    joined = getattr(of.datamodel.obj, of.datamodel.joined)
    wanted = joined.property.mapper.local_table.name
    joins = [one for one in query.get_final_froms() if isinstance(one, Join)]
    if any(table.name == wanted for one in joins for table in find_tables(one)):
        return query
    read = (getattr(one, "table", None) for one in visitors.iterate(query))
    return query.join(joined) if any(getattr(one, "name", "") == wanted for one in read) else query
