"""The model view: a screen derived from a model, in Flask-AppBuilder's words.

Here: what its attributes come to, once, when the application is made: columns, forms, orders,
filters, titles. Not here: its names (model_views.names), its list (model_views.lists), its verbs
(model_views.writing).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Any, ClassVar

from flask import request
from flask_appbuilder import action, expose
from flask_appbuilder.security.decorators import has_access

from app.http.context import seat
from app.kernel.errors import NotFound
from app.kernel.i18n import _, lazy, ngettext
from app.kernel.text import has_control_characters
from app.model_views import charts, targets
from app.model_views.columns import Column, column_of, eager, kinds, words_of
from app.model_views.filters import filter_of
from app.model_views.forms import FormBuilder
from app.model_views.kind_of import One, called
from app.model_views.kinds import Kind
from app.model_views.lists import DerivedListMixin
from app.model_views.names import NamesMixin, left_out
from app.model_views.package_words import lazy_of, package_of
from app.model_views.related import RelatedMixin, relation_to
from app.model_views.writing import WritingMixin
from app.screens.actions import Page
from app.screens.forms import PortalForm
from app.screens.list_definition import ListDefinition
from app.screens.model_view import ServiceModelView

COPIED = (
    "label_columns",
    "description_columns",
    "validators_columns",
    "formatters_columns",
    "list_columns",
    "show_columns",
    "add_columns",
    "edit_columns",
    "search_columns",
    "order_columns",
    "base_filters",
)
"""Attributes that FAB fills in place: each view gets its own."""


class ModelView(NamesMixin, WritingMixin, RelatedMixin, DerivedListMixin, ServiceModelView):
    """A model view: `datamodel`, `list_title` and `list_columns` make a whole screen of a model."""

    item_title: ClassVar[Any] = ""
    """What one row is called: “Device” makes “Add a device”."""
    columns: ClassVar[Sequence[Column]] = ()
    """Columns that are none of the model, and those that are told otherwise."""
    column_permission_name: ClassVar[Mapping[str, str]] = {}
    """The permission without which a column does not exist for the reader."""
    rest: ClassVar[bool] = True
    """Whether programs reach it, at /api/v1/<word>."""
    added = lazy("Added.")
    search_form: Any = None
    search_columns: Any = None
    show_title: Any = None
    add_title: Any = None

    def __init__(self, **options: Any) -> None:
        if self.base_permissions is not None:
            left = self.exclude_route_methods | left_out(self)
            self.exclude_route_methods = left  # type: ignore[misc]
            self.base_permissions = None
        super().__init__(**options)

    def _init_properties(self) -> None:
        for name in COPIED:
            setattr(self, name, copy(getattr(self, name)))
        model, self.package = self.datamodel.obj, package_of(type(self))
        self.datamodel = copy(self.datamodel)
        self.kinds: dict[str, Kind] = kinds(model)
        self.own_columns = {one.name: one for one in self.columns}
        self.label_columns = {
            **{name: lazy_of(self.package, words_of(name)) for name in self.kinds},
            **(self.label_columns or {}),
        }
        self.list_columns = list(self.list_columns or [next(iter(self.kinds))])
        self._asked_to_search, self._asked_to_order = self.search_columns, self.order_columns
        self.search_columns = [*(self.search_columns or self._texts(self.list_columns))]
        super()._init_properties()
        self.datamodel.filters = self._base_filters if self.base_filters else None
        names = dict.fromkeys([*self.list_columns, *self.show_columns, *self.kinds])
        self.known: dict[str, Column] = {name: self._column(name) for name in names}
        for child in self.related_views or ():
            relation_to(model, child)
        self._init_list()

    def _init_forms(self) -> None:
        made = FormBuilder(self.datamodel, self.kinds)
        for which in ("add", "edit"):
            if getattr(self, f"{which}_form") is None:
                form = made.create_form(
                    self.label_columns,
                    getattr(self, f"{which}_columns"),
                    self.description_columns,
                    self.validators_columns,
                    getattr(self, f"{which}_form_extra_fields"),
                    getattr(self, f"{which}_form_query_rel_fields"),
                )
                setattr(self, f"{which}_form", form)
        self.search_form = PortalForm

    def _init_titles(self) -> None:
        item = self.item_title
        self.show_title = self.show_title or item or self.list_title
        self.add_title = self.add_title or (
            lazy("Add: %(item)s", item=item) if item else lazy("Add")
        )
        self.edit_title = self.edit_title or lazy("Edit")
        self.title = self.list_title

    def _init_list(self) -> None:
        """What the list is ordered, narrowed and searched by, and what is read along."""
        model, shown = self.datamodel.obj, [self.known[name] for name in self.list_columns]
        orders = self._asked_to_order or self.list_columns
        by = {name: order for name in orders if (order := self.known[name].order) is not None}
        self.read_along = eager(model, [self.known[name] for name in self.kinds])
        self.searched = [
            getattr(model, name)
            for name in self.search_columns
            if name in self.kinds and self.kinds[name].is_searched
        ]
        asked = self._asked_to_search or self.list_columns
        made = [
            self.known[name].filter
            or filter_of(name, self.label_columns[name], self.kinds[name], model)
            for name in asked
            if name in self.kinds
        ]
        linked = (name for name, kind in self.kinds.items() if isinstance(kind, One))
        made += [
            replace(found, quiet=True)
            for name in linked
            if name not in asked
            and (found := filter_of(name, self.label_columns[name], self.kinds[name], model))
        ]
        withheld = self.column_permission_name.items()
        self.definition = ListDefinition(
            self.datamodel,
            order_columns=by,
            base_order=self.base_order,
            filters=tuple(one for one in made if one is not None),
            search=self.search,
            search_label=lazy("Search"),
            eager=eager(model, shown),
            needs={name: (needed, self.class_permission_name) for name, needed in withheld},
        )

    def _column(self, name: str) -> Column:
        own = self.own_columns.get(name)
        if own is not None:
            self.label_columns.setdefault(name, own.label)
            return own
        label = self.label_columns.setdefault(name, lazy_of(self.package, words_of(name)))
        return column_of(self.datamodel.obj, name, self.kinds.get(name), label)

    def _texts(self, names: Sequence[str]) -> list[str]:
        """The columns that are searched where a view does not say: the texts of its list (F19)."""
        return [name for name in names if name in self.kinds and self.kinds[name].is_searched]

    # doors of its own

    @expose("/pick/<name>")
    @has_access
    def pick(self, name: str) -> Page:
        """Offer rows for a relation, while somebody types."""
        kind = self.kinds.get(name)
        if not isinstance(kind, One):
            raise NotFound()
        words = self._asked_words()
        field = getattr(self.add_form(), name, None)
        narrow = field.narrow if field is not None else lambda query: query
        found = targets.offered(kind.target, words, narrow) if words else []
        return self.page(
            "model_views/_suggestions.html", found=found, called=called, written=targets.written
        )

    @staticmethod
    def _asked_words() -> str:
        words = request.args.get("q", "").strip()[:200]
        return "" if has_control_characters(words) else words

    @action(
        "remove_selected", lazy("Delete"), lazy("Delete the selected rows?"), "trash", single=False
    )
    def remove_selected(self, items: Sequence[Any]) -> None:
        """Delete the rows that were selected, with one Undo for all."""
        self.each(
            items,
            self.remove,
            lambda count: ngettext("%(num)s was deleted.", "%(num)s were deleted.", count),
        )

    def delete_question(self, item: Any) -> str:
        return _("Delete %(name)s?", name=called(item))

    def _add_page(self, form: Any) -> str:
        self.offer_rows(form)
        return super()._add_page(form)

    def _edit_page(self, form: Any, item: Any) -> str:
        self.offer_rows(form)
        return super()._edit_page(form, item)

    def offers_list(self) -> bool:
        """Whether the reader may open its list."""
        return self._offers("list")

    def tabs(self) -> Sequence[dict[str, Any]]:
        """The list and its charts, where it has some."""
        return charts.tabs(self.appbuilder, self.datamodel.obj, self.endpoint)

    def label_of(self, name: str) -> str:
        """What a column is called."""
        return str(self.label_columns.get(name, name))

    def said(self, name: str, plain: Any) -> str:
        """A plain value of a column in the reader's words."""
        return self.kinds[name].say(plain) if name in self.kinds else str(plain)

    def sees(self, permission: str) -> bool:
        """Whether the reader has a permission of this view."""
        return bool(
            self.appbuilder.sm.has_access(f"can_{permission}", self.class_permission_name)
            and seat()
        )
