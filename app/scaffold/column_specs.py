"""Columns: what `name:type` asks for, and how it is written in a model.

Here: the types there are, and the refusals of what cannot be a column. Not here: the files
(scaffold.screens).
"""

from __future__ import annotations

import importlib
import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.model_views.columns import words_of
from app.models.base import OrganizationModel

WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")
ASKED = re.compile(r"^(?P<name>[^:]*):(?P<kind>[A-Za-z_][\w.]*)(?:\((?P<more>[^()]*)\))?")
ASKED_OF_LISTS = frozenset({"q", "sort", "page", "page_size", "filter", "match", "view"})
"""What addresses of lists ask for, so that no column is called like that."""


class NotAColumn(Refusal):
    """It does not read as name:type."""

    text = lazy("“%(asked)s” is no column. Write name:type, such as lent_on:date.")


class NotAName(Refusal):
    """Python, SQL or the portal use the name already, or cannot."""

    text = lazy(
        "“%(name)s” cannot be the name of a column. Write lower case letters, digits and “_”, such"
        " as lent_on, and none that Python or the portal uses."
    )


class Twice(Refusal):
    """Two columns have one name."""

    text = lazy("There are two columns called “%(name)s”. Give one of them another name.")


class NotAType(Refusal):
    """No type is called that."""

    text = lazy(
        "There is no type “%(kind)s”. Write str, text, int, decimal, bool, date, moment, link,"
        " member, choice(one,two), or the model of another package, such as rooms.Room."
    )


class NoChoices(Refusal):
    """A choice without words to choose from."""

    text = lazy(
        "Say what “%(name)s” is chosen from, in lower case letters: '%(name)s:choice(laptop,phone)'"
    )


@dataclass(frozen=True)
class Asked:
    """A column: its lines in the model, what they import, and a value that fits."""

    name: str
    lines: tuple[str, ...]
    imports: tuple[tuple[str, str], ...] = ()
    value: str = ""
    words: tuple[str, ...] = field(default=())
    is_listed: bool = True


def read(asked: Sequence[str]) -> list[Asked]:
    """Read columns as they are typed. Raises a Refusal that says what to write."""
    found = [_read(one) for one in asked]
    names = [name for one in found for name in (one.name, f"{one.name}_id")[: len(one.lines)]]
    for name in names:
        if names.count(name) > 1:
            raise Twice(name=name)
    return found


def _read(asked: str) -> Asked:
    matched = ASKED.fullmatch(asked.strip())
    if matched is None:
        raise NotAColumn(asked=asked)
    name, kind, more = matched["name"], matched["kind"], matched["more"]
    if not is_free(name):
        raise NotAName(name=name)
    if kind == "choice":
        return _choice(name, more or "")
    if kind == "member":
        return _relation(name, "app.extend", "Membership", "membership")
    if "." in kind and more is None:
        return _model(name, kind)
    made = _plain(name, kind, more)
    if made is None:
        raise NotAType(kind=asked.partition(":")[2])
    return made


def is_free(name: str) -> bool:
    """Whether a column may be called that."""
    return (
        WORD.fullmatch(name) is not None
        and not keyword.iskeyword(name)
        and not name.endswith("_")
        and name not in ASKED_OF_LISTS
        and not hasattr(OrganizationModel, name)
        and not hasattr(OrganizationModel, f"{name}_id")
    )


def _plain(name: str, kind: str, more: str | None) -> Asked | None:
    sa, extend, lower = "sqlalchemy", "app.extend", (more or "").replace(" ", "")
    optional = f"    {name}: Mapped[%s | None] = mapped_column(%s)"
    if kind == "str" and (more is None or lower.isdigit()):
        line = f"    {name}: Mapped[str] = mapped_column(String({lower or 120}))"
        return Asked(name, (line,), ((sa, "String"),), "1")
    if kind == "decimal" and (more is None or re.fullmatch(r"\d+,\d+", lower)):
        type_ = f"Numeric({lower.replace(',', ', ') or '12, 2'})"
        imports = (("decimal", "Decimal"), (sa, "Numeric"))
        return Asked(name, (optional % ("Decimal", type_),), imports, "1")
    if more is not None:
        return None
    simple = {
        "text": Asked(
            name, (optional % ("str", "Text"),), ((sa, "Text"),), "words", is_listed=False
        ),
        "int": Asked(name, (f"    {name}: Mapped[int | None]",), (), "1"),
        "bool": Asked(name, (f"    {name}: Mapped[bool] = mapped_column(default=False)",)),
        "date": Asked(
            name, (f"    {name}: Mapped[date | None]",), (("datetime", "date"),), "2026-11-01"
        ),
        "moment": Asked(
            name,
            (optional % ("datetime", "UtcDateTime"),),
            (("datetime", "datetime"), (extend, "UtcDateTime")),
            "2026-11-01 10:00",
        ),
        "link": Asked(
            name, (optional % ("str", "Link"),), ((extend, "Link"),), "https://example.com/"
        ),
    }
    return simple.get(kind)


def _choice(name: str, more: str) -> Asked:
    words = [word.strip() for word in more.split(",")]
    if not all(WORD.fullmatch(word) and not keyword.iskeyword(word) for word in words):
        raise NoChoices(name=name)
    labels = ", ".join(f'{word}=lazy("{words_of(word)}")' for word in dict.fromkeys(words))
    line = f"    {name}: Mapped[str] = mapped_column(Choice({labels}))"
    return Asked(name, (line,), (("app.extend", "Choice"),), words[0], tuple(map(words_of, words)))


def _model(name: str, kind: str) -> Asked:
    package, _dot, title = kind.rpartition(".")
    try:
        model: Any = getattr(importlib.import_module(package), title)
        table = str(model.__tablename__)
    except (ImportError, AttributeError):
        raise NotAType(kind=kind) from None
    return _relation(name, package, title, table)


def _relation(name: str, package: str, title: str, table: str) -> Asked:
    """A row of another table, which may go."""
    key = f'mapped_column(ForeignKey("{table}.id", ondelete="SET NULL"))'
    lines = (
        f"    {name}_id: Mapped[int | None] = {key}",
        f"    {name}: Mapped[{title} | None] = relationship(foreign_keys={name}_id)",
    )
    sa = (("sqlalchemy", "ForeignKey"), ("sqlalchemy.orm", "relationship"))
    return Asked(name, lines, (*sa, (package, title)))
