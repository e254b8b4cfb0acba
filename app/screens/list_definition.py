"""List definitions: what one list is, for every door that reads it.

Here: where a list stands, its rows, columns, orders, filters and search, as a feature's lists.py
says them once; screen, REST, export and saved views ask the same object. Not here: reading an
address (screens.list_query), drawing (screens.list_view).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select
from werkzeug.datastructures import MultiDict

from app.access.context import current_seat
from app.access.policy import may
from app.exchange.files import File
from app.http.context import organization
from app.screens import paging
from app.screens.counts import MenuCount
from app.screens.formatters import macros
from app.screens.interface import PlatformInterface
from app.screens.list_filter import Filter
from app.screens.list_query import COUNT_LIMIT, PAGE_SIZES, Listing
from app.search_index.finding import MANY

Query = Select[Any]


@dataclass(frozen=True, eq=False)
class ListDefinition:
    """One list, in Flask-AppBuilder's words; a view of it takes them from here."""

    datamodel: PlatformInterface
    route_base: str = ""
    class_permission_name: str = ""
    label_columns: Mapping[str, Any] = field(default_factory=dict)
    list_columns: Sequence[str] = ()
    """The columns that are shown; none: those that have a label."""
    order_columns: Any = field(default_factory=dict)
    """The columns that rows are ordered by: by name, with the SQL of each, an expression or
    several; a list of names where they are the model's own, with pairs of both for others.
    """
    base_order: tuple[str, str] | None = None
    filters: Sequence[Filter] = ()
    search: Callable[[Query, str], Query] | None = None
    """Narrows the rows by what was typed; None: nothing is searched."""
    search_label: Any = ""
    is_searched_by_index: bool = False
    """Whether `search` asks the index: then no more are looked at than are shown."""
    page_size: int = PAGE_SIZES[0]
    """Rows to a page where nothing else is asked for."""
    eager: Sequence[Any] = ()
    """What is read along with the rows of a page."""
    cells: str = ""
    """The template of macros that draw the cells: one to a column, by its name."""
    cells_of: Callable[[Sequence[Any]], Iterable[Any]] | None = None
    """What every cell of a row is given, and its page as `shown`, for the rows of a page; None:
    its column's value.
    """
    counted: Mapping[str, Callable[[Iterable[int]], Mapping[int, int]]] = field(
        default_factory=dict
    )
    """Columns that are a number for each row: counted for all rows of a page, by their ids."""
    file: File | None = None
    """The columns of its files, which programs are told too; None: it has no files."""
    menu_count: MenuCount | None = None
    """The number beside its entry in the menu."""
    needs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """The permission and its view without which a column does not exist for the reader."""

    def __post_init__(self) -> None:
        """Find the columns of orders that are only named."""
        if isinstance(self.order_columns, Mapping):
            return
        named = ((one, None) if isinstance(one, str) else one for one in self.order_columns)
        model = self.datamodel.obj
        by = {name: order if order is not None else getattr(model, name) for name, order in named}
        object.__setattr__(self, "order_columns", by)

    @property
    def attributes(self) -> dict[str, Any]:
        """What Flask-AppBuilder's view says under the same names; what is not said is left out."""
        columns = self.list_columns or self.label_columns
        said = {
            "datamodel": self.datamodel,
            "route_base": self.route_base,
            "class_permission_name": self.class_permission_name,
            "list_columns": [*columns],
            "label_columns": self.labels,
            "formatters_columns": macros(self.cells, columns) if self.cells else {},
            "order_columns": [*self.order_columns],
            "base_order": self.base_order,
        }
        return {name: value for name, value in said.items() if value}

    @property
    def labels(self) -> dict[str, Any]:
        """What columns are called: as in its files, unless they are called otherwise here."""
        columns = self.file.columns if self.file else ()
        labels = {one.key: one.label for one in columns if one.key in self.list_columns}
        return labels | {**self.label_columns}

    @property
    def key(self) -> Any:
        """The column that names a row."""
        return self.datamodel.obj.id

    @property
    def whole_count(self) -> MenuCount | None:
        """The number in the menu, where it counts what the list shows when nothing narrows it."""
        return self.menu_count if self.menu_count and self.menu_count.is_whole else None

    def offered_orders(self) -> Mapping[str, Any]:
        """The orders that the reader may ask for."""
        return {name: order for name, order in self.order_columns.items() if self._sees(name)}

    def offered_filters(self) -> Sequence[Filter]:
        """The filters that the reader may use."""
        return [
            one
            for one in self.filters
            if self._sees(one.name) and (one.needs is None or may(current_seat(), *one.needs))
        ]

    def read(self, parameters: MultiDict[str, str], *, path: str) -> Listing:
        """Read what the list was asked for."""
        listing = Listing.read(
            parameters,
            path=path,
            filters=self.offered_filters(),
            order_columns=self.offered_orders(),
            base_order=self.base_order,
            search_label=self.search_label,
            usual_size=self.page_size,
        )
        listing.is_indexed = self.is_searched_by_index
        if self.is_searched_by_index and listing.q:
            listing.most_found = MANY
        return listing

    def matching(self, listing: Listing, rows: Query | None = None) -> Query:
        """Return the query for every row that matches what was asked for, in no order; `rows` are
        those that exist, where they are not read as the datamodel does.
        """
        query = listing.narrow(self.datamodel.scoped() if rows is None else rows)
        return self.search(query, listing.q) if self.search and listing.q else query

    def ordered(self, listing: Listing) -> Query:
        """Return the same in the order that was asked for."""
        return listing.order(self.matching(listing), self.key)

    def page(self, listing: Listing) -> Query:
        """Return the query for the rows of the page that was asked for. Of a page that is far from
        the beginning the ids are found first, so that the rows before are never read.
        """
        if paging.is_near(listing):
            start = (listing.page - 1) * listing.page_size
            return self.ordered(listing).limit(listing.page_size).offset(start)
        ids = paging.ids(self, listing).subquery("page_ids")
        rows = self.datamodel.scoped().join(ids, ids.c[0] == self.key)
        return listing.order(rows, self.key)

    def count(self, listing: Listing) -> Query:
        """Return the query for how many rows match, counted no further than is shown."""
        if listing.most_found:
            return select(func.count()).select_from(paging.found(self, listing))
        whole = None if listing.is_narrowed else self.whole_count
        query = whole.rows(organization().id) if whole else paging.matching(self, listing)
        ids = query.with_only_columns(self.key).order_by(None).limit(COUNT_LIMIT + 1)
        return select(func.count()).select_from(ids.subquery())

    def _sees(self, name: str) -> bool:
        return name not in self.needs or may(current_seat(), *self.needs[name])
