"""Tools of an organization, each screen with some of Flask-AppBuilder's attributes.

Here: models and views. Not here: what is expected of them (test_attributes).
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import redirect
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.models.sqla.filters import FilterEqual, FilterEqualFunction, FilterStartsWith
from flask_appbuilder.security.decorators import has_access
from flask_appbuilder.utils.limit import Limit
from flask_appbuilder.widgets import FormVerticalWidget, ListBlock, ShowBlockWidget
from sqlalchemy import ForeignKey, Numeric, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship
from wtforms import BooleanField, StringField

from app.extend import (
    HIDDEN,
    Choice,
    Column,
    Filter,
    ModelView,
    OrganizationInterface,
    OrganizationModel,
    Screen,
    lazy,
)
from tests.model_views.workshop_parts import NameForm, TooHeavy, colour_of_today, no_x


class Shelf(OrganizationModel):
    """Where tools lie."""

    __tablename__ = "workshop_shelf"

    name: Mapped[str] = mapped_column(String(40))
    is_open: Mapped[bool] = mapped_column(default=True)


class Tool(OrganizationModel):
    """A tool."""

    __tablename__ = "workshop_tool"
    __table_args__ = (
        UniqueConstraint("organization_id", "code"),
        UniqueConstraint("organization_id", "name", "grade"),
    )

    name: Mapped[str] = mapped_column(String(40))
    code: Mapped[str | None] = mapped_column(String(20))
    colour: Mapped[str] = mapped_column(Choice(red=lazy("Red"), blue=lazy("Blue")), default="red")
    grade: Mapped[int | None]
    price: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    shelf_id: Mapped[int | None] = mapped_column(
        ForeignKey("workshop_shelf.id", ondelete="RESTRICT")
    )
    shelf: Mapped[Shelf | None] = relationship(Shelf)

    def loud(self) -> str:
        """The name, louder."""
        return f"{self.name}!"


class ShelfView(ModelView):
    """Where tools lie: attributes that are left out."""

    datamodel = OrganizationInterface(Shelf)
    list_title = lazy("Shelves")
    list_columns = ["name", "is_open"]
    word = "shelves"
    delete_integrity_error_message = "Empty the shelf first"


LONG = Filter(
    "longer",
    "Longer",
    lambda: [("3", "than three")],
    lambda query, values: query.where(func.length(Tool.name) > int(values[0])),
)


OPEN = {"shelf": [["is_open", FilterEqual, True]]}


class ToolView(ModelView):
    """Tools, with words, columns, orders, forms and hooks of their own."""

    datamodel = OrganizationInterface(Tool)
    list_title, show_title = "Our tools", "One tool"
    add_title, edit_title = "Buy a tool", "Mend a tool"
    add_row_message, edit_row_message = "Bought it", "Mended it"
    delete_row_message = "Threw it away"
    add_integrity_error_message = "Somebody bought that"
    edit_integrity_error_message = "Somebody mended that"
    database_error_message = "The database frowns"
    list_columns = ["name", "code", "loud", "shelf"]
    show_columns = ["name", "grade", "loud"]
    add_columns = ["name", "code", "grade", "shelf", "twice"]
    edit_columns = ["name", "grade", "shelf", "again"]
    order_columns = ["code"]
    base_order = [("grade", "desc"), ("name", "asc")]
    page_size = 50
    search_columns = ["name", "colour", "shelf"]
    search_exclude_columns = ["colour"]
    label_columns = {"code": "Inventory code"}
    description_columns = {"name": "As on the sticker"}
    validators_columns = {"name": [no_x]}
    formatters_columns = {"code": lambda code: f"no. {code}"}
    add_form_extra_fields = {"twice": BooleanField("Buy two")}
    edit_form_extra_fields = {"again": StringField("Mended before")}
    add_form_query_rel_fields = edit_form_query_rel_fields = search_form_query_rel_fields = OPEN
    extra_args = {"greeting": "Hello from extra_args"}

    @action("paint", "Paint", "Paint it?", "translate")
    def paint(self, items: Any) -> None:
        """Make it blue."""
        for item in items if isinstance(items, list) else [items]:
            item.colour = "blue"
        self.carry_out(lambda: None, otherwise="Painted")

    def process_form(self, form: Any, is_created: bool) -> None:
        if not is_created and form.again.data:
            form.name.data = f"{form.name.data} ({form.again.data})"

    def prefill_form(self, form: Any, pk: Any) -> None:
        form.again.data = f"prefilled {pk}"

    def pre_add(self, item: Any) -> None:
        if item.name == "anvil":
            raise TooHeavy(field="name")
        item.price = Decimal(2) if item.twice else Decimal(1)

    def post_add_redirect(self) -> Any:
        return redirect("/after-add")

    def post_edit_redirect(self) -> Any:
        return redirect("/after-edit")

    def post_delete_redirect(self) -> Any:
        return redirect("/after-delete")


class RedToolView(ModelView):
    """Red tools only."""

    datamodel = OrganizationInterface(Tool)
    list_title, list_columns = "Red tools", ["name", "colour", "grade"]
    base_filters = [
        ["colour", FilterEqualFunction, colour_of_today],
        ["name", FilterStartsWith, "h"],
    ]
    base_order = ("grade", "asc")


class ShelvedToolView(ModelView):
    """Tools that lie on an open shelf, by permission: to look at, and as a file."""

    datamodel = OrganizationInterface(Tool)
    list_title, list_columns = "Shelved tools", ["name"]
    base_filters = [["shelf.is_open", FilterEqual, True]]
    base_permissions = ["can_read", "can_export"]
    columns = (Column("length", "Length", value=lambda row: len(row.name), filter=LONG),)
    search_columns = ["name", "length"]


class SeenToolView(ModelView):
    """Tools to look at."""

    datamodel = OrganizationInterface(Tool)
    list_title, list_columns = "Seen tools", ["name"]
    base_permissions = ["can_list", "can_show"]


class BareToolView(ModelView):
    """Tools as a list and nothing else."""

    datamodel = OrganizationInterface(Tool)
    list_title, list_columns = "Bare tools", ["name"]
    include_route_methods = {"list"}


class KeptToolView(ModelView):
    """Tools that stay."""

    datamodel = OrganizationInterface(Tool)
    list_title, list_columns = "Kept tools", ["name"]
    exclude_route_methods = {"delete", "show"}
    show_exclude_columns = ["price"]
    add_exclude_columns, edit_exclude_columns = ["price"], ["price", "colour"]


class SetToolView(ModelView):
    """Tools by sets of columns, in widgets and templates of FAB's."""

    datamodel = OrganizationInterface(Tool)
    list_title, list_columns = "Tools in sets", ["name", "code"]
    show_fieldsets = [("Seen set", {"fields": ["name", "code"]})]
    add_fieldsets = [("Added set", {"fields": ["name", "code"]})]
    edit_fieldsets = [("Edited set", {"fields": ["name"], "expanded": False})]
    list_widget, show_widget = ListBlock, ShowBlockWidget
    add_widget = edit_widget = FormVerticalWidget
    template_folder = str(Path(__file__).parent / "workshop_templates")
    list_template, show_template = "workshop_list.html", "workshop_show.html"
    add_template, edit_template = "workshop_add.html", "workshop_edit.html"


class OwnToolView(ModelView):
    """Tools at an address, with permissions and forms of their own."""

    datamodel = OrganizationInterface(Tool)
    list_title, list_columns = "Own tools", ["name"]
    route_base = "/o/<organization>/toolbox"
    class_permission_name = "tools"
    method_permission_name = {"list": "read", "start": "read", "add": "manage"}
    default_view = "start"
    add_form = edit_form = NameForm
    related_views = None
    limits = [Limit("2 per hour", key_func=lambda: "workshop", methods=("POST",))]

    @expose("/start")
    @has_access
    def start(self) -> str:
        """Where the menu leads."""
        return "This is the start of the toolbox"


SCREENS = (
    Screen(ShelfView),
    Screen(ToolView),
    *(
        Screen(view, HIDDEN)
        for view in (RedToolView, ShelvedToolView, SeenToolView, BareToolView, KeptToolView)
    ),
    Screen(SetToolView, HIDDEN),
    Screen(OwnToolView),
)
