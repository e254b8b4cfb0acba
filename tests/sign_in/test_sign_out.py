"""Signing out. It …"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from app.extensions import db
from app.models import Account, AccountSession, Activity
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
HOME = "/o/aozora/"


def test_ends_the_session_on_the_server(cast: Cast, as_: As) -> None:
    """A cookie that was copied before is worth nothing afterwards."""
    browser, other = as_(cast.smith), as_(cast.smith)
    with browser.session_transaction() as cookie:
        before = dict(cookie)
    assert browser.submit("/logout/", page="/password/change/").location == "/login/"
    with browser.session_transaction() as cookie:
        assert "_user_id" not in cookie
        cookie.update(before)
    assert browser.get(HOME).status_code == 302
    assert other.get(HOME).status_code == 200, "the other browser stays"
    assert [row.event for row in db.session.scalars(select(Activity))] == ["signed_out"]


def test_leads_nobody_to_the_page_of_whoever_was_there(cast: Cast, as_: As) -> None:
    """Signing in anew for a second step leads back; signing out does not."""
    for wanted, there in (
        (f"{HOME}members/list/", "/login/"),
        ("/login/?next=/profile/", "/login/?next=/profile/"),
        ("//evil.example/login/", "/login/"),
    ):
        assert (
            as_(cast.smith).submit("/logout/", {"next": wanted}, page="/password/change/").location
            == there
        )


def test_does_nothing_on_get(cast: Cast, as_: As) -> None:
    browser = as_(cast.smith)
    assert browser.get("/logout/").status_code == 405
    assert browser.head("/logout/").status_code == 405
    assert browser.get(HOME).status_code == 200


def test_wants_the_page_s_token_and_says_so(cast: Cast, as_: As) -> None:
    browser = as_(cast.smith)
    for token in ("", "nonsense"):
        answer = browser.post("/logout/", data={"csrf_token": token})
        assert answer.status_code == 400
        assert "The form has expired" in answer.get_data(as_text=True)
        assert "Go back, reload the page and send it again." in answer.get_data(as_text=True)
    assert browser.get(HOME).status_code == 200
    assert db.session.scalars(select(AccountSession.ended_at)).all() == [None]


def test_is_possible_twice_and_for_strangers(cast: Cast, as_: As, client: PortalClient) -> None:
    browser = as_(cast.smith)
    browser.submit("/logout/", page="/password/change/")
    assert browser.submit("/logout/", page="/login/").location == "/login/"
    assert client.submit("/logout/", page="/login/").location == "/login/"
    assert [row.event for row in db.session.scalars(select(Activity))] == ["signed_out"]


def test_keeps_the_language_only_and_says_so_once(cast: Cast, as_: As) -> None:
    browser = as_(cast.smith)
    browser.submit("/lang/ja_JP", page="/password/change/")
    browser.submit("/logout/", page="/password/change/")
    assert "サインアウトしました。" in browser.get("/login/").get_data(as_text=True)
    assert "サインアウトしました。" not in browser.get("/login/").get_data(as_text=True)
    with browser.session_transaction() as cookie:
        assert set(cookie) <= {"locale", "csrf_token"}
        assert cookie["locale"] == "ja_JP"


def test_is_not_what_opening_the_code_page_does(cast: Cast, as_: As) -> None:
    """Somebody who is in goes back to the page of the code, and asks for another one: they
    stay in."""
    browser = as_(cast.smith)
    assert browser.get("/login/code/").location == "/"
    assert browser.submit("/login/code/resend", page=HOME).location == "/"
    assert browser.get(HOME).status_code == 200
