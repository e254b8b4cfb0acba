"""Column types that the nouns share.

Here: moments that are always UTC, sets of authorities, words of an enum, and what models of added
screens are made of: choices, links, text in several languages. Not here: tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware and UTC in Python, whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class AuthoritySet(TypeDecorator[frozenset[str]]):
    """A set of authority keys, kept sorted and separated by spaces."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str:
        return " ".join(sorted(value or ()))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str]:
        return frozenset((value or "").split())


class Word(TypeDecorator[StrEnum]):
    """One word of an enum, kept as it is written."""

    impl = String(20)
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else str(self.enum(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.enum(value)


class Choice(TypeDecorator[str]):
    """One of a few words, each with the label that people read: `Choice(laptop=lazy("Laptop"))`."""

    impl = String(40)
    cache_ok = True

    def __init__(self, **labels: Any) -> None:
        super().__init__()
        self.labels = labels


class Link(TypeDecorator[str]):
    """The address of a page: https only, shown as its host."""

    impl = String(500)
    cache_ok = True


class Translated(TypeDecorator[dict[str, str]]):
    """A text of so many characters at most in each language, by the language's code."""

    impl = JSON
    cache_ok = True

    def __init__(self, length: int = 500) -> None:
        super().__init__(none_as_null=True)
        self.length = length
