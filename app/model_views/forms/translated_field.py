"""The field of a text in several languages.

Here: one input per language of the portal. Not here: other fields (model_views.forms.fields).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from wtforms import Field, ValidationError

from app.kernel.i18n import lazy, own_name
from app.kernel.text import tidy
from app.model_views.values.kinds import InLanguages


class LanguagesWidget:
    """One input for each language."""

    def __call__(self, field: TranslatedField, **options: Any) -> Markup:
        options.pop("class", None)
        described = options.get("aria_describedby", "")
        return Markup("").join(
            Markup(
                '<div class="input-group mb-1"><label class="input-group-text" for="{id}">{label}'
                '</label><input class="form-control" id="{id}" name="{name}" lang="{lang}"'
                ' value="{value}" maxlength="{most}" aria-describedby="{described}"></div>'
            ).format(
                id=field.id if number == 0 else f"{field.id}-{language}",
                label=own_name(language),
                name=f"{field.name}-{language}",
                lang=language.partition("_")[0],
                value=(field.data or {}).get(language, ""),
                most=field.length,
                described=described,
            )
            for number, language in enumerate(field.kind.languages)
        )


class TranslatedField(Field):
    """A text in each language of the portal."""

    widget = LanguagesWidget()

    def __init__(self, label: Any = None, *, kind: InLanguages, **options: Any) -> None:
        super().__init__(label, **options)
        self.kind, self.length = kind, kind.column.type.length

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(None, data if isinstance(data, Mapping) else self.default)
        if formdata:
            named = ((one, f"{self.name}-{one}") for one in self.kind.languages)
            self.data = {
                one: tidy(formdata[name]) for one, name in named if formdata.get(name)
            } or None
            self.raw_data = list((self.data or {}).values())

    def pre_validate(self, form: Any) -> None:
        if any(len(text) > self.length for text in (self.data or {}).values()):
            raise ValidationError(lazy("At most %(max)d characters.", max=self.length))
