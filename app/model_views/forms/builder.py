"""Forms: Flask-AppBuilder's form of a model, with fields of ours.

Here: which field each column gets, and what of it FAB's attributes change. Not here: the fields
(fields, pickers), what is done with what was typed (model_views.writing.verbs).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_appbuilder.forms import GeneralModelConverter
from wtforms import BooleanField, Field, StringField, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.validators import StopValidation

from app.kernel.i18n import lazy
from app.model_views.forms import fields, pickers, targets
from app.model_views.forms.translated_field import TranslatedField
from app.model_views.values.kind_of import One, Several
from app.model_views.values.kinds import (
    Address,
    Chosen,
    Day,
    Exact,
    Flag,
    InLanguages,
    Kind,
    LongText,
    Moment,
    Whole,
)
from app.screens.forms import PortalForm, at_most, optional, required, strip


class FormBuilder(GeneralModelConverter):
    """FAB's converter over our kinds of columns; what it is given is never changed."""

    def __init__(self, datamodel: Any, kinds: Mapping[str, Kind]) -> None:
        super().__init__(datamodel)
        self.kinds = kinds

    def create_form(
        self,
        label_columns: Any = None,
        inc_columns: Any = None,
        description_columns: Any = None,
        validators_columns: Any = None,
        extra_fields: Any = None,
        filter_rel_fields: Any = None,
    ) -> type[PortalForm]:
        """Return the class of a form with these columns, and FAB's extra fields."""
        labels, descriptions = label_columns or {}, description_columns or {}
        made = {
            name: self._field(
                name,
                labels.get(name, name),
                descriptions.get(name, ""),
                several((validators_columns or {}).get(name, ())),
                (filter_rel_fields or {}).get(name),
            )
            for name in inc_columns or ()
            if name in self.kinds and name not in (extra_fields or {})
        }
        wanted = made | dict(extra_fields or {})
        ordered = {name: wanted[name] for name in inc_columns or () if name in wanted} | wanted
        fields = {name: _anew(one) for name, one in ordered.items()}
        return type(f"{self.datamodel.obj.__name__}Form", (PortalForm,), fields)

    def _field(
        self, name: str, label: Any, description: Any, rules: list[Any], narrowed: Any
    ) -> Field:
        kind = self.kinds[name]
        options: dict[str, Any] = {"description": description}
        options["validators"] = [*_needed(kind), *_length(kind), *rules]
        default = _default(kind)
        if default is not None:
            options["default"] = default
        if isinstance(kind, One):
            narrow = narrowing(self.datamodel, name, narrowed)
            field: Any = (
                pickers.PickSeveralField if isinstance(kind, Several) else pickers.PickField
            )
            return field(label, kind=kind, narrow=narrow, **options)
        return _made(kind, label, options)


def _anew(field: Any) -> UnboundField[Any]:
    """The same field, written now: WTForms shows fields in the order in which they were written."""
    return UnboundField(field.field_class, *field.args, name=field.name, **field.kwargs)


def narrowing(datamodel: Any, name: str, rules: Any) -> targets.Narrow:
    """FAB's `*_form_query_rel_fields` of a relation: which of the rows are offered, and taken."""
    if not rules:
        return pickers.everything
    related = datamodel.get_related_interface(name)

    def narrow(query: Any) -> Any:
        return related.get_filters().add_filter_list(rules).apply_all(query)

    return narrow


def several(rules: Any) -> list[Any]:
    """FAB's validators of a column: one, or several."""
    return [rules] if callable(rules) else [*rules]


def _made(kind: Kind, label: Any, options: dict[str, Any]) -> Field:
    if isinstance(kind, Chosen):
        return fields.choice_field(label, kind=kind, **options)
    if isinstance(kind, Flag):
        return BooleanField(label, **options | {"validators": options["validators"][1:]})
    if isinstance(kind, InLanguages):
        return TranslatedField(label, kind=kind, **options)
    if isinstance(kind, Whole):
        return fields.WholeField(label, kind=kind, **options)
    if isinstance(kind, Exact):
        return fields.ExactField(label, kind=kind, **options)
    simple = {Day: fields.DayField, Moment: fields.MomentField, Address: fields.LinkField}
    for one, field in simple.items():
        if isinstance(kind, one):
            return field(label, **options | ({"filters": [strip]} if one is Address else {}))
    field = TextAreaField if isinstance(kind, LongText) else StringField
    return field(label, filters=[strip], **options)


class Needed:
    """Something must stand here, 0 too; what is wrong with it is said before."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        if field.errors:
            raise StopValidation()
        if field.data in (None, "", []):
            raise StopValidation(lazy("Fill this in."))


def _needed(kind: Kind) -> list[Any]:
    if not kind.is_required:
        return [optional()]
    return [Needed() if isinstance(kind, Whole | Exact | Day | Moment | One) else required()]


def _length(kind: Kind) -> list[Any]:
    if kind.name not in ("text", "long_text"):
        return []
    length = kind.longest if isinstance(kind, LongText) else kind.length
    return [at_most(length)] if length else []


def _default(kind: Kind) -> Any:
    """What a new form begins with: the column's own default, where it is a plain value."""
    default = kind.column.default if kind.column is not None else None
    return default.arg if default is not None and default.is_scalar else None
