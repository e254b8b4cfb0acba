"""Shapes: what programs send and are told of a row of a model view.

Here: a field of JSON for each kind of column. Not here: the operations (model_views.rest.api).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields

from app.kernel.i18n import lazy
from app.kernel.text import tidy
from app.model_views.filters import NONE
from app.model_views.forms import targets
from app.model_views.forms.fields import (
    NOT_A_DAY,
    NOT_A_LINK,
    is_link,
    read_day,
    read_decimal,
    within_calendars,
)
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
from app.rest.errors import InvalidInput
from app.rest.schemas import AtMost, Many, Number, Shape, Text, Word
from app.rest.schemas import Flag as FlagField
from app.rest.schemas import Moment as MomentAnswer

LONGEST = 500
DATE, DATE_TIME = {"format": "date"}, {"format": "date-time"}
BY_NAME = lazy("Words that it is called by, or its number: #12.")
FROM_UNTIL = lazy("From and until, either of which may be left out: 2026-01-01..2026-03-31.")
LEAST_MOST = lazy("The least and the most, either of which may be left out: 100..500.")
MOMENT = lazy("This must be a moment in UTC, such as 2026-11-29T10:00:00Z.")
NOBODY = lazy("There is nothing by that number, or it belongs to another organization.")


class _Read(Text):
    """Text that stands for a value."""

    def __init__(self, read: Callable[[str], Any], **more: Any) -> None:
        super().__init__(longest=LONGEST, **more)
        self.read, self.validators = read, []

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = unicodedata.normalize("NFKC", super()._deserialize(value, attr, data))
        AtMost(max=LONGEST)(text)
        return self.read(text)


class Related(fields.Nested):
    """A related row: its number and its name."""

    class Shape(Shape):
        """A related row."""

        id = fields.Integer(required=True)
        name = fields.String(required=True)

    def __init__(self, **more: Any) -> None:
        super().__init__(self.Shape, **more)


def asked(kind: Kind, *, required: bool, description: Any) -> fields.Field:
    """Return the field of what is sent."""
    more: dict[str, Any] = {
        "required": required,
        "allow_none": not required and (kind.is_nullable or isinstance(kind, One)),
        "metadata": {"description": description},
    }
    if isinstance(kind, Several):
        return Many(Number(), most=kind.most, metadata=more["metadata"])
    if isinstance(kind, One):
        return Number(**more)
    if isinstance(kind, Chosen):
        return Word(*kind.labels, **more)
    if isinstance(kind, Flag):
        return FlagField(metadata=more["metadata"])
    if isinstance(kind, Whole):
        least, most = kind.bounds
        return Number(least=least, most=most, **more)
    if isinstance(kind, InLanguages):
        length = kind.column.type.length
        return fields.Dict(keys=fields.String(), values=Text(longest=length), **more)
    return _text(kind, more)


def _text(kind: Kind, more: dict[str, Any]) -> fields.Field:
    readers: tuple[tuple[type[Kind], Callable[[str], Any], dict[str, str]], ...] = (
        (Day, read_day_field, DATE),
        (Moment, _moment, DATE_TIME),
        (Exact, lambda text: _decimal(text, kind), {}),
        (Address, _link, {}),
    )
    for of, read, described in readers:
        if isinstance(kind, of):
            return _Read(read, **more | {"metadata": more["metadata"] | described})
    longest = (kind.longest if isinstance(kind, LongText) else kind.length) or 254
    return Text(
        longest=longest,
        shortest=1 if more["required"] else 0,
        lines=isinstance(kind, LongText),
        **more,
    )


def narrowing(kind: Kind, label: Any) -> fields.Field | None:
    """Return the field of a list's filter in an address; None for a kind that has none."""
    more: dict[str, Any] = {"metadata": {"description": label}}
    if isinstance(kind, Chosen):
        return Many(Word(*kind.labels, *([NONE] if kind.is_nullable else [])), **more)
    if isinstance(kind, Flag):
        return Word("yes", "no", **more)
    if isinstance(kind, One):
        return Text(metadata={"description": BY_NAME})
    if isinstance(kind, Whole | Exact):
        return Text(longest=90, metadata={"description": LEAST_MOST})
    if isinstance(kind, Day | Moment):
        return Text(longest=90, metadata={"description": FROM_UNTIL})
    return None


def output_field(kind: Kind | None) -> fields.Field:
    """Return the field of what is answered."""
    if isinstance(kind, Several):
        return fields.List(Related())
    if isinstance(kind, One):
        return Related(allow_none=True)
    if isinstance(kind, Day):
        return fields.String(allow_none=True, metadata=DATE)
    plain: tuple[tuple[type[Kind], type[fields.Field]], ...] = (
        (Flag, fields.Boolean),
        (Whole, fields.Integer),
        (Moment, MomentAnswer),
        (InLanguages, fields.Dict),
    )
    found = next((field for of, field in plain if isinstance(kind, of)), fields.String)
    return found(allow_none=True)


def rows_named(
    kinds: Mapping[str, Kind], body: Mapping[str, Any], narrow: Mapping[str, targets.Narrow]
) -> dict[str, Any]:
    """Return values with the rows that related numbers stand for; the refusal of a number that is
    none here is the same whatever the reason.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in body.items():
        kind = kinds[name]
        if isinstance(kind, One):
            wanted = value if isinstance(kind, Several) else [] if value is None else [value]
            found = targets.with_ids(kind.target, wanted, narrow[name])
            if len(found) < len(set(wanted)):
                wrong[name] = str(NOBODY)
            rows = [found[one] for one in dict.fromkeys(wanted) if one in found]
            values[name] = rows if isinstance(kind, Several) else next(iter(rows), None)
        else:
            values[name] = kind.read(value) if isinstance(kind, Chosen) else value
    if wrong:
        raise InvalidInput(wrong)
    return values


def read_day_field(text: str) -> Any:
    """Read a date of a request."""
    try:
        return read_day(text)
    except ValueError as error:
        raise ValidationError(str(NOT_A_DAY)) from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        return within_calendars(moment)
    except (ValueError, OverflowError) as error:
        raise ValidationError(str(MOMENT)) from error


def _decimal(text: str, kind: Any) -> Any:
    try:
        return read_decimal(text, kind)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _link(text: str) -> str:
    if text and not is_link(text):
        raise ValidationError(str(NOT_A_LINK))
    return tidy(text)
