"""List query: what a list page was asked for, and the words its template needs.

Here: reading `q`, filters, `sort`, `page` and `page_size` from the address; anything unknown reads
as the default. Not here: which rows (each feature's queries).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select
from werkzeug.datastructures import MultiDict

from app.kernel.text import has_control_characters
from app.screens.list_filter import RANGE, Filter
from app.screens.list_order import placed
from app.screens.list_parameters import offered, page_number, whole

PAGE_SIZES = (25, 50, 100)
COUNT_LIMIT = 10_000
OPENED = "filter"
"""The parameter that names the filter whose choices are shown."""


@dataclass
class Listing:
    """One list, as one reader asked for it."""

    path: str
    filters: Sequence[Filter]
    order_columns: Mapping[str, Any]
    q: str = ""
    sort: str = ""
    page: int = 1
    page_size: int = PAGE_SIZES[0]
    chosen: dict[str, list[str]] = field(default_factory=dict)
    opened: str = ""
    usual_sort: str = ""
    """The order when none is asked for, as an address says it."""
    search_label: Any = ""
    usual_size: int = PAGE_SIZES[0]
    """Rows to a page where the address does not say."""
    folds: bool = False
    """Whether what belongs together is one row, where the list knows of such."""
    is_indexed: bool = False
    """Whether the search box asks the index, which knows beginnings."""
    most_found: int = 0
    """Rows that a search by index shows at most; 0 for any other list."""
    found: Any = None
    """The rows that such a search found, once they were asked for (screens.paging)."""
    count: int = 0
    rows: Sequence[Any] = field(default_factory=list)
    actions: list[Any] = field(default_factory=list)
    tabs: list[Any] = field(default_factory=list)

    @classmethod
    def read(
        cls,
        args: MultiDict[str, str],
        *,
        path: str,
        filters: Sequence[Filter],
        order_columns: Mapping[str, Any],
        base_order: tuple[str, str] | None = None,
        search_label: Any = "",
        usual_size: int = PAGE_SIZES[0],
    ) -> Listing:
        """Read the address; what it asks for and the list does not offer is left out."""
        chosen = {one.name: offered(args.getlist(one.name), one) for one in filters}
        asked, usual = args.get("sort", ""), sort_of(base_order)
        q = args.get("q", "").strip()[:200]
        size = whole(args.get("page_size"), usual_size)
        return cls(
            path=path,
            filters=filters,
            order_columns=order_columns,
            q="" if has_control_characters(q) else q,
            sort=asked if asked.removeprefix("-") in order_columns else usual,
            page=page_number(args.get("page", "")),
            page_size=size if size in PAGE_SIZES else usual_size,
            usual_size=usual_size,
            chosen={name: values for name, values in chosen.items() if values},
            opened=args.get(OPENED, ""),
            usual_sort=usual,
            search_label=search_label,
        )

    @property
    def is_uncounted(self) -> bool:
        """Whether there are more rows than are counted."""
        return self.count > COUNT_LIMIT

    @property
    def is_many(self) -> bool:
        """Whether a search found more than it shows."""
        return 0 < self.most_found < self.count

    @property
    def pages(self) -> int:
        shown = self.most_found if self.is_many else self.count
        return max(1, -(-shown // self.page_size))

    @property
    def nearest_page(self) -> int:
        """This page, or where there is none, the one that comes nearest."""
        return min(self.page, self.pages) if self.page > 0 else 1

    @property
    def numbers(self) -> list[int]:
        """The pages to lead to from this one: the first, the last where it is known, those near."""
        near = range(self.page - 2, self.page + 3) if self.page > 0 else range(0)
        if self.is_uncounted:
            return sorted({1, *(number for number in near if number > 0)})
        return sorted({1, self.pages, *(one for one in near if 0 < one <= self.pages)})

    @property
    def has_next(self) -> bool:
        if self.is_uncounted and self.page > 0:
            return len(self.rows) == self.page_size
        return self.page < (0 if self.is_uncounted else self.pages) and self.page != -1

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was searched or filtered."""
        return bool(self.q or self.chosen)

    @property
    def counted(self) -> str:
        """The total in words, where counting further would cost too much."""
        if self.is_many:
            return f"{self.most_found:,}+"
        return f"{COUNT_LIMIT:,}+" if self.is_uncounted else f"{self.count:,}"

    @property
    def can_select(self) -> bool:
        return any(action.multiple for action in self.actions)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the search form must carry along."""
        kept = [("sort", self.sort)] if self.sort != self.usual_sort else []
        return kept + (
            [("page_size", str(self.page_size))] if self.page_size != self.usual_size else []
        )

    def narrow(self, query: Select[Any]) -> Select[Any]:
        """Apply the filters to a query."""
        for one in self.filters:
            values = self.chosen.get(one.name, [])
            if values or one.always:
                query = one.apply(query, values[0].split(RANGE) if one.range else values)
        return query

    @property
    def ordered_by(self) -> tuple[Any, ...]:
        """What rows are ordered by, the most important first."""
        column = self.order_columns.get(self.sort.removeprefix("-"))
        return () if column is None else column if isinstance(column, tuple) else (column,)

    def order(
        self,
        query: Select[Any],
        tie: Any,
        *,
        backwards: bool = False,
        by: Sequence[Any] | None = None,
    ) -> Select[Any]:
        """Apply the order, or its reverse; `tie` makes it total, `by` are the columns where they
        are read from elsewhere.
        """
        columns = self.ordered_by if by is None else by
        down = bool(columns) and self.sort.startswith("-")
        ties = tie.desc() if down != backwards else tie.asc()
        return query.order_by(*(placed(one, down, backwards) for one in columns), ties)

    def url(self, **changes: Any) -> str:
        """Return the address of this list with some parameters changed; None leaves one out; a
        change goes back to page 1.
        """
        parameters: dict[str, Any] = {
            "q": self.q or None,
            **self.chosen,
            "sort": self.sort if self.sort != self.usual_sort else None,
            "page": self.page if self.page != 1 and "page" in changes else None,
            "page_size": self.page_size if self.page_size != self.usual_size else None,
        }
        pairs = [
            (name, value)
            for name, value in (parameters | changes).items()
            if value not in (None, "", [])
        ]
        return f"{self.path}?{urlencode(pairs, doseq=True)}" if pairs else self.path

    def link(self, **changes: Any) -> str:
        """The same, as short as a link on the list's own page may be."""
        return self.url(**changes).removeprefix(self.path) or "?"

    def offered(self) -> list[dict[str, Any]]:
        """The filters as the template draws them; the choices of one that is neither opened nor
        used are left for the page that opens it.
        """
        return [self._drawn(one) for one in self.filters]

    def _drawn(self, one: Filter) -> dict[str, Any]:
        chosen, is_open = self.chosen.get(one.name, []), one.name == self.opened
        return {
            "name": one.name,
            "label": one.label,
            "options": _options(one, chosen) if chosen or is_open or one.everything else [],
            "number": one.number is not None,
            "chosen": chosen,
            "multiple": one.multiple,
            "text": one.text,
            "typed": [one.told(value) for value in chosen] if one.text and one.label else [],
            "quiet": one.quiet and not chosen,
            "range": one.range,
            "ends": (chosen[0] if chosen else RANGE).split(RANGE) if one.range else [],
            "everything": one.everything,
            "is_open": is_open,
        }

    @property
    def matching(self) -> str:
        """What decides which rows match, as a query; a verb for all of them, an export and a saved
        view keep it.
        """
        return urlencode({"q": self.q, **self.chosen} if self.q else self.chosen, doseq=True)


def sort_of(order: tuple[str, str] | None) -> str:
    """Return Flask-AppBuilder's ("name", "asc" or "desc") as an address says it."""
    if not order:
        return ""
    name, direction = order
    return f"-{name}" if direction == "desc" else name


def _options(one: Filter, chosen: Sequence[str]) -> list[tuple[str, Any]]:
    """The options of a filter, and the number of one's own."""
    options = list(one.options())
    own = set(chosen) - {str(value) for value, _label in options}
    if one.number is not None:
        options += [(value, one.number(int(value))) for value in own]
    return options
