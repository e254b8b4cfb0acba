"""Rules for programs: what a view's forms ask of what is typed is asked of what is sent.

Here: columns that do not exist for a key, rows that a relation may point to, FAB's validators. Not
here: shapes (model_views.rest.shapes), operations (model_views.rest.api).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import ValidationError
from wtforms.validators import StopValidation

from app.model_views import declared
from app.model_views.forms.builder import several
from app.model_views.forms.pickers import everything
from app.model_views.forms.targets import Narrow
from app.model_views.rest import shapes
from app.rest.errors import InvalidInput
from app.rest.schemas import UNKNOWN


def values(screen: Any, which: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was sent as values of columns; `which` is add or edit. Raises InvalidInput."""
    sent = {name: value for name, value in body.items() if name != "version"}
    withheld = {*sent} - {*screen.visible([*sent])}
    if withheld:
        raise InvalidInput({name: str(UNKNOWN) for name in sorted(withheld)})
    form = screen.begin(getattr(screen, f"{which}_form"), formdata=None, meta={"csrf": False})
    found = shapes.rows_named(screen.kinds, sent, {name: _narrow(form, name) for name in sent})
    asked = _rules(screen, which, form, found)
    _ensure_valid(form, found, asked)
    return found


def _rules(
    screen: Any, which: str, form: Any, found: Mapping[str, Any]
) -> dict[str, Sequence[Any]]:
    """What is asked of each value: `validators_columns`, and of a form that a package wrote itself
    all that it asks, of what was left out of a new row, too.
    """
    rules = {name: several(own) for name, own in (screen.validators_columns or {}).items()}
    if not declared.says(type(screen), f"{which}_form"):
        return {name: rules[name] for name in rules if name in found}
    names = [name for name in form._fields if name in screen.kinds]
    inline = {name: getattr(form, f"validate_{name}", None) for name in names}
    return {
        name: [
            *form._fields[name].validators,
            *rules.get(name, ()),
            *([lambda _form, field, rule=inline[name]: rule(field)] if inline[name] else []),
        ]
        for name in names
        if name in found or which == "add"
    }


def _narrow(form: Any, name: str) -> Narrow:
    narrow: Narrow = getattr(form._fields.get(name), "narrow", everything)
    return narrow


def _ensure_valid(form: Any, found: Mapping[str, Any], asked: Mapping[str, Sequence[Any]]) -> None:
    """Ask the rules of each value. Raises InvalidInput."""
    wrong = {}
    for name, field in form._fields.items():
        field.data = found.get(name, field.data)
    for name, rules in asked.items():
        field = form._fields.get(name)
        complaint = _complaint(form, field, rules) if field is not None else ""
        if complaint:
            wrong[name] = complaint
    if wrong:
        raise InvalidInput(wrong)


def _complaint(form: Any, field: Any, rules: Sequence[Any]) -> str:
    """What the first rule that is broken says, "" where none is."""
    field.raw_data = [] if field.data in (None, "") else [str(field.data)]
    field.errors = []
    try:
        for rule in rules:
            rule(form, field)
    except StopValidation as stop:  # without a word where nothing more is to be asked
        return str(stop) or str(next(iter(field.errors), ""))
    except ValidationError as error:
        return str(error)
    return ""
