"""What the tools' screens are given: a refusal, a validator, a question, a form.

Here: these four. Not here: the screens (workshop).
"""

from __future__ import annotations

from typing import Any

from wtforms import StringField, ValidationError

from app.extend import Refusal, lazy
from app.screens.forms import PortalForm, at_most


class TooHeavy(Refusal):
    """A refusal of a hook."""

    text = lazy("That is too heavy.")


def no_x(_form: Any, field: Any) -> None:
    """A validator of WTForms."""
    if "x" in (field.data or ""):
        raise ValidationError("No x, please")


def colour_of_today() -> str:
    """What a base filter asks at each request."""
    return "red"


class NameForm(PortalForm):
    """A form of one's own."""

    name = StringField("A name of its own", validators=[at_most(12)])

    def validate_name(self, field: Any) -> None:
        """A rule in WTForms' own way."""
        if field.data == "ladder":
            raise ValidationError("Ladders stand elsewhere")
