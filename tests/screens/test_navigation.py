"""The navigation is drawn for a seat that is passed, and kept by the application it is of. It …"""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access

from app import create_app
from app.access.context import RequestContext, context
from app.models import AccountSession
from app.registration import ORGANIZATION, Screen
from app.screens import counts
from app.screens.frame.navigation import menu, organization_shown
from app.screens.list_query import COUNT_LIMIT
from tests import factories
from tests.cast import Cast
from tests.conftest import settings_for


def test_leads_into_the_organization_of_the_seat_wherever_it_stands(app: Flask, cast: Cast) -> None:
    """Issue 11 §3: on a page of no organization, what was open last is drawn without any change of
    the request's own seat and organization.
    """
    own = cast.membership(cast.tanaka)
    seat = factories.seat(own)
    seat.organization = seat.membership = None
    seat.memberships = [own]
    seat.session = AccountSession(organization_id=cast.aozora.id, created_at=factories.NOW)
    with app.test_request_context("/profile/"):
        context().seat = seat
        before = RequestContext(**vars(context()))
        assert organization_shown(seat) is cast.aozora
        drawn = {entry["name"]: entry["url"] for part in menu(seat) for entry in part["items"]}
        assert drawn["members"] == "/o/aozora/members/list/"
        assert drawn["profile"] == "/profile/"
        known = context()
        assert (known.seat, known.organization_code) == (before.seat, before.organization_code)
        assert seat.organization is None


class NoticesView(BaseView):
    """An integrator's own screen, in one application only."""

    route_base = "/o/<organization>/notices"
    default_view = "list"
    class_permission_name = "Member"
    method_permission_name = {"list": "read"}

    @expose("/list/")
    @has_access
    def list(self) -> str:
        return "notices"


def test_is_each_application_s_own(app: Flask, tmp_path: Path) -> None:
    """Issue 11 §3: two applications in one process show each its own entries and counts."""
    notices = Screen(
        NoticesView, ORGANIZATION, "notices", "Notices", "send", menu=("read", "Member")
    )
    other = create_app(settings_for(tmp_path), more=(notices,), check_database=False)
    asked = [one.appbuilder.menu_permissions for one in (app, other)]  # type: ignore[attr-defined]
    assert "notices" not in asked[0]
    assert asked[1]["notices"] == ("read", "Member")
    with other.app_context():
        counts.remember_count("members", 1, COUNT_LIMIT + 1)
        assert counts.is_beyond("members", 1)
    with app.app_context():
        assert not counts.is_beyond("members", 1)
