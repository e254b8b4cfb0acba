"""Rows: the API of a list: what every list is asked and answers, and verbs of its rows.

Here: shapes that follow from a list's definition, one operation to list, one to show, one for each
verb of a service. Not here: the list itself (screens.list_definition), pages (rest.pages), what is
sent to add and to change a row (each feature's api).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, ClassVar

from flask_appbuilder import expose
from marshmallow import fields

from app.access.policy import may
from app.exchange.columns import Column
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.rest import pages
from app.rest.api import ROOT, PortalApi, operation
from app.rest.pages import Page, PageQuery
from app.rest.schemas import Many, Number, Shape, Text, Word
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import Filter
from app.screens.list_parameters import MOST_TYPED

Operations = Callable[..., Any]
NOT_READ = lazy("Null where the key may not read it.")


@dataclass(frozen=True)
class RowShapes:
    """What a list answers and can be asked: one row, a page of them, the parameters."""

    row: type[Shape]
    page: type[Page]
    query: type[PageQuery]


class RowsApi(PortalApi):
    """The rows of a list, by its definition."""

    definition: ListDefinition
    key: ClassVar[str] = "id"
    """The column that names a row in an address."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Ask for the list's own permissions, where the class does not say others."""
        if "definition" in vars(cls) and "class_permission_name" not in vars(cls):
            cls.class_permission_name = cls.definition.class_permission_name
        super().__init_subclass__(**options)

    def list_definition(self) -> ListDefinition:
        """The list of this application."""
        return self.definition

    def load(self, pk: str) -> Any:
        """Return one row that exists for the key. Raises NotFound."""
        datamodel = self.list_definition().datamodel
        if self.key == "id":
            return datamodel.one(pk)
        return datamodel.one_called(getattr(datamodel.obj, self.key), pk)

    def row(self, item: Any) -> dict[str, Any]:
        """A row as it is answered."""
        file = self.definition.file
        return answer(file.columns, item) if file else {}

    def read_along(self) -> Sequence[Any]:
        """What is read along with the rows of a page."""
        return self.definition.file.eager if self.definition.file else ()

    def page(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """Return one page, as it is answered."""
        found = pages.page(self.list_definition(), query, options=self.read_along())
        return found | {"items": [self.row(item) for item in found["rows"]]}


def shapes_of(definition: ListDefinition, name: str) -> RowShapes:
    """Return the shapes of a list whose rows the description calls by this name."""
    columns = definition.file.columns if definition.file else ()
    row = answer_shape(name, columns)
    asked = {narrowing.name: _asked(narrowing) for narrowing in definition.filters}
    query = type(f"{name}Query", (PageQuery,), {"sort": pages.order(definition), **asked})
    return RowShapes(row, items_shape(row, f"{name}Page", Page), query)


def answer_shape(name: str, columns: Iterable[Column]) -> type[Shape]:
    """Return the shape of what is told of a row by these columns."""
    return type(name, (Shape,), {column.key: _always(column) for column in columns if column.field})


def items_shape(row: type[Shape], name: str, base: type[Any] = Shape) -> Any:
    """Return the shape of an answer of several rows."""
    return type(name, (base,), {"items": fields.List(fields.Nested(row), required=True)})


def answer(columns: Sequence[Column], item: Any) -> dict[str, Any]:
    """Return what programs are told of a row by these columns; null is what the key may not read
    (T2-92).
    """
    asked = {column.needs for column in columns if column.needs}
    withheld = {needs for needs in asked if not may(seat(), *needs)}
    return {
        column.key: None if column.needs in withheld else (column.answer or column.value)(item)
        for column in columns
        if column.field
    }


def listing(summary: Any, shapes: RowShapes, **more: Any) -> Operations:
    """GET: the list, page by page, with its filters, search and orders."""

    @expose("", methods=["GET"])
    @operation(summary, query=shapes.query, answers=shapes.page, **more)
    def list(self: RowsApi, query: Mapping[str, Any]) -> dict[str, Any]:
        return self.page(query)

    return list


def showing(summary: Any, shapes: RowShapes) -> Operations:
    """GET /<pk>: one row."""

    @expose("/<pk>", methods=["GET"])
    @operation(summary, answers=shapes.row)
    def show(self: RowsApi, pk: str) -> dict[str, Any]:
        return self.row(self.load(pk))

    return show


def adding(summary: Any, shapes: RowShapes, **more: Any) -> Callable[[Operations], Operations]:
    """POST: a method that makes a row of what was sent; the row is answered, with its address."""

    def door(make: Operations) -> Operations:
        @wraps(make)
        def add(self: RowsApi, body: Any) -> dict[str, Any]:
            item = make(self, body)
            url = f"{ROOT}/{self.resource_name}/{getattr(item, self.key)}"
            return self.row(item) | {"url": url}

        made = operation(summary, answers=shapes.row, status=HTTPStatus.CREATED, **more)(add)
        return expose("", methods=["POST"])(made)

    return door


def acting(verb: Callable[..., Any], summary: Any, shapes: RowShapes, **more: Any) -> Operations:
    """POST /<pk>/<verb>: a verb of a service, by its name, with what is sent; the row is answered
    as it is then.
    """

    def act(self: RowsApi, pk: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        item = self.load(pk)
        verb(item, **(body or {}), by=seat(), now=utcnow())
        return self.row(item)

    act.__name__ = verb.__name__
    door = operation(summary, answers=shapes.row, **more)(act)
    return expose(f"/<pk>/{verb.__name__}", methods=["POST"])(door)


def removing(
    verb: Callable[..., Any], summary: Any, *, name: str, refuses: tuple[int, ...] = ()
) -> Operations:
    """DELETE /<pk>: a verb of a service after which the row is gone."""

    def remove(self: RowsApi, pk: str) -> None:
        verb(self.load(pk), by=seat(), now=utcnow())

    remove.__name__ = name
    door = operation(summary, status=HTTPStatus.NO_CONTENT, refuses=refuses)(remove)
    return expose("/<pk>", methods=["DELETE"])(door)


def _asked(narrowing: Filter) -> fields.Field:
    """How programs ask for a filter, described by what it says of itself."""
    about = narrowing.label if narrowing.about is None else narrowing.about
    described = {"description": about}
    if narrowing.field is not None:
        return _described(narrowing.field, about)
    if narrowing.number is not None:
        return Number(most=MOST_TYPED, metadata=described)
    if narrowing.text or narrowing.range:
        return Text(metadata=described)

    def offered() -> list[str]:
        return [str(value) for value, _label in narrowing.options()]

    if narrowing.multiple:
        return Many(Word(offered=offered), metadata=described)
    return Word(offered=offered, metadata=described)


def _always(column: Column) -> fields.Field:
    """The field of a column, which every answer has."""
    field = _described(column.field, NOT_READ if column.needs else column.about)
    field.required, field.allow_none = True, field.allow_none or column.needs is not None
    return field


def _described(field: Any, about: Any) -> fields.Field:
    """The same, with what the description says of it."""
    described: fields.Field = copy(field)
    described.metadata = {**({} if about is None else {"description": about}), **described.metadata}
    return described
