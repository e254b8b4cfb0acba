"""Schemas: what requests and answers look like; the same objects check what comes in and make the
description.

Here: fields that take JSON's types as they are, with complaints in the reader's language. Not here:
any feature's own shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from flask import current_app
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from app.access.authorities import CATALOGUE
from app.kernel.i18n import lazy
from app.kernel.text import has_control_characters, tidy, typed_pattern
from app.screens.forms import UNTYPED

REQUIRED = lazy("Fill this in.")
UNKNOWN = lazy("There is no such field.")
NOT_OF_TYPE: dict[str, Any] = {
    "string": lazy("This must be text."),
    "integer": lazy("This must be a whole number."),
    "boolean": lazy("This must be true or false."),
    "list": lazy("This must be a list."),
    "object": lazy("This must be an object."),
}
FIXED = {"Unknown field.": UNKNOWN, "Invalid input type.": NOT_OF_TYPE["object"]}
"""Marshmallow's own complaints about whole objects."""
LARGEST = 2**31 - 1


class Shape(Schema):
    """An object with exactly the fields that are named."""

    class Meta:
        unknown = RAISE


class _Spoken(fields.Field):
    """A field that complains in the reader's language."""

    kind: ClassVar[str] = "string"

    def make_error(self, key: str, **_words: Any) -> ValidationError:
        return ValidationError(str(REQUIRED if key == "required" else NOT_OF_TYPE[self.kind]))


class AtMost(validate.Length):
    """So many characters at most."""

    def __call__(self, value: Any) -> Any:
        if self.min is not None and len(value) < self.min:
            raise ValidationError(str(REQUIRED))
        if self.max is not None and len(value) > self.max:
            raise ValidationError(str(lazy("At most %(max)d characters.", max=self.max)))
        return value


class NoMore(validate.Length):
    """So many items of a list at most."""

    def __call__(self, value: Any) -> Any:
        if not (self.min or 0) <= len(value) <= (self.max or len(value)):
            complaint = lazy(
                "The list must have %(min)d to %(max)d items.", min=self.min or 0, max=self.max
            )
            raise ValidationError(str(complaint))
        return value


class Within(validate.Range):
    """A number between two others."""

    def __call__(self, value: Any) -> Any:
        if not self.min <= value <= self.max:
            complaint = lazy(
                "This must be a number from %(min)d to %(max)d.", min=self.min, max=self.max
            )
            raise ValidationError(str(complaint))
        return value


class OneOf:
    """One word of a list that is asked for when it is needed; the description reads `choices`."""

    def __init__(self, offered: Callable[[], Iterable[str]]) -> None:
        self._offered = offered

    @property
    def choices(self) -> list[str]:
        return list(self._offered())

    def __call__(self, value: Any) -> Any:
        if value not in self.choices:
            raise ValidationError(
                str(lazy("This must be one of: %(choices)s.", choices=", ".join(self.choices)))
            )
        return value


class Like(validate.Regexp):
    """Text that looks so."""

    def __init__(self, pattern: str, complaint: Any) -> None:
        super().__init__(pattern)
        self.complaint = complaint

    def __call__(self, value: Any) -> Any:
        if not self.regex.match(value):
            raise ValidationError(str(self.complaint))
        return value


class Text(_Spoken, fields.String):
    """Text without the characters that nobody types; spaces around it do not count."""

    def __init__(
        self,
        *,
        longest: int = 254,
        shortest: int = 0,
        lines: bool = False,
        like: Like | None = None,
        **more: Any,
    ) -> None:
        rules = {} if like else {"pattern": typed_pattern(lines=lines, seen=shortest > 0)}
        super().__init__(
            validate=[AtMost(min=shortest or None, max=longest), *([like] if like else [])],
            metadata=rules | more.pop("metadata", {}),
            **more,
        )
        self.lines = lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if has_control_characters(value, lines=self.lines) or not _is_writable(value):
            raise ValidationError(str(UNTYPED))
        return tidy(value)


class Word(_Spoken, fields.String):
    """One word of a few."""

    def __init__(
        self, *words: str, offered: Callable[[], Iterable[str]] | None = None, **more: Any
    ) -> None:
        super().__init__(validate=[OneOf(offered or (lambda: words))], **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        return value


class Number(_Spoken, fields.Integer):
    """A whole number, 617470.0 too, which is one in JSON Schema; in an address, written in plain
    digits.
    """

    kind = "integer"

    def __init__(self, *, least: int = 1, most: int = LARGEST, **more: Any) -> None:
        super().__init__(validate=[Within(min=least, max=most)], **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        if (
            isinstance(value, Digits)
            and value.isascii()
            and value.isdigit()
            and len(value) <= len(str(LARGEST))
        ):
            return int(value)
        if not is_whole(value):
            raise self.make_error("invalid")
        return int(value)


class Digits(str):
    """A parameter of an address: what JSON would say as a number is text there."""


class Flag(_Spoken, fields.Boolean):
    """True or false, and nothing that merely looks like it."""

    kind = "boolean"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Many(_Spoken, fields.List):
    """A list."""

    kind = "list"

    def __init__(self, item: Any, *, most: int = 200, least: int = 0, **more: Any) -> None:
        super().__init__(item, validate=[NoMore(min=least or None, max=most)], **more)


class Keys(fields.List):
    """Keys of an answer, such as authorities, in the order of the alphabet."""

    def __init__(self, **more: Any) -> None:
        super().__init__(fields.String(), **more)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> list[Any]:
        return sorted(map(str, value))


class Moment(fields.DateTime):
    """A moment of an answer: ISO 8601, UTC."""

    def _serialize(
        self, value: datetime | None, attr: str | None, obj: Any, **more: Any
    ) -> str | None:
        return (
            value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            if value
            else None
        )


def authorities(**more: Any) -> Many:
    """A list of authorities, by key."""
    return Many(Word(offered=lambda: CATALOGUE), **more)


def language(**more: Any) -> Word:
    """One of the portal's languages."""
    return Word(offered=lambda: current_app.config["LANGUAGES"], **more)


def is_whole(value: Any) -> bool:
    """Whether a value of JSON is a whole number, however it was written."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and value == value // 1


def _is_writable(value: str) -> bool:
    """Whether it can be written as UTF-8: JSON can name half a character."""
    return not any("\ud800" <= char <= "\udfff" for char in value)
