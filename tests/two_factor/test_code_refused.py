"""The page of the code lets in nobody else, nobody twice and nobody too late (D-4). It …"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Account, AccountSession, Activity, LoginCode
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.two_factor.codes import age, another
from tests.two_factor.conftest import Waiting
from tests.two_factor.ways import PAGE


def test_counts_wrong_codes_and_says_how_many_tries_are_left(
    cast: Cast, waiting: Waiting, code_in: Callable[[], str]
) -> None:
    """S2-31, D-4"""
    browser, code = waiting(cast.smith), code_in()
    for sentence in (
        "You have 4 tries left.",
        "You have 3 tries left.",
        "You have 2 tries left.",
        "You have 1 try left.",
    ):
        answer = browser.submit(PAGE, {"code": another(code)})
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
    assert browser.submit(PAGE, {"code": another(code)}).location == "/login/"
    assert "it was the last try" in browser.get("/login/").get_data(as_text=True)
    assert browser.submit(PAGE, {"code": code}, page="/login/").location == "/login/"
    assert db.session.scalars(select(AccountSession)).all() == []
    (line,) = db.session.scalars(select(Activity))
    assert (line.event, line.organization_id, line.details) == (
        "sign_in_failed",
        cast.aozora.id,
        {"failure": "code", "ip": "127.0.0.1"},
    )


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "12345a", "123456\x00", "９" * 20]
)
def test_takes_no_try_for_what_cannot_be_a_code(cast: Cast, waiting: Waiting, typed: str) -> None:
    browser = waiting(cast.smith)
    answer = browser.submit(PAGE, {"code": typed})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.get_data(as_text=True)
    assert db.session.scalars(select(LoginCode.tries_left)).one() == 5


def test_opens_nothing_before_the_code(app: Flask, cast: Cast, waiting: Waiting) -> None:
    """D-4: nothing of the portal opens between password and code."""
    browser = waiting(cast.smith)
    token = browser.token(PAGE)
    for rule in app.url_map.iter_rules():
        if rule.endpoint in app.config["PUBLIC_ENDPOINTS"]:
            continue
        path = re.sub(r"<[^>]*>", "1", rule.rule.replace("<organization>", "aozora"))
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        method = "GET" if "GET" in methods else min(methods)
        answer = browser.open(path, method=method, data={"csrf_token": token})
        if rule.rule.startswith("/api/"):
            assert answer.status_code == 401, f"{method} {path} was open"
            continue
        assert answer.status_code == 302, f"{method} {path} was open"
        assert answer.location.startswith("/login/"), f"{method} {path} was open"
    assert db.session.scalars(select(AccountSession)).all() == []


def test_does_not_know_another_browser(
    app: Flask, cast: Cast, waiting: Waiting, code_in: Callable[[], str], client: PortalClient
) -> None:
    """D-4: bound to the browser that typed the password."""
    waiting(cast.smith)
    assert client.get(PAGE).location == "/login/"
    assert client.submit(PAGE, {"code": code_in()}, page="/login/").location == "/login/"
    assert client.get("/o/aozora/").status_code == 302


def test_does_not_take_somebody_else_s_code(
    cast: Cast, waiting: Waiting, code_in: Callable[[], str]
) -> None:
    """D-4: whoever knows one password cannot get in with a code of their own account."""
    waiting(cast.suzuki)
    own = code_in()
    browser = waiting(cast.smith)
    if own != code_in():
        assert browser.submit(PAGE, {"code": own}).status_code == 422


def test_a_used_code_is_over(cast: Cast, waiting: Waiting, code_in: Callable[[], str]) -> None:
    """D-4: single use, even with the cookie of before."""
    browser, code = waiting(cast.smith), code_in()
    with browser.session_transaction() as cookie:
        before = dict(cookie)
    assert browser.submit(PAGE, {"code": code}).location == "/"
    with browser.session_transaction() as cookie:
        cookie.clear()
        cookie.update(before)
    assert browser.get(PAGE).location == "/login/"


def test_an_expired_code_leads_back_to_sign_in(
    cast: Cast, waiting: Waiting, code_in: Callable[[], str]
) -> None:
    """D-4"""
    browser, code = waiting(cast.smith), code_in()
    token = browser.token(PAGE)
    age(minutes=10)
    assert browser.post(PAGE, data={"code": code, "csrf_token": token}).location == "/login/"
    assert "This code no longer works" in browser.get("/login/").get_data(as_text=True)


def test_does_not_keep_the_session_of_before(
    cast: Cast, as_: Callable[[Account], PortalClient]
) -> None:
    """A browser in which somebody else signs in as far as the code has left the session it had."""
    browser = as_(cast.suzuki)
    with browser.session_transaction() as cookie:
        before = dict(cookie)
    cast.smith.two_factor = True
    assert (
        browser.submit(
            "/login/",
            {"login_id": "smith", "password": factories.PASSWORD},
            page="/password/change/",
        ).location
        == PAGE
    )
    with browser.session_transaction() as cookie:
        cookie.clear()
        cookie.update(before)
    assert browser.get("/o/aozora/").status_code == 302


def test_wants_the_page_s_token(cast: Cast, waiting: Waiting, code_in: Callable[[], str]) -> None:
    browser = waiting(cast.smith)
    answer = browser.post(PAGE, data={"code": code_in()})
    assert answer.status_code == 400
    assert "The form has expired" in answer.get_data(as_text=True)
    assert browser.post("/login/code/resend").status_code == 400
    assert browser.get("/login/code/resend").status_code == 405
