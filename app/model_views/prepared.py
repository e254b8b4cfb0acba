"""Prepared: what the attributes of a view come to for its list, once.

Here: orders, filters, texts that are searched, what is read along. Not here: what of it a reader is
offered (model_views.lists).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from app.kernel.i18n import lazy
from app.model_views import declared
from app.model_views.columns import Column, column_of, eager, words_of
from app.model_views.filters import filter_of
from app.model_views.forms.builder import narrowing
from app.model_views.package_words import lazy_of
from app.model_views.values.kind_of import One
from app.model_views.values.kinds import Kind
from app.screens.counts import MenuCount
from app.screens.interface import OrganizationInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import Filter
from app.screens.rows import RowsMixin


class Down:
    """A column whose usual order is downwards."""

    turned = True

    def __init__(self, column: Any) -> None:
        self.column, self.nullable = column, getattr(column, "nullable", True)

    def asc(self) -> Any:
        return self.column.desc()

    def desc(self) -> Any:
        return self.column.asc()


@dataclass(frozen=True, eq=False)
class DerivedList(ListDefinition):
    """The list of a model view: its columns exist, or not, as the view says."""

    view: Any = None
    usual_order: Sequence[tuple[str, str]] = ()
    """FAB's base_order, where it is several pairs, or names a column that nobody can ask for."""

    @property
    def whole_count(self) -> MenuCount | None:
        """What is not counted anew each time once it is large, where every reader has the same
        rows.
        """
        of = self.datamodel
        if type(of) is not OrganizationInterface or of.filters is not None:
            return None
        return MenuCount(f"rows of {self.view.word}", lambda _here: of.scoped(), is_whole=True)

    def offered_orders(self) -> Mapping[str, Any]:
        found = {name: self.order_columns[name] for name in self.view.visible(self.order_columns)}
        usual = self._usual(self.view.visible([name for name, _way in self.usual_order]))
        return found | ({"": usual} if usual else {})

    def offered_filters(self) -> Sequence[Filter]:
        of = self.view.filter_columns
        offered = super().offered_filters()
        return [one for one in offered if self.view.visible([of.get(one.name, one.name)])]

    def _usual(self, names: Sequence[str]) -> tuple[Any, ...]:
        """Several orders at once, of these columns."""
        found: list[Any] = []
        for name, way in self.usual_order:
            order = self.view.known[name].order
            several = order if isinstance(order, tuple) else (order,)
            if name in names:
                found += [Down(one) if way == "desc" else one for one in several]
        return tuple(found)


class PreparedMixin:
    """The list of a model view, before anybody reads it."""

    datamodel: Any
    package: str
    kinds: Mapping[str, Kind]
    own_columns: Mapping[str, Column]
    label_columns: Any
    list_columns: Sequence[str]
    formatters_columns: Any
    show_columns: Sequence[str]
    base_order: Any
    page_size: int
    search: Any
    search_columns: Any
    search_form_query_rel_fields: Any
    known: Mapping[str, Column]
    cells_opened: dict[Any, Sequence[str]]
    """The beginnings of cells in each language (model_views.drawing.row_drawing)."""
    always_there: Set[str]
    """The columns of the model that no reader lacks."""
    column_permission_name: ClassVar[Mapping[str, str]]
    read_along: Sequence[Any]
    searched: Sequence[Any]
    searched_relations: Mapping[str, Any]
    definition: ListDefinition
    filter_columns: Mapping[str, str]

    def _init_list(self) -> None:
        """What the list is ordered, narrowed and searched by, and what is read along."""
        view, model = type(self), self.datamodel.obj
        pairs = declared.pairs_of(self.base_order)
        names = [*self.list_columns, *self.show_columns, *self.kinds, *declared.orders(view)]
        self.known = {
            name: self._column(name)
            for name in dict.fromkeys([*names, *(one for one, _way in pairs)])
        }
        self._init_readers()
        by = {
            name: order
            for name in declared.orders(view)
            if (order := self.known[name].order) is not None
        }
        is_plain = len(pairs) == 1 and pairs[0][0] in by
        self.read_along = eager(model, [self.known[name] for name in declared.shown_columns(view)])
        texts = [name for name in self.search_columns if self.kinds[name].is_searched]
        self.searched = [getattr(model, name) for name in texts]
        related = {name: self.kinds[name] for name in self.search_columns}
        self.searched_relations = {
            name: kind for name, kind in related.items() if type(kind) is One
        }
        self.definition = DerivedList(
            self.datamodel,
            order_columns=by,
            base_order=pairs[0] if is_plain else None,
            filters=self._filters_of(declared.narrowing(view)),
            search=self.search,
            search_label=lazy("Search"),
            is_searched_by_index=True,
            page_size=self.page_size,
            eager=eager(
                model,
                [self.known[name] for name in self.list_columns],
                whole=self.list_columns if self._looks_at_rows() else self.formatters_columns or (),
            ),
            view=self,
            usual_order=() if is_plain else tuple(pairs),
        )

    def _init_readers(self) -> None:
        """What is the same for all readers, and how cells begin in the language of each."""
        attributes = self.datamodel.obj.__mapper__.attrs.keys()
        self.always_there = {*attributes} - {*self.column_permission_name}
        self.cells_opened = {}

    def _looks_at_rows(self) -> bool:
        """Whether the view looks at rows beyond their columns, and so at what they point to."""
        own: Any = type(self)
        return own.row_class is not RowsMixin.row_class or own.locked is not RowsMixin.locked

    def _filters_of(self, asked: Sequence[str]) -> tuple[Filter, ...]:
        """The filters of these columns, and quiet ones by every other relation."""
        linked = [name for name, kind in self.kinds.items() if isinstance(kind, One)]
        made = {name: self._filter_of(name) for name in dict.fromkeys([*asked, *linked])}
        self.filter_columns = {one.name: name for name, one in made.items() if one is not None}
        return tuple(
            one if name in asked else replace(one, quiet=True)
            for name, one in made.items()
            if one is not None
        )

    def _filter_of(self, name: str) -> Filter | None:
        own, kind = self.own_columns.get(name), self.kinds.get(name)
        if own is not None and own.filter is not None:
            return own.filter
        if kind is None:
            return None
        narrow = narrowing(
            self.datamodel, name, (self.search_form_query_rel_fields or {}).get(name)
        )
        return filter_of(name, self.label_columns[name], kind, self.datamodel.obj, narrow)

    def _column(self, name: str) -> Column:
        own = self.own_columns.get(name)
        if own is not None:
            return own
        label = self.label_columns.setdefault(name, lazy_of(self.package, words_of(name)))
        return column_of(self.datamodel.obj, name, self.kinds.get(name), label)
