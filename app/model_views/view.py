"""The model view: a screen derived from a model, in Flask-AppBuilder's words.

Here: what its attributes come to, once, when the application is made: columns, forms, orders,
filters, titles. Not here: its names (model_views.names), its list (model_views.lists), its verbs
(model_views.writing.verbs).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, ClassVar

from flask_appbuilder import action

from app.http.context import seat
from app.kernel.i18n import Sentence, _, lazy
from app.kernel.text import within_sentence
from app.model_views import declared
from app.model_views.columns import Column, kinds, words_of
from app.model_views.drawing import charts
from app.model_views.forms.builder import FormBuilder
from app.model_views.forms.inline import InlineMixin
from app.model_views.forms.picking import PickingMixin
from app.model_views.lists import DerivedListMixin
from app.model_views.names import NamesMixin
from app.model_views.package_words import lazy_of, package_of
from app.model_views.prepared import PreparedMixin
from app.model_views.related import RelatedMixin, relation_to
from app.model_views.values.kind_of import say
from app.model_views.values.kinds import Kind
from app.model_views.writing.fab_hooks import FabHooksMixin
from app.model_views.writing.verbs import WritingMixin
from app.screens import row_kinds
from app.screens.actions import Page
from app.screens.batch_verbs import Asked, begin
from app.screens.forms import PortalForm
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


class ModelView(
    NamesMixin,
    InlineMixin,
    FabHooksMixin,
    WritingMixin,
    RelatedMixin,
    PickingMixin,
    DerivedListMixin,
    PreparedMixin,
    ServiceModelView,
):
    """A model view: `datamodel`, `list_title` and `list_columns` make a whole screen of a model."""

    item_title: ClassVar[Any] = ""
    """What one row is called: “Device” makes “Add a device”."""
    columns: ClassVar[Sequence[Column]] = ()
    """Columns that are none of the model, and those that are told otherwise."""
    column_permission_name: ClassVar[Mapping[str, str]] = {}
    """The permission without which a column does not exist for the reader."""
    rest: ClassVar[bool] = True
    """Whether programs reach it, at /api/v1/<word>."""
    search_form: Any = None
    search_columns: Any = None
    show_title: Any = None
    add_title: Any = None

    def _init_properties(self) -> None:
        for name in COPIED:
            setattr(self, name, copy(getattr(self, name)))
        model, self.package = self.datamodel.obj, package_of(type(self))
        self.datamodel = copy(self.datamodel)
        self.kinds: dict[str, Kind] = kinds(model)
        self.own_columns = {one.name: one for one in self.columns}
        self.label_columns = {
            **{name: lazy_of(self.package, words_of(name)) for name in self.kinds},
            **{one.name: one.label for one in self.columns if one.label},
            **(self.label_columns or {}),
        }
        self.list_columns = list(self.list_columns or [next(iter(self.kinds))])
        self.search_columns = self._searched()
        fields = {*(self.add_form_extra_fields or {}), *(self.edit_form_extra_fields or {})}
        self.extra_fields = frozenset(fields - {*self.kinds})
        self.show_columns = declared.columns_of(type(self), "show")
        super()._init_properties()
        self.datamodel.filters = self._base_filters if self.base_filters else None
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
        self._init_inline()
        self.search_form = PortalForm

    def _init_titles(self) -> None:
        item = self.item_title
        self.show_title = self.show_title or item or self.list_title
        self.add_title = self.add_title or (Sentence(_to_add, item) if item else lazy("Add"))
        self.edit_title = self.edit_title or lazy("Edit")
        self.title = self.list_title

    def _searched(self) -> list[str]:
        """The columns that are searched: where a view does not say, the texts of its list (F19)
        that it does not tell otherwise.
        """
        plain = {*self.kinds} - {*declared.retold(type(self))}
        texts = [one for one in self.list_columns if one in plain and self.kinds[one].is_searched]
        left_out = self.search_exclude_columns or ()
        return [n for n in self.search_columns or texts if n in self.kinds and n not in left_out]

    @action("remove_selected", lazy("Delete"), "", "trash", single=False)
    def remove_selected(self, asked: Asked) -> Page:
        """Delete the rows that were selected, with one Undo for all."""
        needs = (self.method_permission_name["delete"], self.class_permission_name)
        words = {"view": self.endpoint, "verb": "remove"}
        return begin(row_kinds.DELETE, asked, needs=needs, arguments=words)

    def _finish(self, answer: Any) -> Page:
        self.attempt(self.write_set)
        return super()._finish(answer)

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
        return charts.tabs(self.datamodel.obj, self.endpoint)

    def label_of(self, name: str) -> str:
        """What a column is called."""
        return str(self.label_columns.get(name, name))

    def in_words(self, name: str, plain: Any) -> str:
        """A plain value of a column in the reader's words."""
        return say(self.kinds, name, plain)

    def sees(self, permission: str) -> bool:
        """Whether the reader has a permission of this view."""
        return bool(
            self.appbuilder.sm.has_access(f"can_{permission}", self.class_permission_name)
            and seat()
        )


def _to_add(item: Any) -> str:
    return _("Add %(item)s", item=within_sentence(str(item)))
