"""The page of the code. It …"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.extensions import db
from app.models import Activity, Letter, LetterState, LoginCode
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.invites.conftest import opened
from tests.portal_client import TOKEN
from tests.two_factor.codes import age, another
from tests.two_factor.conftest import Waiting
from tests.two_factor.ways import PAGE


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
