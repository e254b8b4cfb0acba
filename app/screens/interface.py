"""Interfaces: Flask-AppBuilder's datamodels, bounded to what the reader may see.

Here: which rows of a model exist for this request. Not here: narrowing them further (each feature's
queries).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.orm.descriptor_props import SynonymProperty

from app.access.context import current_seat
from app.extensions import db
from app.kernel.errors import NotFound
from app.kernel.text import has_control_characters
from app.models.base import written_order

MAX_ID = 2**31 - 1
MAX_ROWS = 1_000
"""Rows that one request may act on: ten of the longest pages."""


class PlatformInterface(SQLAInterface):
    """All rows of a model: for screens of the platform administrator."""

    whole: ClassVar[Sequence[Any]] = ()
    """What is read along with one row."""

    filters: Any = None
    """FAB's base filters of the view, which bound every query."""

    joined: ClassVar[str] = ""
    """The name of the relation that `scoped` joins and `bare` leaves out."""
    list_properties: dict[str, Any]

    def __init__(self, obj: type[Any], session: Any = None) -> None:
        """Leave out the model's second names, which FAB takes for columns."""
        super().__init__(obj, session)
        found = self.list_properties.items()
        self.list_properties = {
            name: one for name, one in found if not isinstance(one, SynonymProperty)
        }

    def scoped(self) -> Select[Any]:
        """Return the query for the rows that exist for this request."""
        return self.bounded(select(self.obj))

    def bare(self) -> Select[Any]:
        """The same without what is joined only to be shown: for finding ids and counting."""
        return self.scoped()

    def bounded(self, query: Select[Any]) -> Select[Any]:
        """Apply the base filters of the view."""
        return self.filters.apply_all(query) if self.filters is not None else query

    def get_user_columns_list(self) -> list[str]:
        """The columns that people fill, in the order in which the model writes them."""
        mapper = self.obj.__mapper__
        return [
            name
            for name in written_order(self.obj)
            if name in self.list_properties
            and not (self.is_pk(name) or self.is_fk(name))
            and name != str(getattr(mapper.version_id_col, "key", ""))
            and not self.is_relation_one_to_many(name)
        ]

    def one(self, pk: Any) -> Any:
        """Return one row by its id; raise NotFound for any other id, whatever it looks like."""
        text = str(pk)
        if not _is_id(text):
            raise NotFound()
        row = self.only(self.obj.id == int(text))
        if row is None:
            raise NotFound()
        return row

    def one_called(self, column: Any, word: str) -> Any:
        """Return the one row that has a word in a column; raise NotFound where there is none."""
        row = None if has_control_characters(word) else self.only(column == word)
        if row is None:
            raise NotFound()
        return row

    def only(self, *conditions: ColumnElement[bool]) -> Any:
        """Return the one row that exists for this request and is so, None for none."""
        return db.session.scalars(
            self.scoped().where(*conditions).options(*self.whole)
        ).one_or_none()

    def some(self, pks: list[str]) -> list[Any]:
        """Return the rows among these ids that exist for this request, in the order asked."""
        wanted = _ids(pks)
        found = {
            row.id: row for row in db.session.scalars(self.scoped().where(self.obj.id.in_(wanted)))
        }
        return [found[pk] for pk in wanted if pk in found]

    def ids_of(self, pks: Sequence[str]) -> Select[Any]:
        """Return the query for the ids among these that exist for this request."""
        return self.scoped().where(self.obj.id.in_(_ids(pks))).with_only_columns(self.obj.id)

    def add(self, *_row: Any, **_more: Any) -> Any:
        """FAB's own way to write, which commits at once and tells no log; none here."""
        raise TypeError(
            "datamodel.add, edit and delete commit without the log: call self.create(values),"
            " self.update(item, values) or self.remove(item) of the view"
        )

    edit = delete = delete_all = add

    def get(self, id: Any, filters: Any = None, select_columns: Any = None) -> Any:
        """FAB's own way to one row, bounded as well."""
        return db.session.scalars(self.scoped().where(self.obj.id == id)).one_or_none()


class OrganizationInterface(PlatformInterface):
    """The rows of the organization in the address, and no others."""

    def scoped(self) -> Select[Any]:
        seat = current_seat()
        if seat is None or seat.organization is None:
            return select(self.obj).where(false())
        return self.bounded(
            select(self.obj).where(self.obj.organization_id == seat.organization.id)
        )


def _ids(pks: Sequence[str]) -> list[int]:
    return list(dict.fromkeys(int(pk) for pk in pks if _is_id(pk)))[:MAX_ROWS]


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= MAX_ID
