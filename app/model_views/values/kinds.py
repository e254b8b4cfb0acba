"""Kinds: what a column of a model holds, and what follows from that for people and machines.

Here: one class for each kind of value: how it is shown, told, kept as JSON and read back. Not here:
relations and which column is what (model_views.values.kind_of), fields, filters and shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar
from urllib.parse import urlsplit

from babel.numbers import format_decimal
from flask import current_app
from markupsafe import Markup
from sqlalchemy import BigInteger, SmallInteger
from sqlalchemy.orm import ColumnProperty

from app.kernel.i18n import _, current_language
from app.model_views.values.written import written_day, written_decimal
from app.models.base import in_reader_language
from app.models.column_types import Choice
from app.screens.formatters import local_datetime, on_date

EMPTY: tuple[Any, ...] = (None, "", [], {})
ANCHOR = '<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>'


class Kind:
    """Text, and what every kind is asked."""

    name: ClassVar[str] = "text"
    is_searched: ClassVar[bool] = False
    """Whether the search box looks into it."""

    def __init__(self, prop: Any) -> None:
        self.prop = prop
        self.column: Any = prop.columns[0] if isinstance(prop, ColumnProperty) else None

    @property
    def is_nullable(self) -> bool:
        """Whether it may be empty in the database."""
        return bool(self.column is not None and self.column.nullable)

    @property
    def is_required(self) -> bool:
        """Whether a form asks for it: it cannot be empty, and the database has no value for it."""
        has_default = self.column is not None and (
            self.column.default is not None or self.column.server_default is not None
        )
        return not self.is_nullable and not has_default

    @property
    def is_secret(self) -> bool:
        """Whether a column says `info={"secret": True}`: shown, told and kept nowhere."""
        return bool(self.column is not None and self.column.info.get("secret"))

    @property
    def length(self) -> int | None:
        """At most so many characters."""
        return getattr(self.column.type, "length", None) if self.column is not None else None

    def order(self, model: Any) -> Any:
        """What a list is ordered by; None where it has no order."""
        return getattr(model, self.prop.key)

    def show(self, value: Any) -> Any:
        """A value as people read it, escaped when it is shown; "" for none."""
        return "" if value in EMPTY else str(value)

    def plain(self, value: Any) -> Any:
        """A value as JSON has it, the same after the database has kept it."""
        return value

    def say(self, plain: Any) -> str:
        """A plain value in the reader's words, for the log."""
        return str(self.show(self.read(plain))) if plain not in EMPTY else _("none")

    def read(self, plain: Any) -> Any:
        """The value that a plain one stands for; the opposite of `plain`."""
        return plain


class Text(Kind):
    """Text of one line."""

    is_searched = True


class LongText(Text):
    """Text of several lines."""

    name = "long_text"
    longest: ClassVar[int] = 10_000


class Chosen(Kind):
    """One of a few words, with labels."""

    name = "choice"

    def __init__(self, prop: Any) -> None:
        super().__init__(prop)
        kind = prop.columns[0].type
        self.enum = getattr(kind, "enum_class", None)
        self.members = dict(zip(kind.enums, self.enum, strict=False)) if self.enum else {}
        self.words = {member: word for word, member in self.members.items()}
        self.labels: Mapping[str, Any] = (
            kind.labels if isinstance(kind, Choice) else {str(one): one for one in kind.enums}
        )

    def show(self, value: Any) -> Any:
        word = self.plain(value)
        return "" if word is None else str(self.labels.get(word, word))

    def plain(self, value: Any) -> Any:
        return self.words.get(value, value) if isinstance(value, Enum) else value

    def read(self, plain: Any) -> Any:
        return self.members[plain] if self.members and plain is not None else plain


class Flag(Kind):
    """Yes or no."""

    name = "flag"

    @property
    def is_required(self) -> bool:
        return False

    def show(self, value: Any) -> Any:
        return value if value is None else bool(value)

    def say(self, plain: Any) -> str:
        return _("Yes") if plain else _("No")


class Day(Kind):
    """A date without a time."""

    name = "day"

    def show(self, value: date | None) -> Any:
        return "" if value is None else written_day(value)

    def plain(self, value: date | None) -> Any:
        return value.isoformat() if value else None

    def read(self, plain: Any) -> Any:
        return date.fromisoformat(plain) if plain else None


class Moment(Kind):
    """A moment: UTC in the database, the reader's zone on the screen."""

    name = "moment"

    def show(self, value: datetime | None) -> Any:
        return "" if value is None else on_date(value)

    def plain(self, value: datetime | None) -> Any:
        return value.astimezone(UTC).isoformat() if value else None

    def read(self, plain: Any) -> Any:
        return datetime.fromisoformat(plain) if plain else None

    def say(self, plain: Any) -> str:
        return local_datetime(self.read(plain), in_full=True) if plain else _("none")


class Whole(Kind):
    """A whole number, within what the column can hold."""

    name = "whole"

    def show(self, value: int | None) -> Any:
        return "" if value is None else format_decimal(value, locale=current_language())

    @property
    def bounds(self) -> tuple[int, int]:
        """The least and the largest that every database keeps in such a column."""
        kind = self.column.type
        bits = 15 if isinstance(kind, SmallInteger) else 63 if isinstance(kind, BigInteger) else 31
        return -(2**bits), 2**bits - 1


class Exact(Kind):
    """A decimal number with a fixed count of digits behind the point."""

    name = "decimal"

    @property
    def digits(self) -> tuple[int, int]:
        """How many digits it has, and how many of them stand behind the point."""
        return self.column.type.precision or 30, self.column.type.scale or 0

    def fixed(self, value: Decimal) -> Decimal:
        """As the database gives it back."""
        return value.quantize(Decimal(1).scaleb(-self.digits[1]))

    def show(self, value: Decimal | None) -> Any:
        return "" if value is None else written_decimal(value, self.digits[1])

    def plain(self, value: Decimal | None) -> Any:
        return None if value is None else str(self.fixed(value))

    def read(self, plain: Any) -> Any:
        return None if plain is None else Decimal(plain)


class Address(Text):
    """A link to a page."""

    name = "link"

    def show(self, value: str | None) -> Any:
        if not value or not value.startswith("https://"):
            return value or ""  # written by code: nothing that runs becomes a link
        return Markup(ANCHOR).format(value, urlsplit(value).hostname or value)

    def say(self, plain: Any) -> str:
        return str(plain or _("none"))


class InLanguages(Kind):
    """A text in each of the portal's languages; the reader's is shown, else one that is there."""

    name = "translated"
    is_searched = True

    def order(self, model: Any) -> Any:
        return None

    def show(self, value: Mapping[str, str] | None) -> Any:
        return in_reader_language(value)

    def plain(self, value: Any) -> Any:
        texts = {language: text for language, text in (value or {}).items() if text}
        return texts or ({} if not self.is_nullable else None)

    @property
    def languages(self) -> list[str]:
        """The codes of the portal's languages."""
        return list(current_app.config["LANGUAGES"])
