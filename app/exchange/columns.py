"""Columns: what files hold of each row, and programs are told of it, one tuple per list (R13).

Here: one column: its name, its label for people, and how a row gives its raw value (S3-25). Not
here: the tuples (each feature's lists), which rows (exchange.queries), how they are written
(exchange.writing), how programs ask (rest.rows).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from marshmallow import fields

from app.access.seat import Seat
from app.models import MemberRole

MANAGERS = ("manage", "Member")
BY_NAME = "; "
"""What stands between names in one cell; keys, which have no spaces, are separated by a space."""


@dataclass(frozen=True)
class Column:
    """One column: `key` is the head of the file and never translated, `value` takes a row."""

    key: str
    label: Any
    value: Callable[[Any], Any]
    separator: str = " "
    needs: tuple[str, str] | None = None
    """The permission and its view without which nobody reads it; None: whoever reads the rows."""
    told: Callable[[Any, Seat], Any] | None = None
    """The value as a reader may know it, where that depends on who reads."""
    field: fields.Field | None = None
    """What programs are told it as, by the API's description; None: only files have it."""
    answer: Callable[[Any], Any] | None = None
    """What programs are told, where that is not what files have."""
    about: Any = None
    """What the API's description says of it, where its name does not say it."""

    def read_by(self, reader: Seat | None) -> Column:
        """The column as somebody reads it; nobody's seat is the operator's."""
        told = self.told
        if told is None or reader is None:
            return self
        return replace(self, value=lambda row: told(row, reader))


TEXT, TEXT_OR_NONE = fields.String(), fields.String(allow_none=True)
"""What programs are told most columns as."""


def same(
    key: str, label: Any = "", field: fields.Field | None = None, *, of: str = "", **more: Any
) -> Column:
    """A column that a row has under this name, or under another one (`of`, with dots where another
    row has it); where programs are told none, an empty text is none.
    """
    read = attrgetter(of or key)
    is_none = field is TEXT_OR_NONE
    value = (lambda row: read(row) or None) if is_none else read
    return Column(key, label, value, field=field, **more)


def authorities_of(label: Any, **more: Any) -> Column:
    """The single authorities of a row, by key."""
    return Column(
        "authorities",
        label,
        lambda row: sorted(row.authorities),
        field=fields.List(fields.String()),
        **more,
    )


def role_names(roles: list[MemberRole]) -> list[str]:
    """Roles by name, as they are kept."""
    return [role.name for role in roles]
