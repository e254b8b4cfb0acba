"""Rules for programs: what a view's forms ask of what is typed is asked of what is sent.

Here: columns that do not exist for a key, rows that a relation may point to, FAB's validators. Not
here: shapes (model_views.shapes), operations (model_views.api).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import ValidationError
from wtforms.validators import StopValidation

from app.model_views import shapes
from app.model_views.forms import several
from app.model_views.pickers import everything
from app.model_views.targets import Narrow
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
    _ensure_valid(screen, form, found)
    return found


def _narrow(form: Any, name: str) -> Narrow:
    narrow: Narrow = getattr(form._fields.get(name), "narrow", everything)
    return narrow


def _ensure_valid(screen: Any, form: Any, found: Mapping[str, Any]) -> None:
    """Ask `validators_columns` of each value. Raises InvalidInput."""
    wrong = {}
    for name, field in form._fields.items():
        field.data = found.get(name, field.data)
    for name, rules in (screen.validators_columns or {}).items():
        if name not in found or name not in form._fields:
            continue
        field = form._fields[name]
        field.raw_data = [] if found[name] is None else [str(found[name])]
        try:
            for rule in several(rules):
                rule(form, field)
        except (ValidationError, StopValidation) as error:
            wrong[name] = str(error) or next(iter(field.errors), "")
    if wrong:
        raise InvalidInput(wrong)
