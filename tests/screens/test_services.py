"""Methods of a view that are a verb of its service, forms and lists that say little. It …"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.access.context import context
from app.models import Account, Organization
from app.outbox.views import LetterView, OutboxView
from app.screens.forms import PortalForm, text_field
from app.screens.interface import PlatformInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import by_state
from app.screens.services import asks, does, leads_to, says
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]


class NoteForm(PortalForm):
    class Meta:
        csrf = False

    name = text_field("Name", 5, needed="Name it.", autocomplete="off")
    text = text_field("Text", 10)


def test_calls_a_verb_with_who_asks_when_and_what_was_entered(app: Flask, cast: Cast) -> None:
    told: list[tuple[Any, ...]] = []

    def verb(*rows: Any, **named: Any) -> str:
        told.append((rows, named))
        return "done"

    with app.test_request_context("/", method="POST", data={"name": " a "}):
        seat = context().seat = factories.seat(cast.membership(cast.tanaka))
        method = does(verb, lambda: "place", keep=lambda: True)
        assert method(object(), "row", NoteForm()) == "done"
        assert asks(verb)(object(), "row") == says(lambda row: "done")(object(), "row")
    (rows, named), (asked, by) = told
    assert rows == ("row", "place")
    assert named.pop("now") is not None
    assert named == {"name": "a", "text": "", "keep": True, "by": seat}
    assert (asked, by) == (("row",), {"by": seat})


def test_refuses_what_is_too_long_or_missing(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"text": "x" * 11}):
        form = NoteForm()
        assert not form.validate()
        assert form.name.errors == ["Name it."] and form.text.errors
        assert form.name.render_kw == {"autocomplete": "off"}


@pytest.mark.parametrize(("who", "leads"), [("tanaka", True), ("suzuki", False)])
def test_leads_only_where_the_reader_may_go(cast: Cast, as_: As, who: str, leads: bool) -> None:
    page = as_(getattr(cast, who)).get("/o/aozora/members/list/").get_data(as_text=True)
    assert ("/o/aozora/invites/add" in page) is leads


def test_leads_to_no_screen_that_the_portal_lacks(app: Flask, cast: Cast) -> None:
    with app.test_request_context("/"):
        context().seat = factories.seat(cast.membership(cast.tanaka))
        assert leads_to("NoView.list", "send", "Invite")(object()) == ""


def test_takes_the_pages_that_its_folder_has(app: Flask) -> None:
    """Those that it has not stay the usual ones."""
    with app.app_context():
        view: Any = OutboxView()
    assert view.list_template == "outbox/list.html"
    assert view.show_template == LetterView.show_template


def test_orders_by_the_columns_that_are_named_and_hides_states_until_asked(app: Flask) -> None:
    seen: list[Any] = []

    def keep(query: Any, chosen: Any, *, now: Any) -> Any:
        seen.append((list(chosen), now))
        return query

    states = by_state({"on": "On", "off": "Off"}, keep)
    made = ListDefinition(
        PlatformInterface(Organization),
        order_columns=["code", ("name", Organization.latin_name)],
        filters=[states],
    )
    assert made.order_columns == {"code": Organization.code, "name": Organization.latin_name}
    with app.test_request_context("/"):
        for asked in ([], [("status", "off"), ("status", "none")]):
            made.read(MultiDict(asked), path="/x").narrow(select(Organization))
    assert [chosen for chosen, _now in seen] == [[], ["off"]]
    assert all(now is not None for _chosen, now in seen)
