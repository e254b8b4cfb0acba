"""Pages: a list, for machines.

Here: the same filters, search and orders as the screen's, without its cells. What a screen leaves
out silently is refused here: a program that misspells a filter would take everybody for what it
asked. Not here: which rows match (each feature's queries).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, request
from marshmallow import fields
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.kernel.i18n import lazy
from app.rest.errors import InvalidInput
from app.rest.schemas import Number, Shape, Text, Word
from app.screens.list_definition import ListDefinition
from app.screens.list_parameters import LAST_PAGE
from app.screens.list_query import COUNT_LIMIT, Listing, sort_of

LARGEST_PAGE = 100
NO_CHOICE = lazy("There is nothing by that name to filter by.")


class PageQuery(Shape):
    """What every list can be asked; a feature adds its filters and orders."""

    q = Text(longest=200, metadata={"description": lazy("Words to search for.")})
    page = Number(most=LAST_PAGE, load_default=1)
    page_size = Number(most=LARGEST_PAGE, load_default=25)


class Page(Shape):
    """What every list answers; a feature adds `items`."""

    total = fields.Integer(
        required=True,
        metadata={"description": lazy("How many match in all pages, counted up to ten thousand.")},
    )
    total_is_exact = fields.Boolean(
        required=True,
        metadata={"description": lazy("False where there are more than were counted.")},
    )
    page = fields.Integer(required=True)
    page_size = fields.Integer(required=True)
    next = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": lazy("The address of the next page, null on the last one.")},
    )
    previous = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": lazy("The address of the page before, null on the first one.")},
    )


def order(of: ListDefinition) -> Word:
    """What a list can be ordered by, in both directions, and the order when nothing is asked."""
    return Word(
        *of.order_columns,
        *(f"-{name}" for name in of.order_columns),
        load_default=sort_of(of.base_order),
        metadata={"description": lazy("A minus sign turns the order round.")},
    )


def page(of: ListDefinition, asked: Mapping[str, Any], *, options: Sequence[Any]) -> dict[str, Any]:
    """Return one page of a list: its rows as `rows`, and what `Page` tells of it. Raises
    InvalidInput.
    """
    listing = read(of, asked)
    rows = db.session.scalars(of.page(listing).options(*options)).unique().all()
    count = db.session.scalar(of.count(listing)) or 0
    start = (listing.page - 1) * listing.page_size
    more = start + len(rows) < count or (count > COUNT_LIMIT and len(rows) == listing.page_size)
    return {
        "rows": rows,
        "total": min(count, COUNT_LIMIT),
        "total_is_exact": count <= COUNT_LIMIT,
        "page": listing.page,
        "page_size": listing.page_size,
        "next": _url(listing, listing.page + 1) if more else None,
        "previous": _url(listing, listing.page - 1) if listing.page > 1 else None,
    }


def read(of: ListDefinition, asked: Mapping[str, Any]) -> Listing:
    """Read what a list is asked for. Raises InvalidInput."""
    parameters = MultiDict[str, str]()
    for name, value in asked.items():
        parameters.setlist(
            name, [str(item) for item in value] if isinstance(value, list) else [str(value)]
        )
    listing = of.read(parameters, path=request.path)
    left_out = {
        narrowing.name: str(NO_CHOICE)
        for narrowing in of.filters
        if set(parameters.getlist(narrowing.name)) - {""}
        and set(parameters.getlist(narrowing.name)) != set(listing.chosen.get(narrowing.name, []))
    }
    if left_out:
        raise InvalidInput(left_out)
    listing.page, listing.page_size = asked["page"], asked["page_size"]
    return listing


def _url(listing: Listing, number: int) -> str:
    return str(current_app.config["SETTINGS"].portal_url) + listing.url(page=number)
