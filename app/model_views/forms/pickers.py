"""Pickers: fields for relations; rows are found by typing, never listed in the page.

Here: one row, several rows. Not here: which rows there are (model_views.forms.targets).
"""

from __future__ import annotations

from typing import Any

from flask import render_template
from markupsafe import Markup
from wtforms import Field, StringField, ValidationError

from app.kernel.i18n import lazy
from app.kernel.text import tidy
from app.model_views.forms import targets
from app.model_views.values.kind_of import One, Several

NOT_FOUND = lazy("Nobody or nothing here is called that, or more than one. Choose from the list.")


def everything(query: Any) -> Any:
    """Narrow nothing."""
    return query


def _draw(field: PickSeveralField, **_options: Any) -> Markup:
    return Markup(render_template("model_views/_several.html", field=field))


class PickField(StringField):
    """One row, by its name or number."""

    def __init__(self, label: Any = None, *, kind: One, **options: Any) -> None:
        self.narrow: targets.Narrow = options.pop("narrow", everything)
        super().__init__(label, **options)
        self.kind = kind

    def process_data(self, value: Any) -> None:
        self.data = value

    def process_formdata(self, valuelist: Any) -> None:
        if not valuelist:
            return
        text = tidy(str(valuelist[0]))
        self.data = targets.meant(self.kind.target, text, self.narrow) if text else None
        if text and self.data is None:
            raise ValueError(str(NOT_FOUND))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return targets.written(self.data) if self.data is not None else ""


class PickSeveralField(Field):
    """Several rows, each in an input of its own; an empty one more to type in."""

    kind: Several

    def __init__(self, label: Any = None, *, kind: Several, **options: Any) -> None:
        self.narrow: targets.Narrow = options.pop("narrow", everything)
        super().__init__(label, **options)
        self.kind = kind

    def process_formdata(self, valuelist: Any) -> None:
        texts = [text for text in (tidy(str(one)) for one in valuelist) if text]
        if len(texts) > self.kind.most:
            raise ValueError(str(lazy("At most %(most)d can be chosen.", most=self.kind.most)))
        found = [targets.meant(self.kind.target, text, self.narrow) for text in texts]
        self.data = [row for row in found if row is not None]
        if len(self.data) < len(found):
            raise ValueError(str(NOT_FOUND))

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise ValidationError(NOT_FOUND)

    def values(self) -> list[str]:
        """What stands in the inputs."""
        if self.raw_data:
            return [str(one) for one in self.raw_data]
        return [targets.written(row) for row in self.data or ()]

    widget = staticmethod(_draw)
