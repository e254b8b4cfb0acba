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

PAGE_SIZES = (25, 50, 100)
COUNT_LIMIT = 10_000
LAST_PAGE = 1_000_000
MOST_TYPED = 9_999
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
        chosen = {one.name: _offered(args.getlist(one.name), one) for one in filters}
        asked, usual = args.get("sort", ""), sort_of(base_order)
        q = args.get("q", "").strip()[:200]
        size = _whole(args.get("page_size"), usual_size)
        return cls(
            path=path,
            filters=filters,
            order_columns=order_columns,
            q="" if has_control_characters(q) else q,
            sort=asked if asked.removeprefix("-") in order_columns else usual,
            page=min(max(_whole(args.get("page"), 1), 1), LAST_PAGE),
            page_size=size if size in PAGE_SIZES else usual_size,
            usual_size=usual_size,
            chosen={name: values for name, values in chosen.items() if values},
            opened=args.get(OPENED, ""),
            usual_sort=usual,
            search_label=search_label,
        )

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // self.page_size))

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was searched or filtered."""
        return bool(self.q or self.chosen)

    @property
    def counted(self) -> str:
        """The total in words, where counting further would cost too much."""
        return f"{COUNT_LIMIT:,}+" if self.count > COUNT_LIMIT else f"{self.count:,}"

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

    def order(self, query: Select[Any], tie: Any) -> Select[Any]:
        """Apply the order; `tie` makes it total."""
        column = self.order_columns.get(self.sort.removeprefix("-"))
        if column is None:
            return query.order_by(tie)
        columns = column if isinstance(column, tuple) else (column,)
        down = self.sort.startswith("-")
        return query.order_by(*(_placed(one, down) for one in columns), tie.desc() if down else tie)

    def url(self, **changes: Any) -> str:
        """Return the address of this list with some parameters changed; None leaves one out; a
        change goes back to page 1.
        """
        parameters: dict[str, Any] = {
            "q": self.q or None,
            **self.chosen,
            "sort": self.sort if self.sort != self.usual_sort else None,
            "page": self.page if self.page > 1 and "page" in changes else None,
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


def _placed(column: Any, down: bool) -> Any:
    """A column's order, empty ones last; where there are none it is left unsaid, for an index gives
    that order as it is.
    """
    order = column.desc() if down else column.asc()
    return order if getattr(column, "nullable", True) is False else order.nulls_last()


def _offered(values: list[str], one: Filter) -> list[str]:
    if one.range is not None:
        return one.range.read(values) if values else []
    values = list(dict.fromkeys(values))
    if not values:
        return []
    if one.text:
        return [
            value
            for value in (values[0].strip()[:254],)
            if value
            and not has_control_characters(value)
            and (one.is_sensible is None or one.is_sensible(value))
        ]
    if one.number is not None:
        return [value for value in values if 0 < _whole(value, 0) <= MOST_TYPED][:1]
    known = {str(value) for value, _label in one.options()}
    kept = [value for value in values if value in known]
    return kept if one.multiple else kept[:1]


def _options(one: Filter, chosen: Sequence[str]) -> list[tuple[str, Any]]:
    """The options of a filter, and the number of one's own."""
    options = list(one.options())
    own = set(chosen) - {str(value) for value, _label in options}
    if one.number is not None:
        options += [(value, one.number(int(value))) for value in own]
    return options


def _whole(value: str | None, default: int) -> int:
    return (
        int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else default
    )
