"""Checks of columns: names that are none, and columns that cannot do what a view asks of them.

Here: every list and table of columns that a view can have. Not here: its other attributes
(model_views.checks.view_checks).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from app.model_views import declared
from app.model_views.columns import OWN_COLUMNS, column_of, kinds
from app.model_views.filters import filter_of
from app.model_views.values.kind_of import One
from app.models.base import OrganizationModel, naming_columns, written_order

RESERVED = frozenset({"q", "sort", "page", "page_size", "filter", "match"})
"""What a list's address says otherwise."""
SHOWN = ("list_columns", "show_columns", "show_exclude_columns")
WRITTEN = ("add_columns", "edit_columns", "add_exclude_columns", "edit_exclude_columns")
FOUND = ("search_columns", "search_exclude_columns")
TABLES = ("label_columns", "description_columns", "validators_columns", "formatters_columns")
NARROWED = tuple(f"{form}_form_query_rel_fields" for form in ("add", "edit", "search"))


def complaints(view: type[Any]) -> Iterator[str]:
    """Say what is wrong with the columns that a view names."""
    one = _Names(view)
    for check in (one.sets, one.shown, one.written, one.found, one.ordered, one.narrowed):
        yield from check()
    yield from one.tables()
    yield from one.withheld()
    if {*declared.listed(view)} <= {*view.column_permission_name}:
        yield "column_permission_name withholds every column of the list: leave one to all"


class _Names:
    """The names of columns that a view can use."""

    def __init__(self, view: type[Any]) -> None:
        self.view, self.model = view, view.datamodel.obj
        self.kinds = kinds(self.model)
        self.own = {one.name: one for one in view.columns}
        self.extra = {*(view.add_form_extra_fields or {}), *(view.edit_form_extra_fields or {})}

    def sets(self) -> Iterator[str]:
        for which in ("show", "add", "edit"):
            name = f"{which}_fieldsets"
            try:
                declared.in_sets(getattr(self.view, name) or ())
            except (TypeError, ValueError, KeyError):
                yield f"{name} is no list of sets: write [('Heading', {{'fields': ['name']}})]"
                return

    def shown(self) -> Iterator[str]:
        lists = {name: getattr(self.view, name) or () for name in SHOWN}
        lists["show_fieldsets"] = declared.in_sets(self.view.show_fieldsets or ())
        for attribute, names in lists.items():
            for name in names:
                if not self._is_readable(name):
                    yield self._unknown(attribute, name, [*self.kinds, *self.own])
                elif self._is_secret(name):
                    yield f"{attribute} shows {name!r}, which is secret: leave it out"

    def written(self) -> Iterator[str]:
        lists = {name: getattr(self.view, name) or () for name in WRITTEN}
        for which in ("add", "edit"):
            sets = getattr(self.view, f"{which}_fieldsets") or ()
            lists[f"{which}_fieldsets"] = declared.in_sets(sets)
            form = getattr(self.view, f"{which}_form")
            if form is not None:
                lists = {
                    key: () if key.startswith(which) else names for key, names in lists.items()
                }
        for attribute, names in lists.items():
            for name in names:
                if name in self.kinds or name in self.extra:
                    continue
                if name in self.model.__mapper__.attrs and "exclude" not in attribute:
                    which = attribute.partition("_")[0]
                    yield (
                        f"{attribute} names {name!r}, for which there is no field: leave it out, or"
                        f" give one in {which}_form_extra_fields"
                    )
                elif name not in self.model.__mapper__.attrs:
                    yield self._unknown(attribute, name, [*self.kinds])
        yield from self._left_out()

    def _left_out(self) -> Iterator[str]:
        """Columns without which no row can be added, where nothing of the view's own fills them."""
        if any(declared.says(self.view, name) for name in ("create", "pre_add", "process_form")):
            return
        if "add" not in declared.offered(self.view) or self.view.add_form is not None:
            return
        there = declared.columns_of(self.view, "add")
        for name, kind in self.kinds.items():
            if kind.is_required and name not in there:
                yield (
                    f"the form for adding leaves out {name!r}, which cannot be empty: add it to"
                    " add_columns, or give it a default"
                )

    def found(self) -> Iterator[str]:
        for attribute in FOUND:
            for name in getattr(self.view, attribute) or ():
                if name in self.own and self.own[name].filter is not None:
                    continue
                if name not in self.kinds:
                    yield self._unknown(attribute, name, [*self.kinds])
                elif self._is_secret(name):
                    yield f"{attribute} finds rows by {name!r}, which is secret: leave it out"
        for name in declared.narrowing(self.view):
            own = self.own.get(name)
            made = own.filter if own else None
            if made is None and name in self.kinds:
                made = filter_of(name, name, self.kinds[name], self.model)
            if made is not None and made.name in RESERVED:
                yield (
                    f"the filter {made.name!r} would stand in addresses for something else: name"
                    " the column otherwise, or leave it out of search_columns"
                )

    def ordered(self) -> Iterator[str]:
        for name in self.view.order_columns or ():
            if not self._is_readable(name):
                yield self._unknown("order_columns", name, [*self.kinds])
            elif not self.has_order(name):
                yield f"order_columns names {name!r}, by which rows cannot be ordered: leave it out"
        for pair in declared.pairs_of(self.view.base_order):
            if len(pair) != 2 or pair[1] not in ("asc", "desc"):
                yield f"base_order = {self.view.base_order!r}: write ('name', 'asc') or 'desc'"
            elif not self._is_readable(pair[0]):
                yield self._unknown("base_order", pair[0], [*self.kinds])
            elif not self.has_order(pair[0]):
                yield f"base_order names {pair[0]!r}, by which rows cannot be ordered: leave it out"

    def narrowed(self) -> Iterator[str]:
        for name, *_rest in self.view.base_filters or ():
            first, _dot, last = str(name).partition(".")
            relation = self.model.__mapper__.relationships.get(first)
            if name in self.model.__mapper__.attrs:
                continue
            if not last or relation is None or last not in relation.mapper.attrs:
                yield self._unknown("base_filters", str(name), [*self.kinds])
            elif self._leads_twice(relation):
                yield (
                    f"base_filters names {name!r}, but more than one relation leads to"
                    f" {relation.mapper.class_.__name__}: write a flask_appbuilder BaseFilter of"
                    " your own"
                )
        yield from self._choices()

    def _choices(self) -> Iterator[str]:
        for attribute in NARROWED:
            for name, rules in (getattr(self.view, attribute) or {}).items():
                kind = self.kinds.get(name)
                if not isinstance(kind, One):
                    yield f"{attribute} narrows {name!r}, which is no relation: leave it out"
                    continue
                for column, *_rest in rules:
                    if column not in kind.target.__mapper__.attrs:
                        names = written_order(kind.target)
                        yield self._unknown(f"{attribute}[{name!r}]", column, names, kind.target)

    def tables(self) -> Iterator[str]:
        for attribute in TABLES:
            for name in getattr(self.view, attribute) or {}:
                if not (self._is_readable(name) or name in self.extra):
                    yield self._unknown(attribute, name, [*self.kinds, *self.own])

    def withheld(self) -> Iterator[str]:
        table: Mapping[str, str] = self.view.column_permission_name
        for name in table:
            if name not in self.kinds and name not in self.own:
                yield self._unknown("column_permission_name", name, [*self.kinds, *self.own])
        if self.model.__str__ is not OrganizationModel.__str__:
            return
        for name in naming_columns(self.model):
            if name in table:
                yield (
                    f"column_permission_name withholds {name!r}, but rows are called by it: write"
                    f" a required text column before it, or {self.model.__name__}.__str__"
                )
            if name in self.kinds and self.kinds[name].is_required:
                return

    # questions

    def has_order(self, name: str) -> bool:
        if name in self.own:
            return self.own[name].order is not None
        return column_of(self.model, name, self.kinds.get(name), "").order is not None

    def _leads_twice(self, relation: Any) -> bool:
        """Whether another relation leads to the same model, so that FAB's join is ambiguous."""
        others = [one.mapper for one in self.model.__mapper__.relationships]
        return others.count(relation.mapper) > 1

    def _is_readable(self, name: Any) -> bool:
        if not isinstance(name, str):
            return False
        if name in self.kinds or name in self.own or name in OWN_COLUMNS:
            return True
        first, dot, rest = name.partition(".")
        if not dot:
            return hasattr(self.model, name)
        relation = self.model.__mapper__.relationships.get(first)
        return relation is not None and hasattr(relation.mapper.class_, rest.partition(".")[0])

    def _is_secret(self, name: str) -> bool:
        kind = self.kinds.get(name)
        return bool(kind and kind.column is not None and kind.column.info.get("secret"))

    def _unknown(
        self, attribute: str, name: Any, known: list[str], of: type[Any] | None = None
    ) -> str:
        near = get_close_matches(str(name), known, 1)
        instead = f"write {near[0]!r}" if near else f"write one of {', '.join(known[:8])}"
        model = (of or self.model).__name__
        return f"{attribute} names {name!r}, which is no column of {model}: {instead}"
