"""The page of the code. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.extensions import db
from app.models import Account, AccountSession, Activity, Letter, LetterState, LoginCode
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.invites.conftest import opened
from tests.portal_client import TOKEN

Waiting = Callable[..., PortalClient]
Letters = Callable[..., list[Letter]]
PAGE = "/login/code/"


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def age(**by: float) -> None:
    """Let every code be older."""
    for row in db.session.scalars(select(LoginCode)):
        row.sent_at, row.expires_at = (
            row.sent_at - timedelta(**by),
            row.expires_at - timedelta(**by),
        )
    db.session.commit()


def test_can_be_tried_again_on_the_page_that_refused(
    cast: Cast, waiting: Waiting, code_in: Callable[[], str]
) -> None:
    browser, code = waiting(cast.smith), code_in()
    token = TOKEN.search(browser.submit(PAGE, {"code": another(code)}).get_data(as_text=True))
    assert token
    assert browser.post(PAGE, data={"code": code, "csrf_token": token[1]}).location == "/"


def test_lets_the_right_code_in(cast: Cast, waiting: Waiting, code_in: Callable[[], str]) -> None:
    """S2-30, S2-31"""
    browser = waiting(cast.smith)
    assert browser.submit(PAGE, {"code": code_in()}).location == "/"
    assert browser.get("/o/aozora/").status_code == 200
    assert [row.event for row in db.session.scalars(select(Activity))] == ["signed_in"]


def test_comes_for_everybody_of_an_organization_that_wants_it(
    app: Flask, cast: Cast, client: PortalClient
) -> None:
    """S2-29"""
    cast.aozora.two_factor_required = True
    assert (
        client.submit("/login/", {"login_id": "smith", "password": factories.PASSWORD}).location
        == PAGE
    )
    assert (
        client.submit("/login/", {"login_id": "yamada", "password": factories.PASSWORD}).location
        == "/"
    )


def test_comes_after_signing_up_too(
    cast: Cast, client: PortalClient, code_in: Callable[[], str]
) -> None:
    """S2-29: a new member of an organization that wants it gets in with a code, the first time
    already.
    """
    cast.aozora.two_factor_required = True
    _invite, token = factories.invite(cast.aozora, "kato@example.com", cast.tanaka)
    form = {
        "family_name": "Kato",
        "login_id": "kato",
        "password": "Violet-Kettle-92",
        "language": "en",
        "time_zone": "UTC",
    }
    assert client.submit(opened(client, token), form).location == PAGE
    assert client.get("/o/aozora/").location.startswith("/login/")
    assert client.submit(PAGE, {"code": code_in()}).location == "/o/aozora/"
    assert client.get("/o/aozora/").status_code == 200


@pytest.mark.parametrize(
    "written",
    [
        "{0} ",
        "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}",
        "wide",
        "{0[0]}{0[1]}{0[2]}-{0[3]}{0[4]}{0[5]}",
    ],
)
def test_takes_the_code_however_it_is_typed(
    cast: Cast, waiting: Waiting, code_in: Callable[[], str], written: str
) -> None:
    browser, code = waiting(cast.smith), code_in()
    typed = (
        "".join(chr(ord(digit) + 0xFEE0) for digit in code)
        if written == "wide"
        else written.format(code)
    )
    assert browser.submit(PAGE, {"code": typed}).location == "/"


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


def test_sends_another_after_a_minute(
    cast: Cast, waiting: Waiting, code_in: Callable[[], str]
) -> None:
    """D-4"""
    browser, first = waiting(cast.smith), code_in()
    assert 'data-countdown="60"' in browser.get(PAGE).get_data(
        as_text=True
    ) or 'data-countdown="59"' in browser.get(PAGE).get_data(as_text=True)
    browser.submit("/login/code/resend", page=PAGE)
    assert "You can ask for another code in" in browser.get(PAGE).get_data(as_text=True)
    age(seconds=61)
    assert "data-countdown" not in browser.get(PAGE).get_data(as_text=True)
    browser.submit("/login/code/resend", page=PAGE)
    second = code_in()
    page = browser.get(PAGE).get_data(as_text=True)
    assert "A new code is on its way. The one before no longer works." in page
    if first != second:
        assert browser.submit(PAGE, {"code": first}).status_code == 422
    assert browser.submit(PAGE, {"code": second}).location == "/"


def test_goes_where_somebody_wanted_to_go(
    cast: Cast, waiting: Waiting, code_in: Callable[[], str]
) -> None:
    browser = waiting(cast.smith, next="/o/aozora/members/list/?q=x")
    assert browser.submit(PAGE, {"code": code_in()}).location == "/o/aozora/members/list/?q=x"


def test_never_leads_off_the_site(cast: Cast, waiting: Waiting, code_in: Callable[[], str]) -> None:
    browser = waiting(cast.smith, next="https://evil.example/")
    db.session.execute(update(LoginCode).values(next_path="//evil.example"))
    assert browser.submit(PAGE, {"code": code_in()}).location == "/"


def test_shows_the_address_to_its_owner_only(cast: Cast, waiting: Waiting) -> None:
    page = waiting(cast.smith).get(PAGE).get_data(as_text=True)
    assert "s•••••@example.com" in page
    assert "smith@" not in page


@pytest.mark.parametrize(
    ("state", "reason", "sentence"),
    [
        (LetterState.WAITING, "", "Nothing yet?"),
        (LetterState.WAITING, "timeout", "isn’t accepting email at the moment"),
        (LetterState.DEAD, "550 no such mailbox", "could not be delivered"),
        (LetterState.SENT, "", "Nothing yet?"),
    ],
)
def test_says_what_became_of_the_letter(
    cast: Cast, waiting: Waiting, state: LetterState, reason: str, sentence: str
) -> None:
    """D-4, S2-30: the page says so while the letter waits, and keeps the server's words to
    itself."""
    browser = waiting(cast.smith)
    db.session.execute(update(Letter).values(state=state, reason=reason))
    page = browser.get(PAGE).get_data(as_text=True)
    assert sentence in page
    assert "550" not in page


def test_goes_back_to_sign_in_when_asked(
    cast: Cast, waiting: Waiting, code_in: Callable[[], str]
) -> None:
    browser, code = waiting(cast.smith), code_in()
    assert browser.submit("/logout/", page=PAGE).location == "/login/"
    assert browser.submit(PAGE, {"code": code}, page="/login/").location == "/login/"


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
