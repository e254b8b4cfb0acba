"""Lists: Flask-AppBuilder's list screen over a listing of ours.

Here: the screen, its rows, the rows that a verb is asked for. Not here: what the list is
(screens.list_definition), reading the address (screens.list_query), verbs (screens.actions).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from flask import request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from sqlalchemy import Select, literal, select
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.http.context import organization, seat
from app.kernel.errors import Refusal
from app.kernel.i18n import current_language, lazy
from app.screens.actions import Page
from app.screens.batch_verbs import Asked
from app.screens.counts import is_beyond, remember_count
from app.screens.interface import PlatformInterface
from app.screens.kept_lists import KeptMixin
from app.screens.list_definition import ListDefinition
from app.screens.list_query import COUNT_LIMIT, Listing
from app.screens.rows import RowsMixin

MOST_AT_ONCE = 1_000
MATCH_LENGTH = 4_000


class TooManyRows(Refusal):
    """More rows than a verb takes in one transaction."""

    status = 422
    text = lazy("At most %(most)d can be changed at once. Narrow the list by a filter.")


class NoSuchChoice(Refusal):
    """A filter whose choice is gone narrows nothing; nobody means everybody by it (T2-25)."""

    status = 422
    text = lazy("The list was narrowed by something that no longer exists. Choose the rows again.")


class ListMixin(KeptMixin, RowsMixin):
    """The list of a model view: what its definition says, read from the address, a bounded number
    of queries.
    """

    definition: ListDefinition
    datamodel: PlatformInterface
    route_base: str
    label_columns: Any
    list_columns: Sequence[str]
    order_columns: Any
    base_order: Any
    formatters_columns: Mapping[str, Any]
    list_widget: Any
    list_template: str
    list_title: Any
    _filters: Any
    _may_act: Callable[[Any], bool]
    page: Callable[..., str]
    tabs: Callable[[], Sequence[dict[str, Any]]]
    row_template: ClassVar[str] = ""
    """A template that draws all rows in one go, where cell by cell would be too slow: see
    templates/members/_rows.html.
    """
    cell_classes: ClassVar[Mapping[str, str]] = {}
    """Where a column gives way: see templates/appbuilder/general/widgets/list.html."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Say in the view what its definition says, where the view does not say it itself."""
        super().__init_subclass__(**options)
        said = vars(cls)["definition"].attributes if "definition" in vars(cls) else {}
        for name in said.keys() - vars(cls).keys():
            setattr(cls, name, said[name])

    def _init_properties(self) -> None:
        """Define the list by Flask-AppBuilder's attributes, where the view names no definition."""
        super()._init_properties()  # type: ignore[misc]
        if hasattr(self, "definition"):
            return
        model, said = self.datamodel.obj, ("filters", "search", "search_label", "eager")
        self.definition = ListDefinition(
            self.datamodel,
            order_columns={
                name: getattr(model, name) for name in self.order_columns if hasattr(model, name)
            },
            base_order=self.base_order,
            **{name: getattr(self, name) for name in said if hasattr(self, name)},
        )

    @expose("/list/")
    @has_access
    def list(self) -> Page:
        listing = self.listing()
        widget = self.list_widget(
            label_columns=self.label_columns,
            include_columns=self.offered_columns(),
            value_columns=self.row_values(listing.rows),
            order_columns=[*listing.order_columns],
            formatters_columns=self.formatters_columns,
            page=listing.page - 1,
            page_size=listing.page_size,
            count=listing.count,
            pks=[row.id for row in listing.rows],
            actions=self.actions,
            filters=self._filters,
            modelview_name=self.__class__.__name__,
            listing=listing,
        )
        return self.page(
            self.list_template, title=self.list_title, widgets={"list": widget}, listing=listing
        )

    def read_listing(self, parameters: MultiDict[str, str]) -> Listing:
        """Read what a list was asked for."""
        return self.definition.read(parameters, path=self.list_url())

    def shown(self, item: Any) -> Any:
        """A row as its cells and its page are given it."""
        of = self.definition.cells_of
        return item if of is None else next(iter(of([item])))

    def offered_columns(self) -> Sequence[str]:
        """The columns that exist for the reader."""
        return self.list_columns

    def row_values(self, rows: Sequence[Any]) -> Any:
        """The rows as the template draws them: by column, unless `draw_rows` does."""
        if self.definition.cells_of is not None:
            return [
                dict.fromkeys(self.list_columns, given) for given in self.definition.cells_of(rows)
            ]
        counted = self.definition.counted
        names = [name for name in self.list_columns if name not in counted]
        numbers = {name: count([row.id for row in rows]) for name, count in counted.items()}
        return [
            values | {name: found.get(row.id, 0) for name, found in numbers.items()}
            for row, values in zip(rows, self.datamodel.get_values(rows, names), strict=True)
        ]

    def listing(self) -> Listing:
        """Read the address and fetch the page it asks for, with a bounded number of queries."""
        listing, defined = self.read_listing(request.args), self.definition
        count = self._count(listing)
        listing.rows, counts = self.fetch(defined.page(listing), count)
        if not listing.rows and listing.page != 1:
            listing.count = db.session.scalar(select(count)) or 0
            listing.page = -1 if listing.is_uncounted else listing.nearest_page
            listing.rows, counts = self.fetch(defined.page(listing), count)
        listing.count = counts[0] if counts else listing.count
        if defined.whole_count and not listing.is_narrowed:
            remember_count(defined.whole_count.name, organization().id, listing.count)
        own: Any = type(self)
        places = _as_written(own)
        allowed = (action for action in self.actions.values() if self._may_act(action))
        listing.actions = sorted(allowed, key=lambda action: places[action.name])
        listing.tabs = [*self.tabs()]
        return listing

    def fetch(self, query: Select[Any], count: Any) -> tuple[Sequence[Any], Sequence[int]]:
        """Return the rows of a page, and beside each how many rows there are."""
        query = query.options(*self.definition.eager).add_columns(count)
        found = db.session.execute(query).unique().all()
        return [row for row, _count in found], [count for _row, count in found]

    def _count(self, listing: Listing) -> Any:
        """What counts the rows, no further than is shown; nothing where the menu has found them to
        be more than that.
        """
        whole = None if listing.is_narrowed else self.definition.whole_count
        if whole and is_beyond(whole.name, organization().id):
            return literal(COUNT_LIMIT + 1)
        return self.definition.count(listing).scalar_subquery()

    def asked_rows(self, form: MultiDict[str, str]) -> Asked:
        """Return the rows a verb is asked for: those selected, or with `all` every row that
        matches. Raises NoSuchChoice.
        """
        if form.get("all") != "1":
            wanted = form.getlist("rowid")
            return Asked(self.datamodel.ids_of(wanted), lambda: self.datamodel.some(wanted))
        asked = MultiDict(parse_qsl(form.get("match", "")[:MATCH_LENGTH]))
        listing, defined = self.read_listing(asked), self.definition
        ensure_understood(asked, listing)
        query = defined.matching(listing).order_by(defined.key)
        return Asked(query.with_only_columns(defined.key), lambda: self._first_of(query))

    def _first_of(self, query: Select[Any]) -> Sequence[Any]:
        """The rows for an action that takes them one by one. Raises TooManyRows."""
        query = query.options(*self.definition.eager)
        rows = [*db.session.scalars(query.limit(MOST_AT_ONCE + 1)).unique()]
        if len(rows) > MOST_AT_ONCE:
            raise TooManyRows(most=MOST_AT_ONCE)
        return rows

    def frame(self, listing: Listing) -> Hashable | None:
        """All that stands around the rows of a list, for it is drawn once; None where it shows what
        was searched or chosen.
        """
        if listing.is_narrowed or listing.opened:
            return None
        reader, verbs = seat(), tuple(action.name for action in listing.actions)
        rights = (
            reader.authorities,
            reader.is_power,
            reader.is_platform_administrator,
            reader.acts_as_platform,
        )
        asked = (
            listing.path,
            listing.sort,
            listing.page,
            listing.page_size,
            listing.count,
            len(listing.rows),
        )
        return current_language(), self.endpoint, asked, verbs, rights

    def list_url(self) -> str:
        return url_for(f"{self.endpoint}.list")


def ensure_understood(asked: MultiDict[str, str], listing: Listing) -> None:
    """Raise NoSuchChoice for a filter's value that the list does not offer: it would take all."""
    for one in listing.filters:
        wanted = set(asked.getlist(one.name)) - {""}
        if wanted and wanted != set(listing.chosen.get(one.name, ())):
            raise NoSuchChoice()


@cache
def _as_written(view: type[Any]) -> dict[str, int]:
    """The actions in the order of a view's source; Flask-AppBuilder's is that of the alphabet."""
    methods = [method for base in view.__mro__ for method in vars(base).values()]
    names = [method._action[0] for method in methods if hasattr(method, "_action")]
    return {name: place for place, name in enumerate(dict.fromkeys(names))}
