"""Paging: the ids of one page of a list, found without reading the rows of other pages.

Here: pages from the beginning and from the end, and leaving out tables that nothing asks for. Not
here: the rows of a page (screens.list_definition), reading the address (screens.list_query).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Join, Select
from sqlalchemy.sql import visitors

from app.screens.list_query import Listing

if TYPE_CHECKING:
    from app.screens.list_definition import ListDefinition


def ids(of: ListDefinition, listing: Listing) -> Select[Any]:
    """The ids of the rows of a page, in order; of a page from the end, in the reverse order, so
    that the last page costs what the first one does.
    """
    backwards = listing.page < 0
    start = (abs(listing.page) - 1) * listing.page_size
    query = listing.order(matching(of, listing), of.key, backwards=backwards)
    query = _with_what_is_read(of, query.with_only_columns(of.key))
    return query.limit(listing.page_size).offset(start)


def matching(of: ListDefinition, listing: Listing) -> Select[Any]:
    """Every row that matches, without joining what the datamodel joins only to show it."""
    if not of.datamodel.joined:
        return of.matching(listing)
    found = of.matching(listing, of.datamodel.bare())
    return _with_what_is_read(of, found.with_only_columns(of.key))


def _with_what_is_read(of: ListDefinition, query: Select[Any]) -> Select[Any]:
    """Join what the datamodel joins, where a condition or the order reads it."""
    if not of.datamodel.joined or isinstance(query.get_final_froms()[0], Join):
        return query
    joined = getattr(of.datamodel.obj, of.datamodel.joined)
    wanted = joined.property.mapper.local_table.name
    read = (getattr(one, "table", None) for one in visitors.iterate(query))
    return query.join(joined) if any(getattr(one, "name", "") == wanted for one in read) else query
