"""The minute between two codes by mail, which holds for the account (T2-34). A code …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.extensions import db
from app.models import Letter, LoginCode
from app.sessions import service as sessions
from app.two_factor import refusals
from app.two_factor import service as two_factor
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, at_once
from tests.two_factor.codes import KEY, again, check, digits, sent

Letters = Callable[..., list[Letter]]


def begin(cast: Cast, now: datetime, browser: str = "") -> tuple[LoginCode, str]:
    made = two_factor.begin(cast.smith, key=KEY, next_path="/new/", now=now, browser=browser)
    db.session.commit()
    return made


def test_is_not_mailed_again_by_signing_in_again(
    cast: Cast, now: datetime, letters: Letters
) -> None:
    """T2-34: six sign-ins in a minute, one letter; the seventh after the minute gets its own."""
    browser, code = sent(cast.smith, now)
    for second in range(1, 6):
        row, other = begin(cast, now + timedelta(seconds=second * 10))
        assert (row.code_digest, row.letter_id) == ("", None)
        with pytest.raises(refusals.TooSoon, match=f"{60 - second * 10} seconds"):
            again(other, now + timedelta(seconds=second * 10))
    assert len(letters("sign_in_code")) == 1
    row, _other = begin(cast, now + timedelta(seconds=60))
    assert digits(row) and len(letters("sign_in_code")) == 2
    with pytest.raises(refusals.CodeOver):
        check(browser, code, now + timedelta(seconds=60))


def test_still_opens_where_it_was_asked_for_though_somebody_signs_in_elsewhere(
    cast: Cast, now: datetime
) -> None:
    """T2-34"""
    browser, code = sent(cast.smith, now)
    begin(cast, now + timedelta(seconds=10))
    assert check(browser, code, now + timedelta(seconds=20))


def test_is_kept_where_the_same_browser_signs_in_again(cast: Cast, now: datetime) -> None:
    """T2-34: the letter that is on its way is the one that counts."""
    browser, code = sent(cast.smith, now)
    row, same = begin(cast, now + timedelta(seconds=10), browser)
    assert (same, row.next_path) == (browser, "/new/")
    assert check(browser, code, now + timedelta(seconds=20))


def test_is_mailed_at_once_to_somebody_who_got_in_since(
    cast: Cast, now: datetime, letters: Letters
) -> None:
    """T2-34: signing out and in again is no flood."""
    browser, code = sent(cast.smith, now)
    check(browser, code, now + timedelta(seconds=5))
    sessions.open_session(
        cast.smith, now=now + timedelta(seconds=5), ip="", user_agent="", method="mail"
    )
    db.session.commit()
    row, _other = begin(cast, now + timedelta(seconds=10))
    assert digits(row) and len(letters("sign_in_code")) == 2


def test_is_mailed_once_to_two_who_sign_in_at_once(each_app: Flask, now: datetime) -> None:
    """T2-34, on both databases."""
    smith = people.assemble().smith
    smith.two_factor = True
    db.session.commit()

    def enter() -> str:
        row, _browser = two_factor.begin(db.session.merge(smith), key=KEY, next_path="", now=now)
        digest = row.code_digest
        db.session.commit()
        return digest

    assert sum(bool(one) for one in at_once(each_app, *[enter] * 3)) == 1


def test_is_waited_for_with_words(app: Flask, cast: Cast, client: PortalClient) -> None:
    """T2-34: the page of the other browser says why there is none yet, and counts down."""
    cast.smith.two_factor = True
    form = {"login_id": "smith", "password": factories.PASSWORD}
    client.submit("/login/", form)
    other = app.test_client()
    assert isinstance(other, PortalClient)
    other.submit("/login/", form)
    page = other.get("/login/code/").get_data(as_text=True)
    assert "A code was just sent for a sign-in in another browser" in page
    assert "You can request one for this browser in a minute." in page
    assert 'data-countdown="' in page and 'id="resend"' in page
