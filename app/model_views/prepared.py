"""Prepared: what the attributes of a view come to for its list, once.

Here: orders, filters, texts that are searched, what is read along. Not here: what of it a reader is
offered (model_views.lists).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.kernel.i18n import lazy
from app.model_views import declared
from app.model_views.columns import Column, column_of, eager, words_of
from app.model_views.filters import filter_of
from app.model_views.forms import narrowing
from app.model_views.kind_of import One
from app.model_views.kinds import Kind
from app.model_views.package_words import lazy_of
from app.screens.list_filter import Filter


class Down:
    """A column whose usual order is downwards."""

    def __init__(self, column: Any) -> None:
        self.column, self.nullable = column, getattr(column, "nullable", True)

    def asc(self) -> Any:
        return self.column.desc()

    def desc(self) -> Any:
        return self.column.asc()


class PreparedMixin:
    """The list of a model view, before anybody reads it."""

    datamodel: Any
    package: str
    kinds: Mapping[str, Kind]
    own_columns: Mapping[str, Column]
    label_columns: Any
    list_columns: Sequence[str]
    show_columns: Sequence[str]
    base_order: Any
    search_columns: Any
    search_form_query_rel_fields: Any
    known: Mapping[str, Column]
    sorts: Mapping[str, Any]
    usual_order: Sequence[Any]
    eager: Sequence[Any]
    searched: Sequence[Any]
    filters: Sequence[Filter]
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
        self.sorts = {
            name: order
            for name in declared.orders(view)
            if (order := self.known[name].order) is not None
        }
        is_plain = len(pairs) == 1 and pairs[0][0] in self.sorts
        self.base_sort = _as_asked(*pairs[0]) if is_plain else ""
        self.usual_order = [] if is_plain else pairs
        self.eager = eager(model, [self.known[name] for name in self.list_columns])
        self.read_along = eager(model, [self.known[name] for name in declared.told(view)])
        texts = [name for name in self.search_columns if self.kinds[name].is_searched]
        self.searched = [getattr(model, name) for name in texts]
        self.filters = self._filters_of(declared.narrowing(view))
        self.search_label = lazy("Search")

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
            self.label_columns.setdefault(name, own.label)
            return own
        label = self.label_columns.setdefault(name, lazy_of(self.package, words_of(name)))
        return column_of(self.datamodel.obj, name, self.kinds.get(name), label)

    def _ordered(self, names: Sequence[str]) -> tuple[Any, ...]:
        """Several orders at once, of those columns that exist for the reader."""
        found: list[Any] = []
        for name, way in self.usual_order:
            order = self.known[name].order
            several = order if isinstance(order, tuple) else (order,)
            if name in names:
                found += [Down(one) if way == "desc" else one for one in several]
        return tuple(found)


def _as_asked(name: str, way: str) -> str:
    """FAB's ("name", "asc" or "desc") as an address says it."""
    return f"-{name}" if way == "desc" else name
