"""What is kept of a list: the query of a saved view, and where the list's saved views are.

Here: a listing as a query. Not here: the list (screens.list_view), the views themselves
(saved_views).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import current_app, url_for

from app.screens.list_query import PAGE_SIZES, Listing

IN_ORGANIZATION = "/o/<organization>/"


class KeptMixin:
    """A list whose views are saved."""

    route_base: Any
    endpoint: Any

    def kept(self, listing: Listing) -> str:
        """What a saved view keeps, as a query: what matches, the order, how many to a page; what is
        as usual is left out.
        """
        pairs = parse_qsl(listing.matching)
        pairs += [("sort", listing.sort)] if listing.sort != listing.usual_sort else []
        pairs += (
            [("page_size", str(listing.page_size))] if listing.page_size != PAGE_SIZES[0] else []
        )
        return urlencode(pairs)

    def has_saved_views(self) -> bool:
        """Whether views of this list are saved: in an organization, for its members."""
        return (
            self.route_base.startswith(IN_ORGANIZATION)
            and "SavedViewsView.list" in current_app.view_functions
        )

    def saved_views_url(self, listing: Listing) -> str:
        """Where the saved views of this list are, "" where it has none."""
        return (
            url_for("SavedViewsView.list", screen=self.endpoint, query=self.kept(listing) or None)
            if self.has_saved_views()
            else ""
        )
