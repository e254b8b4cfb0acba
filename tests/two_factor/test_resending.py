"""Codes by mail, asked for once more. It …"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import LoginCode
from app.two_factor import refusals, turns
from tests import cast as people
from tests.cast import Cast
from tests.conftest import at_once
from tests.two_factor.codes import again, another, check, digits, sent


def test_is_replaced_by_the_next(cast: Cast, now: datetime) -> None:
    """D-4: a new code kills the old one."""
    browser, code = sent(cast.smith, now)
    later = now + timedelta(seconds=60)
    second = digits(again(browser, later))
    if code != second:
        with pytest.raises(refusals.WrongCode):
            check(browser, code, later)
    assert check(browser, second, later)


def test_sent_again_lets_in_whoever_was_wrong_before(cast: Cast, now: datetime) -> None:
    """D-4"""
    browser, code = sent(cast.smith, now)
    with pytest.raises(refusals.WrongCode, match="4 tries"):
        check(browser, another(code), now)
    later = now + timedelta(minutes=9)
    row = again(browser, later)
    assert row.tries_left == 4
    assert check(browser, digits(row), later + timedelta(minutes=9)), (
        "it lives ten minutes of its own"
    )


def test_sent_again_gives_no_new_tries(cast: Cast, now: datetime) -> None:
    """ASVS 6.6.3: five in all for the codes of one sign-in, however many are mailed."""
    browser, code = sent(cast.smith, now)
    for minute in range(1, 5):
        with pytest.raises(refusals.WrongCode, match=f"{5 - minute} tr"):
            check(browser, another(code), now + timedelta(minutes=minute))
        code = digits(again(browser, now + timedelta(minutes=minute)))
    with pytest.raises(refusals.CodeSpent):
        check(browser, another(code), now + timedelta(minutes=5))
    with pytest.raises(refusals.CodeOver):
        again(browser, now + timedelta(minutes=6))
    with pytest.raises(refusals.CodeOver):
        check(browser, code, now + timedelta(minutes=6))


def test_sent_again_while_tries_are_taken_gives_none_back(each_app: Flask, now: datetime) -> None:
    """ASVS 6.6.3, 15.4.2: a resend among wrong tries at the same moment resets none of them, on
    both databases.
    """
    smith = people.assemble().smith
    browser, _code = sent(smith, now)
    later = now + timedelta(seconds=61)
    results = at_once(
        each_app, lambda: again(browser, later).id, *[lambda: check(browser, "none", later)] * 4
    )
    assert sum(isinstance(one, refusals.WrongCode) for one in results) == 4
    assert db.session.scalars(select(LoginCode.tries_left)).one() == 1


def test_asked_for_twice_at_once_is_mailed_once(each_app: Flask, now: datetime) -> None:
    """D-4: somebody who presses twice still waits with the code that was mailed."""
    smith = people.assemble().smith
    browser, _code = sent(smith, now)
    later = now + timedelta(seconds=61)
    results = at_once(each_app, *[lambda: digits(again(browser, later))] * 3)
    (code,) = [one for one in results if isinstance(one, str)]
    assert sum(isinstance(one, refusals.TooSoon) for one in results) == 2
    assert check(browser, code, later)


def test_is_sent_again_after_a_minute_only(cast: Cast, now: datetime) -> None:
    """D-4"""
    browser, _code = sent(cast.smith, now)
    with pytest.raises(refusals.TooSoon, match="1 second") as refused:
        again(browser, now + timedelta(seconds=59))
    assert refused.value.status == 429
    assert again(browser, now + timedelta(seconds=60))


def test_sent_again_keeps_where_to_go(cast: Cast, now: datetime) -> None:
    browser, _code = sent(cast.smith, now, "/o/aozora/members/list/")
    assert again(browser, now + timedelta(seconds=60)).next_path == "/o/aozora/members/list/"


def test_does_not_give_new_tries_without_end(cast: Cast, now: datetime) -> None:
    """Ten codes an hour: whoever knows the password cannot guess on by starting again."""
    for minute in range(10):
        sent(cast.smith, now + timedelta(minutes=minute))
    later = now + timedelta(minutes=10)
    with pytest.raises(turns.TooManyCodes, match="Too many codes"):
        sent(cast.smith, later)
    sent(cast.suzuki, later)
    turns.forget(cast.smith, "")
    sent(cast.smith, later)
