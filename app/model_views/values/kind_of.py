"""Which kind a column or a relation of a model is.

Here: the table of types, the kinds of relations, what no screen can hold, how a value of any of
them is said. Not here: the kinds of values (model_views.values.kinds).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Boolean, Date, DateTime, Float, Integer, LargeBinary, Numeric, String
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import RelationshipDirection, RelationshipProperty
from sqlalchemy.types import Uuid

from app.kernel.i18n import _, listed
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
    Text,
    Whole,
)
from app.models import Membership
from app.models.column_types import Choice, Link, Translated, UtcDateTime
from app.screens.formatters import display_name


class One(Kind):
    """A relation to one row."""

    name = "relation"

    def __init__(self, prop: Any) -> None:
        super().__init__(prop)
        self.target = prop.mapper.class_
        self.column = next(iter(prop.local_columns))
        self.key = prop.parent.get_property_by_column(self.column).key
        """The attribute that holds the other row's id."""

    def order(self, model: Any) -> Any:
        return None

    def show(self, value: Any) -> Any:
        return called(value)

    def plain(self, value: Any) -> Any:
        return None if value is None else {"id": value.id, "name": called(value)}

    def say(self, plain: Any) -> str:
        return str(plain["name"]) if plain else _("none")


class Several(One):
    """A relation to several rows, which are linked many to many."""

    name = "relations"
    most: ClassVar[int] = 200

    def __init__(self, prop: Any) -> None:
        Kind.__init__(self, prop)
        self.target = prop.mapper.class_

    @property
    def is_required(self) -> bool:
        return False

    def show(self, value: Any) -> Any:
        return [called(one) for one in value or ()]

    def plain(self, value: Any) -> Any:
        rows = sorted(value or (), key=lambda row: row.id)
        return [{"id": row.id, "name": called(row)} for row in rows]

    def say(self, plain: Any) -> str:
        return listed(str(one["name"]) for one in plain) if plain else _("none")


REFUSED: dict[type[Any], str] = {
    LargeBinary: "files are not kept in columns: keep an address, mapped_column(Link())",
    Uuid: "rows are numbered: write mapped_column(String(36)) for a key of somebody else's",
    Float: "a float comes back otherwise than it was written: write mapped_column(Numeric(12, 2))",
}


def kind_of(prop: Any) -> Kind | None:
    """Return the kind of a column or relation; None for what only code reads, such as JSON.

    Raises TypeError for what no screen can hold.
    """
    if isinstance(prop, RelationshipProperty):
        many = prop.direction is RelationshipDirection.MANYTOMANY
        is_one = prop.direction is RelationshipDirection.MANYTOONE
        return Several(prop) if many else One(prop) if is_one else None
    return _of_type(prop, prop.columns[0].type)


def _of_type(prop: Any, kind: Any) -> Kind | None:
    if (why := next((why for no, why in REFUSED.items() if isinstance(kind, no)), None)) or (
        type(kind) is DateTime
    ):
        raise TypeError(why or "moments need a zone: write mapped_column(UtcDateTime)")
    if isinstance(kind, Numeric) and kind.precision is None:
        raise TypeError("a number says how many digits it has: write mapped_column(Numeric(12, 2))")
    if isinstance(kind, String) and kind.length is None and not isinstance(kind, SqlEnum):
        return LongText(prop)
    return next((made(prop) for of, made in KINDS if isinstance(kind, of)), None)


KINDS: tuple[tuple[type[Any], type[Kind]], ...] = (
    (SqlEnum, Chosen),
    (Choice, Chosen),
    (Link, Address),
    (Translated, InLanguages),
    (UtcDateTime, Moment),
    (Boolean, Flag),
    (Date, Day),
    (Integer, Whole),
    (Numeric, Exact),
    (String, Text),
)
"""What a column's type means, the narrower before the wider."""


def called(row: Any) -> str:
    """How a row is called: a member by name, in the reader's order."""
    if row is None:
        return ""
    return display_name(row.account) if isinstance(row, Membership) else str(row)


SECRET = "•"
"""What stands for a secret in the log."""


def say(kinds: Mapping[str, Kind], name: str, plain: Any) -> str:
    """Say a plain value of a column in the reader's words; a secret, and a column that is gone, as
    it was kept.
    """
    kind = kinds.get(name)
    return str(plain or "") if kind is None or plain == SECRET else kind.say(plain)
