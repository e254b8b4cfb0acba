"""Bases: what every row of an organization has, and every row of the whole portal.

Here: id, version, how a row is called. Not here: which organization a row may point into
(models.organization_scope), our own nouns, which say all of it themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import Enum, ForeignKey, String, Table, event
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.kernel.i18n import current_language
from app.models.column_types import Translated


class _Row(Model):
    """A row with a number that no other row gets again, and a version that each change raises."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}

    def __str__(self) -> str:
        """Return how people call this row: its first text, or its number."""
        values = (getattr(self, name) for name in texts_of(type(self)))
        words = (in_reader_language(one) if isinstance(one, dict) else one for one in values)
        return str(next((word for word in words if word), f"#{self.id}"))

    __repr__ = __str__


class OrganizationModel(_Row):
    """A row that belongs to one organization, and goes when the organization goes."""

    __abstract__ = True

    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), index=True, active_history=True
    )


class PlatformModel(_Row):
    """A row of the whole portal, in no organization."""

    __abstract__ = True


def naming_columns(model: type[Any]) -> list[str]:
    """Return the text columns of a model, in the order in which they were written."""
    types = model.__mapper__.columns
    return [name for name in texts_of(model) if isinstance(types[name].type, String)]


def texts_of(model: Any) -> tuple[str, ...]:
    """The same with texts in several languages: what a row is called by."""
    return _texts_of(model)


@cache
def _texts_of(model: Any) -> tuple[str, ...]:
    columns = model.__mapper__.columns.items()
    types = {name: one.type for name, one in columns if not one.info.get("secret")}
    return tuple(
        name
        for name in written_order(model)
        if isinstance(types.get(name), String | Translated)
        and not isinstance(types.get(name), Enum)
    )


def in_reader_language(text: Mapping[str, str] | None) -> str:
    """A text in the reader's language, else in one that there is."""
    said = text or {}
    return said.get(current_language()) or next((one for one in said.values() if one), "")


def written_order(model: type[Any]) -> list[str]:
    """Return the names of a model's columns and relations as its class wrote them; inherited ones
    come first.
    """
    names = [
        name
        for cls in reversed(model.__mro__)
        for name in vars(cls).get("__annotations__", {})
        if name in model.__mapper__.attrs
    ]
    rest = [prop.key for prop in model.__mapper__.attrs]
    return list(dict.fromkeys([*names, *rest]))


@event.listens_for(_Row, "instrument_class", propagate=True)
def _never_again(_mapper: Any, model: type[Any]) -> None:
    """Let SQLite give no number twice: lines of the log tell of rows by number."""
    table = getattr(model, "__table__", None)
    if isinstance(table, Table):
        table.dialect_options["sqlite"]["autoincrement"] = True
