"""What cannot work is refused at start, in one sentence that says what to write. It …"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask_appbuilder import ModelRestApi
from flask_appbuilder import ModelView as FabModelView
from flask_appbuilder.charts.views import GroupByChartView
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.models.sqla.filters import FilterEqual
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.views import CompactCRUDMixin, MasterDetailView, MultipleView
from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extend import (
    HIDDEN,
    Membership,
    ModelView,
    PlatformInterface,
    Screen,
)
from app.model_views import registering
from app.model_views.checks.view_checks import ScreenError, ensure_sound
from tests.conftest import build_app, settings_for
from tests.model_views import made


@pytest.fixture(scope="module")
def thing() -> Iterator[type[Any]]:
    """A model in which nothing is wrong: a holder, a second one, a note, a secret and JSON."""
    with made.models():
        yield made.model(
            annotations={
                "holder_id": Mapped[int | None],
                "holder": Mapped[Membership | None],
                "lender_id": Mapped[int | None],
                "lender": Mapped[Membership | None],
                "size": Mapped[int | None],
                "pin": Mapped[str | None],
                "raw": Mapped[Any],
                "sort": Mapped[int | None],
            },
            holder_id=mapped_column(ForeignKey("membership.id", ondelete="SET NULL")),
            holder=relationship(Membership, foreign_keys="Thing.holder_id"),
            lender_id=mapped_column(ForeignKey("membership.id", ondelete="SET NULL")),
            lender=relationship(Membership, foreign_keys="Thing.lender_id"),
            pin=mapped_column(Text, info={"secret": True}),
            raw=mapped_column(JSON, nullable=True),
            total=lambda self: 1,
        )


def said_of(view: type[Any]) -> str:
    with pytest.raises(ScreenError) as refused:
        ensure_sound(view)
    return str(refused.value)


def test_lets_a_view_pass_in_which_nothing_is_wrong(thing: type[Any]) -> None:
    ensure_sound(made.view(thing))


ATTRIBUTES: list[tuple[dict[str, Any], str]] = [
    ({"list_columns": ["nmae"]}, "list_columns names 'nmae', which is no column of Thing: write"),
    ({"list_columns": ["name", "pin"]}, "list_columns shows 'pin', which is secret: leave it out"),
    ({"show_columns": ["holder.nobody"]}, "show_columns names 'holder.nobody', which is no column"),
    ({"show_exclude_columns": ["sise"]}, "is no column of Thing: write 'size'"),
    ({"show_fieldsets": ["name"]}, "show_fieldsets is no list of sets: write [('Heading', {'field"),
    ({"add_columns": ["name", "total"]}, "add_columns names 'total', which is no column of Thing"),
    ({"edit_columns": ["raw"]}, "edit_columns names 'raw', for which there is no field: leave it"),
    (
        {"add_columns": ["size"]},
        "the form for adding leaves out 'name', which cannot be empty: add",
    ),
    ({"edit_exclude_columns": ["x"]}, "edit_exclude_columns names 'x', which is no column"),
    ({"search_columns": ["holder.type"]}, "search_columns names 'holder.type', which is no column"),
    ({"search_columns": ["pin"]}, "search_columns finds rows by 'pin', which is secret: leave"),
    ({"search_columns": ["sort"]}, "the filter 'sort' would stand in addresses for something else"),
    ({"order_columns": ["total"]}, "order_columns names 'total', by which rows cannot be ordered"),
    ({"base_order": ("total", "asc")}, "base_order names 'total', by which rows cannot be ordered"),
    (
        {"base_order": ("name", "up")},
        "base_order = ('name', 'up'): write ('name', 'asc') or 'desc'",
    ),
    ({"label_columns": {"nam": "x"}}, "label_columns names 'nam', which is no column of Thing"),
    ({"formatters_columns": {"nam": str}}, "formatters_columns names 'nam', which is no column"),
    ({"base_filters": [["x", FilterEqual, 1]]}, "base_filters names 'x', which is no column"),
    (
        {"base_filters": [["holder.type", FilterEqual, 1]]},
        "base_filters names 'holder.type', but more than one relation leads to Membership: write",
    ),
    (
        {"add_form_query_rel_fields": {"size": [["id", FilterEqual, 1]]}},
        "add_form_query_rel_fields narrows 'size', which is no relation: leave it out",
    ),
    (
        {"edit_form_query_rel_fields": {"holder": [["x", FilterEqual, 1]]}},
        "edit_form_query_rel_fields['holder'] names 'x', which is no column",
    ),
    ({"column_permission_name": {"sise": "manage"}}, "names 'sise', which is no column of Thing"),
    (
        {"column_permission_name": {"name": "manage"}},
        "column_permission_name withholds 'name', but rows are called by it: write a required text",
    ),
    (
        {"list_columns": ["size"], "column_permission_name": {"size": "manage"}},
        "column_permission_name withholds every column of the list: leave one to all",
    ),
    ({"list_title": ""}, "it has no heading: write list_title = lazy('…')"),
    ({"page_size": 10}, "page_size = 10 is none of the sizes that are offered: write 25, 50, 100"),
    ({"add_form": DynamicForm}, "add_form lets characters pass that nobody types, and cannot show"),
    (
        {"template_folder": "theirs"},
        "template_folder = 'theirs' is no folder: write the whole path",
    ),
    ({"include_route_methods": {"lst"}}, "include_route_methods names 'lst', which cannot be reac"),
    ({"exclude_route_methods": {"lst"}}, "exclude_route_methods names 'lst', which cannot be reac"),
    ({"base_permissions": ["can_lst"]}, "base_permissions names 'can_lst', which is no method and"),
    (
        {"method_permission_name": {"lst": "read"}},
        "method_permission_name names 'lst', which is no",
    ),
    ({"default_view": "start"}, "the menu leads to default_view = 'start', which has no route"),
    ({"base_permissions": ["can_show"]}, "the menu leads to default_view = 'list', which has no"),
    ({"route_base": "/things"}, "'/things' does not name: write route_base = '/o/<organization>/"),
    ({"word": "Things!"}, "word = 'Things!' stands in addresses: write small Latin letters"),
    ({"word": "signatures"}, "events of 'signatures' and of 'sign' begin alike, so the log would"),
    ({"word": "role_plans"}, "events of 'role_plans' and of 'role' begin alike, so the log would"),
    ({"word": "user"}, "the authority user_viewer exists in the portal: write another word"),
]


@pytest.mark.parametrize(("attributes", "sentence"), ATTRIBUTES, ids=[one[1] for one in ATTRIBUTES])
def test_refuses_what_a_view_says(
    thing: type[Any], attributes: dict[str, Any], sentence: str
) -> None:
    said = said_of(made.view(thing, **attributes))
    assert said.startswith("ThingView (tests/model_views/made.py): ")
    assert sentence in said
    assert said.endswith(".") and "\n" not in said


def test_refuses_everybodys_rows_by_mistake(thing: type[Any]) -> None:
    """T2-80: an interface that is not bounded shows the rows of all organizations."""
    every = {"datamodel": PlatformInterface(thing), "route_base": "/things"}
    assert "PlatformInterface shows the rows of all of them" in said_of(made.view(thing, **every))
    unbounded = made.view(thing, datamodel=SQLAInterface(thing))
    assert "SQLAInterface reads the rows of every organization: write datamodel" in said_of(
        unbounded
    )


@pytest.mark.parametrize(
    ("base", "sentence"),
    [
        (FabModelView, "ModelView is not bounded: import ModelView from app.extend"),
        (MasterDetailView, "write a ModelView with related_views"),
        (MultipleView, "write one Screen for each view"),
        (GroupByChartView, "import GroupByChartView from app.extend"),
        (ModelRestApi, "write a ModelView, which brings its API along"),
    ],
)
def test_refuses_views_that_read_without_bounds(thing: type[Any], base: Any, sentence: str) -> None:
    assert sentence in said_of(made.view(thing, base=base))


def test_refuses_forms_over_the_list(thing: type[Any]) -> None:
    mixed = type("Mixed", (CompactCRUDMixin, ModelView), {"__module__": __name__})
    assert "leave CompactCRUDMixin out" in said_of(made.view(thing, base=mixed))


def test_refuses_names_that_the_portal_has(tmp_path: Any, thing: type[Any]) -> None:
    """T2-07: the start ends with what to write, and no page is ever drawn."""
    for view, sentence in (
        (made.view(thing, "MemberView", word="things"), "a view called MemberView is on the map"),
        (
            made.view(thing, word="members", route_base="/o/<organization>/things"),
            "/api/v1/members is another API's address",
        ),
        (
            made.view(thing, route_base="/o/<organization>/members"),
            "stands at /o/<organization>/mem",
        ),
    ):
        with pytest.raises(ScreenError) as refused:
            build_app(settings_for(tmp_path), more=(Screen(view, HIDDEN),))
        registering.forget([view])
        assert sentence in str(refused.value)


def test_refuses_an_icon_that_is_none(tmp_path: Any, thing: type[Any]) -> None:
    view = made.view(thing)
    with pytest.raises(ScreenError) as refused:
        build_app(settings_for(tmp_path), more=(Screen(view, icon="lap-top"),))
    registering.forget([view])
    assert "icon='lap-top' is no drawing of app/static/icons.svg: write icon='laptop'" in str(
        refused.value
    )


def test_keeps_the_names_that_a_parent_gave_its_methods(thing: type[Any]) -> None:
    parent = made.view(thing, method_permission_name={"list": "see", "*": "change"})
    child = made.view(thing, "ChildView", base=parent)
    assert child.method_permission_name["list"] == "see"
    assert child.method_permission_name["add"] == "change"


def test_refuses_rows_in_a_form_that_do_not_belong_to_its_row(thing: type[Any]) -> None:
    said = said_of(made.view(thing, inline_views=[made.view(thing)]))
    assert "has no relation to Thing, so it cannot be among its inline_views" in said
    assert "inline_views names 'lines', which is no ModelView" in said_of(
        made.view(thing, inline_views=["lines"])
    )
