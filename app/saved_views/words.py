"""What a list's parameters mean, in the reader's words.

Here: queries to sentences. Not here: what a list understands of them (screens.list_query), the page
(saved_views.views).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from app.kernel.i18n import _
from app.screens.list_filter import Filter
from app.screens.list_view import ListMixin

Labels = dict[str, str]


class Words:
    """The words of one list; what its filters offer is asked once, for however many queries."""

    def __init__(self, there: ListMixin) -> None:
        self.there = there
        self.filters = [
            (one, {str(value): str(label) for value, label in one.options()})
            for one in there.definition.filters
        ]

    def tell(self, query: str) -> list[str]:
        """Say what is searched, which filters are set, in which order, how many to a page; what no
        longer exists is left out.
        """
        given: dict[str, list[str]] = {}
        for name, value in parse_qsl(query):
            given.setdefault(name, []).append(value)
        told = [_("Search: %(words)s", words=given["q"][0])] if "q" in given else []
        for one, labels in self.filters:
            told += self._filter(one, labels, given.get(one.name, []))
        return told + self._order(given.get("sort", [])) + self._size(given.get("page_size", []))

    def _filter(self, one: Filter, labels: Labels, values: list[str]) -> list[str]:
        shown = [
            one.range.words(value) if one.range else one.told(value) if one.text else labels[value]
            for value in values
            if one.text or one.range or value in labels
        ]
        if not shown:
            return []
        if one.everything and len(shown) == len(labels):
            return [str(one.everything)]
        return [
            _(
                "%(filter)s: %(values)s",
                filter=self._label(one.name, one.label),
                values=", ".join(shown),
            )
        ]

    def _order(self, asked: list[str]) -> list[str]:
        if not asked or asked[0].removeprefix("-") not in self.there.definition.order_columns:
            return []
        column = self._label(asked[0].removeprefix("-"))
        if asked[0].startswith("-"):
            return [_("Sorted by %(column)s, descending", column=column)]
        return [_("Sorted by %(column)s, ascending", column=column)]

    def _size(self, asked: list[str]) -> list[str]:
        return [_("%(num)s rows to a page", num=size) for size in asked[:1]]

    def _label(self, name: str, own: Any = "") -> str:
        return str(own or self.there.label_columns.get(name, name))
