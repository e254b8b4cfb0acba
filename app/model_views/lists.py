"""Lists of model views: their columns, search and rows.

Here: which columns the reader sees, what the search box finds, rows drawn in one go. Not here: the
list itself (screens.list_view).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any, ClassVar

from flask import url_for
from flask_appbuilder.widgets import ListWidget
from markupsafe import Markup

from app.access.context import current_seat
from app.access.policy import may
from app.model_views import reach
from app.model_views.columns import Column
from app.model_views.drawing.row_drawing import RowDrawing, drawer
from app.model_views.names import READ
from app.model_views.search import by_index, containing
from app.model_views.values.kind_of import called
from app.models import Membership
from app.models.base import texts_of
from app.screens.list_query import Listing


class DerivedListMixin:
    """The list of a model view."""

    known: Mapping[str, Column]
    always_there: Set[str]
    list_columns: Sequence[str]
    show_columns: Sequence[str]
    column_permission_name: ClassVar[Mapping[str, str]]
    formatters_columns: Mapping[str, Any]
    label_columns: Any
    searched: Sequence[Any]
    searched_relations: Mapping[str, Any]
    endpoint: str
    appbuilder: Any
    datamodel: Any
    show_widget: Any
    sees: Any
    exclude_route_methods: Any
    list_widget: Any
    _offers: Any
    show_fieldsets: Any
    row_class: Any
    row_locks: Any

    def visible(self, names: Sequence[str]) -> list[str]:
        """Those of these columns that exist for the reader."""
        return [name for name in names if name in self.always_there or self._exists(name)]

    def _exists(self, name: str) -> bool:
        """Whether a column exists for the reader, however it is named: itself, at the end of a
        dotted name, or by a method that renders it.
        """
        table, model = self.column_permission_name, self.datamodel.obj
        if name in table:
            return bool(self.sees(table[name]))
        first, dot, rest = name.partition(".")
        relation = model.__mapper__.relationships.get(first) if dot else None
        if relation is not None:
            target, last = relation.mapper.class_, rest.partition(".")[0]
            return self._exists(first) and last not in reach.withheld(target)
        rendered = getattr(getattr(model, name, None), "_col_name", None)
        return not isinstance(rendered, str) or rendered == name or self._exists(rendered)

    def offered_columns(self) -> Sequence[str]:
        return self.visible(self.list_columns)

    def search(self, query: Any, words: str) -> Any:
        """Find every word in one of the texts, or in how a related row is called."""
        model = self.datamodel.obj
        shown = self.visible([one.key for one in self.searched])
        related = self.visible([*self.searched_relations])
        if {*texts_of(model)} - {*shown}:  # the index knows what is not for this reader's eyes
            return query.where(
                containing([one for one in self.searched if one.key in shown], words)
            )
        relations = {name: self.searched_relations[name] for name in related}
        return by_index(query, model, relations, words)

    def item_name(self, item: Any) -> str:
        return called(item)

    def row_values(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The rows for `draw_rows`; by column for a list_widget of one's own."""
        if self.list_widget is ListWidget:
            return rows
        formatted, names = self.formatters_columns or {}, self.offered_columns()
        return [
            {
                name: self.known[name].of(row) if name in formatted else self.cell(name, row)
                for name in names
            }
            for row in rows
        ]

    def cell(self, name: str, row: Any) -> Markup:
        """What stands in one cell."""
        return drawer(self, name)(row)

    def address_of(self, model: type[Any]) -> str:
        """Where the pages of a model's rows are, but for the number; "" for none to open."""
        if issubclass(model, Membership):
            endpoint, pair = "MemberView", (READ, "Member")
        else:
            views = (one for one in self.appbuilder.baseviews if isinstance(one, DerivedListMixin))
            view: Any = next((one for one in views if one.datamodel.obj is model), None)
            if view is None or "show" in view.exclude_route_methods:
                return ""
            endpoint, pair = view.endpoint, (READ, view.class_permission_name)
        if not may(current_seat(), *pair):
            return ""
        return url_for(f"{endpoint}.show", pk=0).rpartition("0")[0]

    def draw_rows(self, listing: Listing, *, bulk: bool, has_menu: bool) -> Markup:
        """Draw the rows of a page in one go, as templates/appbuilder/general/widgets/list.html
        draws them one by one.
        """
        return self.drawn(listing.rows, self.offered_columns(), bulk=bulk, has_menu=has_menu)

    def door_of_rows(self) -> str:
        """Where the menu of a row leads, but for its number: its page, or a form where there is
        none.
        """
        ways = [one for one in ("show", "edit", "delete") if self._offers(one)]
        return url_for(f"{self.endpoint}.{ways[0]}", pk=0).rpartition("0")[0] if ways else ""

    def drawn(
        self, rows: Sequence[Any], names: Sequence[str], *, bulk: bool, has_menu: bool
    ) -> Markup:
        """Draw these columns of rows."""
        drawing = RowDrawing(self, names, bulk=bulk, has_menu=has_menu)
        return Markup("".join(map(drawing.draw, rows)))

    def _get_show_widget(self, pk: Any, item: Any, **_words: Any) -> dict[str, Any]:
        """The facts of a row's page."""
        names = self.visible(self.show_columns)
        sets = [
            (title, about | {"fields": [one for one in about["fields"] if one in names]})
            for title, about in self.show_fieldsets or ()
        ]
        widget = self.show_widget(
            pk=pk,
            label_columns=self.label_columns,
            include_columns=names,
            value_columns=[self.cell(name, item) for name in names],
            formatters_columns={},
            fieldsets=sets,
            modelview_name=type(self).__name__,
        )
        return {"show": widget}
