"""FAB's other widgets and templates, which a view may name, in the portal's look. A page …"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask_appbuilder import widgets

from app.member_roles.views import MemberRoleView
from app.screens.frame.builder import get_view
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[..., PortalClient]
GENERAL = "appbuilder/general/model/"


@pytest.fixture
def draws(app: Flask, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """`draws("list/", list_widget=ListBlock)`: the page of a view that says so."""
    role = factories.role(cast.aozora, "Receptionist", "user_viewer")
    view = get_view(MemberRoleView, app.appbuilder)  # type: ignore[attr-defined]

    def drawn(path: str, **attributes: object) -> str:
        for name, value in attributes.items():
            monkeypatch.setattr(view, name, value)
        answer = as_(cast.tanaka).get(f"/o/aozora/roles/{path.format(role.id)}")
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    return drawn


@pytest.mark.parametrize(
    ("widget", "marked"),
    [
        (widgets.ListBlock, '<article class="col-md-6 col-xl-4'),
        (widgets.ListItem, '<article class="col-12'),
        (widgets.ListThumbnail, '<article class="col-md-6">'),
        (widgets.ListLinkWidget, "<table"),
        (widgets.ListCarousel, 'class="strip"'),
    ],
)
def test_shows_a_list_by_each_of_its_widgets(
    draws: Callable[..., str], widget: type, marked: str
) -> None:
    page = draws("list/", list_widget=widget)
    assert marked in page
    assert "Receptionist" in page


@pytest.mark.parametrize("widget", [widgets.ShowBlockWidget, widgets.ShowVerticalWidget])
@pytest.mark.parametrize("template", ["show.html", "show_cascade.html"])
def test_shows_one_thing_by_each_of_its_widgets(
    draws: Callable[..., str], widget: type, template: str
) -> None:
    page = draws(
        "show/{}", show_template=GENERAL + template, show_widget=widget, formatters_columns={}
    )
    assert "<dl" in page
    assert "Receptionist" in page


@pytest.mark.parametrize(
    "widget", [widgets.FormVerticalWidget, widgets.FormHorizontalWidget, widgets.FormInlineWidget]
)
@pytest.mark.parametrize("template", ["edit.html", "edit_cascade.html"])
def test_asks_by_each_of_its_forms(draws: Callable[..., str], widget: type, template: str) -> None:
    page = draws("edit/{}", edit_template=GENERAL + template, edit_widget=widget)
    assert 'name="name"' in page
    assert "Receptionist" in page
