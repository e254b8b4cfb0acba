"""The second step lets nobody guess, replay a code, or choose a weaker way. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Activity, LoginCode
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.two_factor.conftest import Letters, Phones, Step
from tests.two_factor.ways import PAGE, SENTENCES, current, said, sessions, wrong


def test_does_not_take_the_same_code_of_the_app_again(
    cast: Cast, phone: Phones, at_the_step: Step, now: datetime
) -> None:
    """ASVS 6.5.1: whoever looked over a shoulder is late."""
    there = phone(cast.smith, now)
    code = current(there)
    assert at_the_step(cast.smith).submit(PAGE, {"code": code}).location == "/"
    assert at_the_step(cast.smith).submit(PAGE, {"code": code}).status_code == 422


def test_counts_wrong_tries_over_all_ways(
    cast: Cast, phone: Phones, at_the_step: Step, code_in: Callable[[], str], now: datetime
) -> None:
    """ASVS 6.5.5, 6.6.3, D-4: five in all, and the right code is late then, in any way."""
    there = phone(cast.smith, now)
    cast.smith.two_factor = True
    browser = at_the_step(cast.smith)
    assert "4 tries" in browser.submit(PAGE, {"code": wrong(there), "by": "app"}).get_data(
        as_text=True
    )
    assert "3 tries" in browser.submit(PAGE, {"code": "0000-0000-0000", "by": "recovery"}).get_data(
        as_text=True
    )
    browser.submit("/login/code/resend", page=PAGE)
    mailed = code_in()
    assert "2 tries" in browser.submit(
        PAGE, {"code": f"{(int(mailed) + 1) % 1_000_000:06}", "by": "mail"}
    ).get_data(as_text=True)
    assert "1 try" in browser.submit(PAGE, {"code": wrong(there), "by": "app"}).get_data(
        as_text=True
    )
    assert browser.submit(PAGE, {"code": wrong(there), "by": "app"}).location == "/login/"
    for way, code in (("app", current(there)), ("recovery", there.codes[0]), ("mail", mailed)):
        assert browser.submit(PAGE, {"code": code, "by": way}, page="/login/").location == "/login/"
    assert sessions() == []
    failed = db.session.scalars(select(Activity).where(Activity.event == "sign_in_failed")).one()
    assert failed.details["failure"] == "code"


def test_gives_no_endless_guesses_by_starting_again(
    cast: Cast, phone: Phones, at_the_step: Step, client: PortalClient, now: datetime
) -> None:
    """ASVS 6.3.1: ten second steps an hour for each account, whatever they are taken with."""
    phone(cast.smith, now)
    for _ in range(10):
        at_the_step(cast.smith)
    answer = client.submit("/login/", {"login_id": "smith", "password": factories.PASSWORD})
    assert answer.status_code == 429
    assert "Too many codes" in answer.get_data(as_text=True)


def test_takes_a_code_for_the_way_that_is_shown_only(
    cast: Cast, phone: Phones, at_the_step: Step, code_in: Callable[[], str], now: datetime
) -> None:
    there = phone(cast.smith, now)
    cast.smith.two_factor = True
    browser = at_the_step(cast.smith)
    browser.submit("/login/code/resend", page=PAGE)
    mailed = code_in()
    if mailed not in {there.shows(datetime.now(UTC), steps=one) for one in (-1, 0, 1)}:
        assert browser.submit(PAGE, {"code": mailed, "by": "app"}).status_code == 422
    assert browser.submit(PAGE, {"code": mailed, "by": "mail"}).location == "/"
    assert sessions() == ["mail"]


def test_sends_no_code_to_whom_mail_is_no_way(
    cast: Cast, phone: Phones, at_the_step: Step, now: datetime, letters: Letters
) -> None:
    """ASVS 6.3.4: a forged request cannot weaken what somebody set up."""
    phone(cast.smith, now)
    browser = at_the_step(cast.smith)
    assert SENTENCES["en"][2] not in said(browser)
    assert SENTENCES["en"][0] in said(browser, f"{PAGE}?by=mail"), "the strongest is shown instead"
    assert browser.submit("/login/code/resend", page=PAGE).location == "/login/"
    assert letters("sign_in_code") == []


@pytest.mark.parametrize(
    "by", ["", "passkey", "device", "password", "nonsense", "\x00", "app" * 400]
)
def test_does_not_break_on_ways_that_are_none(
    cast: Cast, phone: Phones, at_the_step: Step, now: datetime, by: str
) -> None:
    there = phone(cast.smith, now)
    browser = at_the_step(cast.smith)
    answer = browser.submit(PAGE, {"code": wrong(there), "by": by})
    assert answer.status_code == 422
    assert browser.submit(PAGE, {"code": current(there), "by": by}).location == "/"


@pytest.mark.parametrize(
    "typed", ["", "1234-5678", "x" * 41, "1234-5678-9abc-def0", "\x00", "日本語"]
)
def test_takes_no_try_for_what_cannot_be_a_recovery_code(
    cast: Cast, phone: Phones, at_the_step: Step, now: datetime, typed: str
) -> None:
    phone(cast.smith, now)
    answer = at_the_step(cast.smith).submit(PAGE, {"code": typed, "by": "recovery"})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.get_data(as_text=True)
    assert (
        db.session.scalars(select(LoginCode.tries_left).where(LoginCode.used_at.is_(None))).one()
        == 5
    )
