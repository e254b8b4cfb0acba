"""T2-36: forms of pages from before somebody signed in or out in another tab. The portal …"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Account, AccountSession
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
HOME = "/o/aozora/"
OURS = {"Sec-Fetch-Site": "same-origin"}
THEIRS = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
)


def open_sessions() -> list[int]:
    return list(
        db.session.scalars(
            select(AccountSession.account_id).where(AccountSession.ended_at.is_(None))
        )
    )


def right(token: str) -> dict[str, str]:
    return {"csrf_token": token, "login_id": "smith", "password": factories.PASSWORD}


def test_goes_on_where_somebody_signed_in_on_another_page(cast: Cast, client: PortalClient) -> None:
    """T2-36: two sign-in pages open, the second sent after the first."""
    stale = client.token("/login/")
    form = right(stale)
    client.post("/login/", data=form, headers=OURS)
    answer = client.post("/login/", data=form | {"next": "/profile/"}, headers=OURS)
    assert (answer.status_code, answer.location) == (302, "/profile/")
    assert "You are signed in already as John Smith." in client.get("/profile/").get_data(
        as_text=True
    )
    assert open_sessions() == [cast.smith.id]


@pytest.mark.parametrize("headers", [OURS, {"Origin": "http://localhost"}, {}])
def test_signs_nobody_in_without_the_page_s_token(
    app: Flask, cast: Cast, client: PortalClient, headers: dict[str, str]
) -> None:
    """T2-36: login CSRF stays impossible, whatever the browser says, with a token that somebody got
    for themselves too; the page is shown anew.
    """
    attacker = app.test_client()
    assert isinstance(attacker, PortalClient)
    answer = client.post("/login/", data=right(attacker.token("/login/")), headers=headers)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "This page was out of date. Type your password again to sign in." in page
    assert 'value="smith"' in page and factories.PASSWORD not in page
    assert open_sessions() == []


@pytest.mark.parametrize("headers", THEIRS)
@pytest.mark.parametrize("path", ["/login/", "/login/code/", "/logout/", "/lang/ja_JP"])
def test_does_nothing_for_another_site(
    cast: Cast, as_: As, app: Flask, headers: dict[str, str], path: str
) -> None:
    """T2-36: nor leaves a cookie in the place of the reader's own."""
    browser, stranger = as_(cast.smith), app.test_client()
    for one in (browser, stranger):
        answer = one.post(path, data=right("nonsense"), headers=headers)
        assert answer.status_code == 400
    assert browser.get(HOME).status_code == 200
    db.session.refresh(cast.smith)
    assert cast.smith.language == "en"
    assert open_sessions() == [cast.smith.id]


def test_takes_a_second_sign_out_for_done(cast: Cast, as_: As) -> None:
    """T2-36: with a token of before, in a browser in which nobody is signed in any more."""
    browser = as_(cast.smith)
    stale = browser.token("/password/change/")
    browser.post("/logout/", data={"csrf_token": stale})
    answer = browser.post("/logout/", data={"csrf_token": stale})
    assert (answer.status_code, answer.location) == (302, "/login/")


def test_signs_out_from_a_page_of_before_only_where_it_was_ours(cast: Cast, as_: As) -> None:
    """T2-36"""
    browser = as_(cast.smith)
    assert browser.post("/logout/", data={"csrf_token": "stale"}).status_code == 400
    assert open_sessions() == [cast.smith.id]
    assert browser.post("/logout/", data={"csrf_token": "stale"}, headers=OURS).status_code == 302
    assert open_sessions() == []


def test_speaks_the_language_that_was_chosen_on_a_page_of_before(
    cast: Cast, as_: As, client: PortalClient
) -> None:
    """T2-36"""
    form = {"csrf_token": "stale", "next": "/profile/"}
    answer = as_(cast.smith).post("/lang/ja_JP", data=form, headers=OURS)
    assert (answer.status_code, answer.location) == (302, "/profile/")
    db.session.refresh(cast.smith)
    assert cast.smith.language == "ja_JP"
    client.post("/lang/ja_JP", data={"csrf_token": "stale", "next": "/login/"}, headers=OURS)
    assert "サインイン" in client.get("/login/").get_data(as_text=True)
    assert client.post("/lang/xx", data={"csrf_token": "stale"}, headers=OURS).status_code == 400


def test_leads_a_code_of_a_page_of_before_to_the_page_of_now(
    cast: Cast, client: PortalClient
) -> None:
    """T2-36"""
    cast.smith.two_factor = True
    form = right(client.token("/login/"))
    assert client.post("/login/code/", data={"csrf_token": "x"}, headers=OURS).location == "/login/"
    client.post("/login/", data=form, headers=OURS)
    answer = client.post("/login/code/", data={"csrf_token": "x", "by": "mail"}, headers=OURS)
    assert answer.location == "/login/code/?by=mail"
    assert "That page was out of date. Continue here." in client.get(answer.location).get_data(
        as_text=True
    )


def test_opens_the_page_of_a_forgotten_password_anew(client: PortalClient) -> None:
    """T2-36"""
    answer = client.post("/password/forgot/", data={"csrf_token": "x"}, headers=OURS)
    assert (answer.status_code, answer.location) == (302, "/password/forgot/")
