"""The API of a model view: its list, its rows and its verbs, for programs.

Here: five operations, made for each view. Not here: shapes of columns (model_views.rest.shapes),
what every API does (rest.api).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any

from flask_appbuilder import expose
from marshmallow import fields

from app.kernel.errors import Conflict
from app.kernel.i18n import lazy
from app.model_views import declared
from app.model_views.columns import column_of, kinds, words_of
from app.model_views.package_words import lazy_of, package_of
from app.model_views.rest import rules, shapes
from app.model_views.values.kind_of import One
from app.model_views.values.kinds import Kind
from app.model_views.view import ModelView
from app.model_views.writing.verbs import Values
from app.rest.api import ROOT, PortalApi, operation
from app.rest.pages import LARGEST_PAGE, Page, PageQuery
from app.rest.rows import RowsApi, RowShapes, items_shape, listing, showing
from app.rest.schemas import Number, Shape, Word
from app.screens.frame.builder import find_view
from app.screens.list_definition import ListDefinition

METHODS = {"list": "list", "show": "show", "add": "add", "edit": "edit", "remove": "delete"}
"""Operations, and the methods of the screen whose routes and permissions they have."""
WRITING = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)


def has(view: Any) -> list[str]:
    """Return the operations that a view has: those whose screen is there."""
    left = declared.offered(view)
    return [ours for ours, theirs in METHODS.items() if theirs in left]


@cache
def api_of(view: Any) -> type[PortalApi]:
    """Return the API of a view; a class of its own, for its operations are described."""
    made = _Shapes(view)
    name = f"{view.__name__.removesuffix('View')}Api"
    operations = _reading(view, made) | _writing(view, made)
    return type(
        name,
        (ModelApi,),
        {
            "__doc__": f"{view.__name__}, for programs.",
            "__module__": view.__module__,
            "resource_name": view.word,
            "class_permission_name": view.class_permission_name,
            "method_permission_name": {
                ours: view.method_permission_name[theirs] for ours, theirs in METHODS.items()
            },
            "of_view": view,
            **{name: one for name, one in operations.items() if name in has(view)},
        },
    )


class ModelApi(RowsApi):
    """The rows of a model view."""

    of_view: type[ModelView]

    def screen(self) -> ModelView:
        """The view of this application."""
        return find_view(self.of_view)

    def list_definition(self) -> ListDefinition:
        return self.screen().definition

    def load(self, pk: str) -> Any:
        return self.screen().load(pk)

    def read_along(self) -> Sequence[Any]:
        return self.screen().read_along

    def row(self, item: Any) -> dict[str, Any]:
        """A row as it is answered, without columns that do not exist for the key."""
        screen = self.screen()
        names = screen.visible(declared.shown_columns(self.of_view))
        retold = declared.retold(self.of_view)
        values = {
            name: retold[name].plain(item)
            if name in retold
            else getattr(item, name)
            if screen.kinds[name].name == "moment"
            else screen.kinds[name].plain(getattr(item, name))
            for name in names
        }
        return {"id": item.id, "version": item.version} | values

    def writable(self, which: str, body: Mapping[str, Any]) -> Values:
        """What was sent, as values. Raises InvalidInput."""
        return rules.values(self.screen(), which, body)


class _Shapes:
    """The shapes of one view."""

    def __init__(self, view: type[ModelView]) -> None:
        found = kinds(view.datamodel.obj)
        package, own_labels = package_of(view), view.label_columns or {}
        labels = {name: own_labels.get(name) or lazy_of(package, words_of(name)) for name in found}
        base = view.__name__.removesuffix("View")

        def made(suffix: str, parents: tuple[type, ...], members: dict[str, Any]) -> type[Any]:
            return type(f"{base}{suffix}", parents, members | {"__module__": view.__module__})

        def sent(which: str) -> dict[str, fields.Field]:
            asked = {*declared.columns_of(view, which)}
            return {
                name: shapes.asked(
                    kind, required=kind.is_required and which == "add", description=labels[name]
                )
                for name, kind in found.items()
                if name in asked
            }

        retold = declared.retold(view)
        row = {
            name: shapes.output_field(None if name in retold else found[name])
            for name in declared.shown_columns(view)
        }
        numbers = {"id": Number(required=True), "version": Number(required=True)}
        shape = made("", (Shape,), numbers | row)
        self.rows = RowShapes(
            shape,
            items_shape(shape, f"{base}Page", Page),
            made("Query", (PageQuery,), _questions(view, found, labels)),
        )
        self.new = made("New", (Shape,), sent("add"))
        version = Number(metadata={"description": VERSION})
        self.change = made("Change", (Shape,), {"version": version} | sent("edit"))


def _questions(
    view: type[ModelView], found: Mapping[str, Kind], labels: Mapping[str, Any]
) -> dict[str, fields.Field]:
    """What the list can be asked, as on its screen: its orders and its filters."""
    model = view.datamodel.obj
    orders = [
        name
        for name in declared.orders(view)
        if name in found and column_of(model, name, found[name], "").order is not None
    ]
    linked = [name for name, kind in found.items() if isinstance(kind, One)]
    narrowed = {
        name: field
        for name in dict.fromkeys([*declared.narrowing(view), *linked])
        if name in found and (field := shapes.narrowing(found[name], labels[name])) is not None
    }
    size = Number(most=LARGEST_PAGE, load_default=view.page_size)
    sort = Word(*orders, *(f"-{name}" for name in orders))
    return {"page_size": size, "sort": sort} | narrowed


VERSION = lazy(
    "The version that was read: the change is refused where somebody else was faster. Without it"
    " the change is made whatever happened meanwhile."
)


def _reading(view: type[ModelView], made: _Shapes) -> dict[str, Callable[..., Any]]:
    title = view.list_title
    return {
        "list": listing(lazy("List: %(list)s", list=title), made.rows),
        "show": showing(lazy("Show one: %(list)s", list=title), made.rows),
    }


def _writing(view: type[ModelView], made: _Shapes) -> dict[str, Callable[..., Any]]:
    title = view.list_title

    @expose("", methods=["POST"])
    @operation(
        lazy("Add: %(list)s", list=title),
        body=made.new,
        answers=made.rows.row,
        status=HTTPStatus.CREATED,
        refuses=WRITING,
    )
    def add(self: ModelApi, body: Mapping[str, Any]) -> dict[str, Any]:
        item = self.screen().create(self.writable("add", body))
        return self.row(item) | {"url": f"{ROOT}/{view.word}/{item.id}"}

    @expose("/<pk>", methods=["PATCH"])
    @operation(
        lazy("Change: %(list)s", list=title),
        body=made.change,
        answers=made.rows.row,
        refuses=WRITING,
    )
    def edit(self: ModelApi, pk: str, body: Mapping[str, Any]) -> dict[str, Any]:
        item = self.load(pk)
        self.screen().look_again(item)
        if body.get("version", item.version) != item.version:
            raise Conflict()
        self.screen().update(item, self.writable("edit", body))
        return self.row(item)

    @expose("/<pk>", methods=["DELETE"])
    @operation(lazy("Delete: %(list)s", list=title), status=HTTPStatus.NO_CONTENT, refuses=WRITING)
    def remove(self: ModelApi, pk: str) -> None:
        self.screen().remove(self.load(pk))

    return {"add": add, "edit": edit, "remove": remove}
