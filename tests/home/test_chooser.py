"""`/`: to the last used organization, a page that says why there is none, or sign-in. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from app.models import Account
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]


def test_asks_strangers_to_sign_in(cast: Cast, client: PortalClient) -> None:
    assert client.get("/").location.startswith("/login/")


def test_leads_to_the_only_organization(cast: Cast, as_: As) -> None:
    assert as_(cast.smith).get("/").location == "/o/aozora/"


def test_leads_to_the_organization_that_this_browser_used_last(cast: Cast, as_: As) -> None:
    factories.membership(cast.smith, cast.minato)
    here, there = as_(cast.smith), as_(cast.smith)
    for code in ("minato", "aozora"):
        here.get(f"/o/{code}/")
        assert here.get("/").location == f"/o/{code}/"
    there.get("/o/minato/")
    assert (here.get("/").location, there.get("/").location) == ("/o/aozora/", "/o/minato/")


def test_leads_a_new_browser_to_where_the_person_was_last(
    cast: Cast, as_: As, now: datetime
) -> None:
    cast.membership(cast.smith).last_access_at = now - timedelta(days=3)
    factories.membership(cast.smith, cast.minato, last_access_at=now - timedelta(hours=1))
    assert as_(cast.smith).get("/").location == "/o/minato/"


def test_never_leads_to_where_one_cannot_enter(cast: Cast, as_: As, now: datetime) -> None:
    """D-C1, D-3."""
    cast.membership(cast.sato).last_access_at = now
    factories.membership(cast.sato, cast.minato)
    assert as_(cast.sato).get("/").location == "/o/minato/"


def test_tells_whoever_belongs_nowhere_what_to_do(cast: Cast, as_: As) -> None:
    """S4-03."""
    page = as_(cast.newcomer).get("/").get_data(as_text=True)
    assert "You belong to no organization" in page
    assert "invite you as newcomer@example.com" in page
    assert 'href="/organizations/list/"' not in page


def test_tells_whoever_belongs_nowhere_of_waiting_invitations(cast: Cast, as_: As) -> None:
    """S4-03, S1-01."""
    factories.invite(cast.aozora, "newcomer@example.com", cast.tanaka)
    page = as_(cast.newcomer).get("/").get_data(as_text=True)
    assert "1 invitation is waiting for you." in page
    assert 'href="/invites/"' in page


def test_tells_the_suspended_who_suspended_them_and_why(cast: Cast, as_: As) -> None:
    """D-3."""
    page = as_(cast.sato).get("/").get_data(as_text=True)
    for words in ("Your memberships are suspended", "Aozora Inc.", "Reason: On leave"):
        assert words in page


def test_tells_the_reinstated_to_sign_in_again(cast: Cast, as_: As, now: datetime) -> None:
    """D-C1: a session from before the suspension is revived by nothing."""
    browser = as_(cast.sato)
    row = cast.membership(cast.sato)
    row.suspended_at, row.access_from = None, now + timedelta(hours=1)
    page = browser.get("/").get_data(as_text=True)
    assert "Sign in again to go on" in page
    inside = browser.get("/o/aozora/")
    assert inside.status_code == 403
    assert "Sign out and in again to use it." in inside.get_data(as_text=True)


def test_shows_the_platform_administrator_the_way(cast: Cast, as_: As) -> None:
    """S4-02, S4-03."""
    page = as_(cast.root).get("/").get_data(as_text=True)
    assert 'href="/organizations/list/"' in page
    assert "As platform administrator you can open any organization" in page


def test_speaks_the_readers_language(cast: Cast, as_: As) -> None:
    cast.newcomer.language = "ja_JP"
    page = as_(cast.newcomer).get("/").get_data(as_text=True)
    assert '<html lang="ja"' in page
    assert "You belong to no organization" not in page


def test_keeps_the_navigation_of_the_organization_that_was_open_last(
    cast: Cast, as_: As, now: datetime
) -> None:
    """Profile and invitations to oneself belong to no organization; the way back is not lost."""
    browser = as_(cast.tanaka)
    assert "/o/aozora/members/list/" not in browser.get("/profile/").get_data(as_text=True)
    browser.get("/o/aozora/")
    for path in ("/profile/", "/invites/"):
        page = browser.get(path).get_data(as_text=True)
        assert 'href="/o/aozora/members/list/"' in page
        assert "Aozora Inc." in page.split("<main")[0]


def test_keeps_nothing_of_an_organization_that_is_closed_to_the_reader(
    cast: Cast, as_: As, now: datetime
) -> None:
    factories.membership(cast.suzuki, cast.minato)
    browser, row = as_(cast.suzuki), cast.membership(cast.suzuki)
    browser.get("/o/aozora/")
    assert 'href="/o/aozora/members/list/"' in browser.get("/profile/").get_data(as_text=True)
    row.suspended_at = now
    assert "/o/aozora/members/list/" not in browser.get("/profile/").get_data(as_text=True)
    row.suspended_at, row.access_from = None, now + timedelta(hours=1)
    assert "/o/aozora/members/list/" not in browser.get("/profile/").get_data(as_text=True)


def test_shows_in_it_what_the_reader_may_open_there(cast: Cast, as_: As) -> None:
    browser = as_(cast.smith)
    browser.get("/o/aozora/")
    page = browser.get("/profile/").get_data(as_text=True)
    assert 'href="/o/aozora/"' in page
    assert "/o/aozora/members/list/" not in page
