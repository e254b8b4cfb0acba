"""Fields: how the value of each kind is typed.

Here: WTForms fields that take what people type, full-width digits too, and refuse the rest with a
sentence. Not here: which column has which field (model_views.forms.builder), relations
(model_views.forms.pickers).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from wtforms import Field, RadioField, SelectField, StringField, ValidationError
from wtforms.widgets import TextInput

from app.kernel.clock import UTC
from app.kernel.i18n import lazy
from app.kernel.text import tidy
from app.model_views.values.kinds import Chosen, Exact, Whole
from app.screens.moments.calendar import zone

MOST_CARDS = 4
"""Choices up to here are shown side by side; more of them in a list that opens."""
NOT_A_DAY = lazy("Enter a date, such as 2026-11-29.")
NOT_A_MOMENT = lazy("Enter a date and a time, such as 2026-11-29 10:00.")
NOT_A_NUMBER = lazy("Enter a number.")
NOT_WHOLE = lazy("Enter a whole number.")
NOT_A_LINK = lazy("Enter the address of a page, such as https://example.com/.")
NOT_OFFERED = lazy("Choose one of those that are offered.")


class Typed(Field):
    """A field whose text is read as a value; what cannot be read stays in the field."""

    widget = TextInput()
    input_type = "text"

    def read(self, text: str) -> Any:
        """Return what was typed as a value. Raises ValidationError."""
        raise NotImplementedError

    def written(self, value: Any) -> str:
        """Write a value as it is typed."""
        return str(value)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if not valuelist:
            return
        text = tidy(unicodedata.normalize("NFKC", str(valuelist[0])))
        try:
            self.data = self.read(text) if text else None
        except ValidationError as error:
            self.data = None
            raise ValueError(str(error)) from error

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.written(self.data)


class DayField(Typed):
    """A date."""

    strptime_format = ("%Y-%m-%d",)

    def read(self, text: str) -> date:
        return read_day(text)

    def written(self, value: date) -> str:
        return value.isoformat()


class MomentField(Typed):
    """A date with a time, in the reader's zone."""

    def read(self, text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text.replace("/", "-"))
            moment = moment.replace(tzinfo=moment.tzinfo or zone()).astimezone(UTC)
            return within_calendars(moment)
        except (ValueError, OverflowError) as error:
            raise ValidationError(NOT_A_MOMENT) from error

    def written(self, value: datetime) -> str:
        return value.astimezone(zone()).strftime("%Y-%m-%dT%H:%M")


class WholeField(Typed):
    """A whole number."""

    def __init__(self, label: Any = None, *, kind: Whole, **options: Any) -> None:
        super().__init__(label, **options)
        self.kind = kind

    def read(self, text: str) -> int:
        digits = text.replace(",", "")
        if not digits.removeprefix("-").isdecimal() or len(digits) > 20:
            raise ValidationError(NOT_WHOLE)
        least, most = self.kind.bounds
        if not least <= int(digits) <= most:
            raise ValidationError(
                lazy("This must be a number from %(min)d to %(max)d.", min=least, max=most)
            )
        return int(digits)


class ExactField(Typed):
    """A decimal number with so many digits."""

    def __init__(self, label: Any = None, *, kind: Exact, **options: Any) -> None:
        super().__init__(label, **options)
        self.kind = kind

    def read(self, text: str) -> Decimal:
        return read_decimal(text, self.kind)

    def written(self, value: Decimal) -> str:
        return f"{self.kind.fixed(value):f}"


class LinkField(StringField):
    """The address of a page."""

    def pre_validate(self, form: Any) -> None:
        if self.data and not is_link(self.data):
            raise ValidationError(NOT_A_LINK)


class _Offered:
    """Choices of a column, by their labels; a column that may be empty offers that."""

    kind: Chosen
    data: Any
    choices: Any

    def take(self, kind: Chosen) -> None:
        self.kind = kind
        self.choices = [] if kind.is_required else [("", lazy("none"))]
        self.choices += list(kind.labels.items())

    def process_data(self, value: Any) -> None:
        self.data = self.kind.plain(value) or ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if valuelist:
            self.data = valuelist[0]

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in self.kind.labels:
            raise ValidationError(NOT_OFFERED)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        self.data = self.data or None


class CardsField(_Offered, RadioField):
    """One of a few words, side by side."""

    def __init__(self, label: Any = None, *, kind: Chosen, **options: Any) -> None:
        super().__init__(label, coerce=_as_it_is, choices=[], **options)
        self.take(kind)


class ListField(_Offered, SelectField):
    """One of many words, in a list that opens."""

    def __init__(self, label: Any = None, *, kind: Chosen, **options: Any) -> None:
        super().__init__(label, coerce=_as_it_is, choices=[], **options)
        self.take(kind)


def choice_field(label: Any, *, kind: Chosen, **options: Any) -> Any:
    """Return the field of a choice: cards for a few that must be chosen from, else a list."""
    few = kind.is_required and len(kind.labels) <= MOST_CARDS
    return (CardsField if few else ListField)(label, kind=kind, **options)


def _as_it_is(value: Any) -> Any:
    return value


def within_calendars(moment: datetime) -> datetime:
    """Return a moment that every time zone can write. Raises ValueError for any other."""
    if not 1 < moment.year < 9999:
        raise ValueError("no zone writes this")
    return moment


def read_day(text: str) -> date:
    """Read a date as people write it: 2026-11-29, 2026/11/29, 2026年11月29日.

    Raises ValidationError.
    """
    for pattern in ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    raise ValidationError(NOT_A_DAY)


def read_decimal(text: str, kind: Exact) -> Decimal:
    """Read a number with separators of thousands. Raises ValidationError."""
    try:
        number = Decimal(text.replace(",", "").replace(" ", ""))
    except InvalidOperation as error:
        raise ValidationError(NOT_A_NUMBER) from error
    precision, scale = kind.digits
    if not number.is_finite():
        raise ValidationError(NOT_A_NUMBER)
    exponent = number.as_tuple().exponent
    if number and (number.adjusted() >= precision - scale or -int(exponent) > scale):
        raise ValidationError(
            lazy(
                "At most %(whole)d digits before the point and %(after)d behind it.",
                whole=precision - scale,
                after=scale,
            )
        )
    return kind.fixed(number)


def is_link(text: str) -> bool:
    """Whether text is the address of a page, over https."""
    try:
        parts = urlsplit(text)
        return parts.scheme == "https" and bool(parts.hostname) and not parts.username
    except ValueError:
        return False
