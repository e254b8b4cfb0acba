"""Codes: six digits by mail. It …"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import LoginCode
from app.two_factor import methods, refusals
from app.two_factor import service as two_factor
from app.two_factor.queries import RESEND_AFTER
from tests import cast as people
from tests.cast import Cast
from tests.conftest import at_once
from tests.two_factor.codes import KEY, Letters, another, check, digits, sent


def test_goes_to_the_account_s_address_in_its_language(
    cast: Cast, letters: Letters, now: datetime
) -> None:
    """S2-30"""
    sent(cast.suzuki, now)
    (letter,) = letters("sign_in_code")
    assert (letter.recipient, letter.language) == ("suzuki@example.com", "ja_JP")
    assert "認証コード" in letter.subject
    assert letter.stale_at == now + two_factor.LIFE


def test_is_not_kept_as_it_is(cast: Cast, now: datetime) -> None:
    """D-4: neither the code nor the browser's key can be read from the database."""
    browser, code = sent(cast.smith, now)
    row = db.session.scalars(select(LoginCode)).one()
    kept = {
        column.key: str(getattr(row, column.key))
        for column in LoginCode.__table__.columns
        if column.key not in {"id", "letter_id", "account_id"}
    }
    assert code not in kept.values()
    assert browser not in kept.values()
    assert row.code_digest != two_factor.keyed_digest("another key", browser, code)


def test_lets_in_once(cast: Cast, now: datetime) -> None:
    """S2-31, D-4"""
    browser, code = sent(cast.smith, now, "/o/aozora/")
    row = check(browser, code, now)
    assert (row.account, row.next_path) == (cast.smith, "/o/aozora/")
    with pytest.raises(refusals.CodeOver):
        check(browser, code, now)


def test_lets_nobody_in_with_another_code(cast: Cast, now: datetime) -> None:
    """S2-31"""
    browser, code = sent(cast.smith, now)
    for wrong in (another(code), "", code[:-1], code + "0"):
        with pytest.raises(refusals.WrongCode):
            check(browser, wrong, now)


def test_is_over_after_five_wrong_tries(cast: Cast, now: datetime) -> None:
    """D-4: the fifth wrong try ends it, for the right code too."""
    browser, code = sent(cast.smith, now)
    for left in (4, 3, 2, 1):
        with pytest.raises(refusals.WrongCode, match=f"{left} tr"):
            check(browser, another(code), now)
    with pytest.raises(refusals.CodeSpent, match="it was the last try"):
        check(browser, another(code), now)
    with pytest.raises(refusals.CodeOver):
        check(browser, code, now)


def test_lets_in_at_the_fifth_try(cast: Cast, now: datetime) -> None:
    """D-4"""
    browser, code = sent(cast.smith, now)
    for _ in range(4):
        with pytest.raises(refusals.WrongCode):
            check(browser, another(code), now)
    assert check(browser, code, now)


def test_lives_for_ten_minutes(cast: Cast, now: datetime) -> None:
    """D-4"""
    browser, code = sent(cast.smith, now)
    with pytest.raises(refusals.CodeOver):
        check(browser, code, now + timedelta(minutes=10))
    assert check(browser, code, now + timedelta(minutes=10) - timedelta(seconds=1))


def test_works_in_the_browser_that_asked_only(cast: Cast, now: datetime) -> None:
    """D-4: somebody who reads the letter over a shoulder cannot use it elsewhere."""
    _browser, code = sent(cast.smith, now)
    attacker, other_code = sent(cast.suzuki, now)
    for browser in (attacker, "", "nonsense"):
        with pytest.raises((refusals.WrongCode, refusals.CodeOver)):
            check(browser, code if code != other_code else another(code), now)


def test_does_nothing_for_an_account_suspended_meanwhile(cast: Cast, now: datetime) -> None:
    browser, code = sent(cast.smith, now)
    cast.smith.suspended_at = now
    db.session.commit()
    with pytest.raises(refusals.CodeOver):
        check(browser, code, now)


def test_has_six_digits_of_every_kind(cast: Cast, now: datetime) -> None:
    """As the letters say them, each sent to a browser of its own, a minute after the last."""
    codes = []
    for number in range(200):
        later, known_as = now + number * RESEND_AFTER, str(number)
        row, _browser = two_factor.send(
            cast.smith, key=KEY, next_path="", now=later, known_as=known_as
        )
        db.session.commit()
        codes.append(digits(row))
    assert len(set(codes)) > 190
    assert {code[0] for code in codes} >= set("0123456789") - {"0"}


def test_is_needed_where_the_account_or_an_organization_wants_it(cast: Cast, now: datetime) -> None:
    """S2-29"""
    assert not methods.is_required(cast.smith, now=now)
    cast.smith.two_factor = True
    assert methods.is_required(cast.smith, now=now)
    cast.aozora.two_factor_required = True
    assert methods.is_required(cast.suzuki, now=now)
    assert methods.requiring(cast.suzuki, now=now) == [cast.aozora]
    assert not methods.is_required(cast.yamada, now=now)
    assert not methods.is_required(cast.sato, now=now), (
        "an organization that suspended somebody has no say"
    )


def test_of_two_at_once_with_the_right_code_one_gets_in(each_app: Flask, now: datetime) -> None:
    """D-4: single use, on both databases."""
    smith = people.assemble().smith
    browser, code = sent(smith, now)
    results = at_once(each_app, *[lambda: check(browser, code, now).id] * 4)
    assert sum(isinstance(one, int) for one in results) == 1
    assert all(isinstance(one, int | refusals.CodeOver) for one in results)


def test_of_twenty_at_once_with_wrong_codes_five_are_looked_at(
    each_app: Flask, now: datetime
) -> None:
    """D-4: five tries, however they arrive."""
    smith = people.assemble().smith
    browser, code = sent(smith, now)
    results = at_once(each_app, *[lambda: check(browser, another(code), now)] * 20)
    assert sum(isinstance(one, refusals.WrongCode | refusals.CodeSpent) for one in results) == 5
    assert sum(type(one) is refusals.CodeOver for one in results) == 15
    with pytest.raises(refusals.CodeOver):
        check(browser, code, now)


def test_of_many_browsers_the_newest_has_the_live_code(cast: Cast, now: datetime) -> None:
    """D-4: at most one live code per account."""
    for minute in range(3):
        sent(cast.smith, now + timedelta(minutes=minute))
    assert len(db.session.scalars(select(LoginCode).where(LoginCode.used_at.is_(None))).all()) == 1
