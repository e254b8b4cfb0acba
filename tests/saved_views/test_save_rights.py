"""Who may save how a list is looked at, and of which lists (B-07). It …"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.access.authorities import Authority
from app.extensions import db
from app.models import Activity
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.saved_views.conftest import PAGE, TYPED, As, Keep, kept, page_with


def test_lets_another_list_and_another_organization_have_the_name(
    cast: Cast, as_: As, keep: Keep
) -> None:
    keep("Off", screen="InviteView")
    keep("Off", where=cast.minato)
    assert (
        as_(cast.tanaka)
        .submit(PAGE, {"name": "Off", "query": "q=a"}, page=page_with("q=x"))
        .status_code
        == 302
    )
    assert len(kept()) == 3


def test_is_done_by_whoever_manages_members(cast: Cast, as_: As) -> None:
    """For lists they may open, and no others."""
    cast.membership(cast.suzuki).authorities = frozenset({Authority.MEMBER_MANAGER})
    browser = as_(cast.suzuki)
    assert browser.submit(PAGE, TYPED, page="/profile/").status_code == 302
    assert (
        browser.submit(
            "/o/aozora/views/ActivityView", {"name": "x", "query": "q=a"}, page="/profile/"
        ).status_code
        == 403
    )
    assert [view.created_by_id for view in kept()] == [cast.suzuki.id]


def test_is_done_by_the_platform_administrator_and_logged_as_such(cast: Cast, as_: As) -> None:
    """S4-02."""
    as_(cast.root).submit(PAGE, TYPED, page=page_with("q=x"))
    assert kept()[0].organization_id == cast.aozora.id
    [line] = db.session.scalars(select(Activity).where(Activity.event == "view_saved"))
    assert line.as_platform


def test_is_refused_to_those_who_only_look(cast: Cast, as_: As) -> None:
    for who in (cast.suzuki, cast.smith, cast.sato):
        assert as_(who).submit(PAGE, TYPED, page="/profile/").status_code == 403
    assert kept() == []


def test_is_not_there_for_outsiders(cast: Cast, as_: As) -> None:
    """S4-09."""
    assert as_(cast.yamada).submit(PAGE, TYPED, page="/profile/").status_code == 404
    assert as_(cast.newcomer).submit(PAGE, TYPED, page="/profile/").status_code == 404
    assert kept() == []


def test_sends_strangers_to_sign_in(cast: Cast, client: PortalClient) -> None:
    assert client.submit(PAGE, TYPED, page="/login/").location.startswith("/login/")
    assert kept() == []


def test_wants_the_forms_token(cast: Cast, as_: As) -> None:
    assert as_(cast.tanaka).post(PAGE, data=TYPED).status_code == 400
    assert kept() == []


@pytest.mark.parametrize(
    "screen",
    [
        "OrganizationView",
        "AccountView",
        "OutboxView",
        "HomeView",
        "SettingsView",
        "Nobody",
        "x" * 300,
    ],
)
def test_knows_only_lists_of_an_organization(cast: Cast, as_: As, screen: str) -> None:
    browser = as_(cast.root)
    assert browser.get(f"/o/aozora/views/{screen}").status_code == 404
    assert browser.submit(f"/o/aozora/views/{screen}", TYPED, page="/profile/").status_code == 404
    assert kept() == []
