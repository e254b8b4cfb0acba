"""List definitions: what a list is stands once, and every door reads it there (issue 11 §2).

Here: what the view takes from it, what the reader is withheld, what the menu counts. Not here:
single lists (the features' tests), reading an address (test_list_query.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.exchange.views import ExportView
from app.extensions import db
from app.members import lists
from app.models import Account, Membership
from app.screens.list_view import ListMixin
from app.screens.model_view import ServiceModelView
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]


class Renamed(ServiceModelView):
    """A view that says one of the words itself."""

    definition = lists.MEMBERS
    class_permission_name = "Renamed"


def test_a_view_takes_flask_appbuilder_s_words_from_it() -> None:
    assert Renamed.datamodel is lists.MEMBERS.datamodel
    assert Renamed.route_base == "/o/<organization>/members"
    assert Renamed.list_columns == [*lists.MEMBERS.list_columns]
    assert Renamed.order_columns == [*lists.MEMBERS.order_columns]
    assert Renamed.base_order == ("name", "asc")


def test_columns_are_called_as_in_its_files() -> None:
    """Said once; a column that no file has, and one that is called otherwise, is said beside."""
    assert Renamed.label_columns.keys() == {*lists.MEMBERS.list_columns}
    assert str(Renamed.label_columns["email"]) == str(lists.COLUMNS[3].label)
    other = replace(lists.MEMBERS, label_columns={"email": "Other"})
    assert other.attributes["label_columns"]["email"] == "Other"


def test_what_a_view_says_itself_stays() -> None:
    assert Renamed.class_permission_name == "Renamed"


def test_a_view_without_one_is_defined_by_its_own_words(app: Flask) -> None:
    """Screens that packages wrote before there were derived ones."""

    class Plain(ServiceModelView):
        datamodel = lists.MEMBERS.datamodel
        list_columns = ["type", "joined_at"]
        order_columns = ["joined_at"]
        base_order = ("joined_at", "desc")
        search_columns = ["type"]
        search_label = "Name"

        def search(self, query: Any, words: str) -> Any:
            return query.where(Membership.email_key == words)

    with app.test_request_context("/"):
        made = Plain().definition
        listing = made.read(MultiDict([("sort", "type")]), path="/x")
    assert made.order_columns.keys() == {"joined_at"} and made.search_label == "Name"
    assert listing.sort == listing.usual_sort == "-joined_at"
    assert made.search is not None
    assert "email_key = " in str(made.search(select(Membership), "somebody"))


def test_every_list_has_one_and_every_export_finds_its_view(app: Flask) -> None:
    views = app.appbuilder.baseviews  # type: ignore[attr-defined]
    there = {rule.endpoint for rule in app.url_map.iter_rules()}
    listed = [
        one for one in views if isinstance(one, ListMixin) and f"{one.endpoint}.list" in there
    ]
    assert listed and all(one.definition.datamodel is one.datamodel for one in listed)
    files = [one for one in views if isinstance(one, ExportView)]
    assert files and all(one.listed.definition is one.definition for one in files)
    assert all(one.listed.export_menu is one for one in files)


def test_a_column_that_does_not_exist_for_the_reader_neither_orders_nor_narrows(
    app: Flask,
) -> None:
    """Nobody reads it in the order of rows, or by asking for it."""
    withheld = replace(
        lists.MEMBERS, needs={"email": ("manage", "Account"), "type": ("manage", "Account")}
    )
    with app.test_request_context("/"):
        asked = MultiDict([("sort", "-email"), ("type", "power"), ("managed", "no")])
        listing = withheld.read(asked, path="/x")
        whole = lists.MEMBERS.read(asked, path="/x")
    assert (listing.sort, listing.chosen) == ("name", {"managed": ["no"]})
    assert (whole.sort, whole.chosen["type"]) == ("-email", ["power"])


def test_the_menu_counts_the_members_that_the_list_shows(cast: Cast, as_: As) -> None:
    """The suspended are in neither."""
    page = as_(cast.tanaka).get("/o/aozora/members/list/").get_data(as_text=True)
    count = lists.MEMBERS.menu_count
    assert count is not None and count.is_whole
    ids = set(db.session.scalars(count.rows(cast.aozora.id)))
    everybody = set(
        db.session.scalars(
            select(Membership.id).where(Membership.organization_id == cast.aozora.id)
        )
    )
    assert everybody - ids == {cast.membership(cast.sato).id}
    links = set(map(int, re.findall(r"name=rowid value=(\d+)", page)))
    assert links == ids
