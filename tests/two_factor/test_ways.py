"""The second step, in whichever way somebody takes it. It …"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.access.two_factor import Method
from app.extensions import db
from app.models import Activity, AuthenticatorApp, Passkey, RecoveryCode, TwoFactorException
from app.two_factor import resetting, turns
from app.two_factor.methods import methods_of
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.two_factor.conftest import Letters, Phones, Step
from tests.two_factor.ways import PAGE, SENTENCES, current, said, sessions


def test_is_offered_strongest_first(cast: Cast, phone: Phones, now: datetime) -> None:
    """ASVS 6.3.4, 6.3.6: mail is no way round an app, unless its owner turned it on."""
    assert methods_of(cast.smith, now=now) == []
    cast.smith.two_factor = True
    assert methods_of(cast.smith, now=now) == [Method.MAIL]
    phone(cast.smith, now)
    assert methods_of(cast.smith, now=now) == [Method.APP, Method.MAIL, Method.RECOVERY]
    cast.smith.two_factor = False
    assert methods_of(cast.smith, now=now) == [Method.APP, Method.RECOVERY]
    db.session.add(
        Passkey(
            account=cast.smith,
            credential_id="x",
            public_key=b"x",
            user_handle="x",
            name="Phone",
            created_at=now,
        )
    )
    assert methods_of(cast.smith, now=now) == [Method.PASSKEY, Method.APP, Method.RECOVERY]


def test_is_no_recovery_code_where_none_is_left(cast: Cast, phone: Phones, now: datetime) -> None:
    phone(cast.smith, now)
    db.session.execute(update(RecoveryCode).values(used_at=now))
    assert methods_of(cast.smith, now=now) == [Method.APP]


def test_is_mail_for_whom_a_rule_binds_and_nobody_else(cast: Cast, now: datetime) -> None:
    """S2-29: from the deadline on, not where excepted, not where something stronger is there."""
    cast.aozora.two_factor_required, cast.aozora.two_factor_deadline = True, now + timedelta(days=1)
    assert methods_of(cast.smith, now=now) == []
    assert methods_of(cast.smith, now=now + timedelta(days=1)) == [Method.MAIL]
    cast.aozora.two_factor_deadline = None
    assert methods_of(cast.smith, now=now) == [Method.MAIL]
    db.session.add(
        TwoFactorException(
            membership=cast.membership(cast.smith),
            until=now + timedelta(days=3),
            reason="",
            created_at=now,
        )
    )
    assert methods_of(cast.smith, now=now) == []
    assert methods_of(cast.smith, now=now + timedelta(days=3)) == [Method.MAIL]


def test_is_not_replaced_by_mail_where_a_rule_binds_who_has_an_app(
    cast: Cast, phone: Phones, now: datetime
) -> None:
    cast.aozora.two_factor_required = True
    phone(cast.smith, now)
    assert methods_of(cast.smith, now=now) == [Method.APP, Method.RECOVERY]


def test_lets_in_with_the_app_and_sends_no_letter(
    cast: Cast, phone: Phones, at_the_step: Step, now: datetime, letters: Letters
) -> None:
    """ASVS 6.3.3, 6.5.4: the session and the log say with what."""
    there = phone(cast.smith, now)
    browser = at_the_step(cast.smith)
    assert letters("sign_in_code") == []
    assert SENTENCES["en"][0] in said(browser)
    assert browser.get("/o/aozora/").location.startswith("/login/")
    assert browser.submit(PAGE, {"code": current(there), "by": "app"}).location == "/"
    assert browser.get("/o/aozora/").status_code == 200
    assert sessions() == ["app"]
    line = db.session.scalars(select(Activity).where(Activity.event == "signed_in")).one()
    assert line.details == {"two_factor": True, "method": "app", "ip": "127.0.0.1"}


def test_offers_recovery_codes_where_no_passkey_works(
    cast: Cast,
    app: Flask,
    phone: Phones,
    at_the_step: Step,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Browsers keep no passkeys for a portal that is addressed by number."""
    phone(cast.smith, now)
    browser = at_the_step(cast.smith)
    settings = replace(app.config["SETTINGS"], portal_url="http://127.0.0.1:8080")
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    assert SENTENCES["en"][1] in said(browser, f"{PAGE}?by=recovery")


def test_lets_in_with_a_recovery_code_once(
    cast: Cast, phone: Phones, at_the_step: Step, now: datetime, letters: Letters
) -> None:
    """ASVS 6.5.1, 6.3.7"""
    there = phone(cast.smith, now)
    browser = at_the_step(cast.smith)
    assert SENTENCES["en"][1] in said(browser, f"{PAGE}?by=recovery")
    assert browser.submit(PAGE, {"code": there.codes[0].upper(), "by": "recovery"}).location == "/"
    assert sessions() == ["recovery"]
    assert [one.recipient for one in letters("recovery_code_used")] == ["smith@example.com"]
    assert (
        at_the_step(cast.smith).submit(PAGE, {"code": there.codes[0], "by": "recovery"}).status_code
        == 422
    )


def test_goes_on_in_another_way_when_no_more_letters_are_sent(
    cast: Cast, phone: Phones, at_the_step: Step, now: datetime
) -> None:
    """ASVS 6.3.1, 6.5.5: letters are limited; the app still lets in."""
    there = phone(cast.smith, now)
    cast.smith.two_factor = True
    db.session.commit()
    for _ in range(10):
        turns.take(cast.smith, "", is_mailed=True)
    browser = at_the_step(cast.smith)
    assert "Too many codes" in unescape(
        browser.submit("/login/code/resend", page=PAGE, follow_redirects=True).get_data(
            as_text=True
        )
    )
    assert browser.submit(PAGE, {"code": current(there), "by": "app"}).location == "/"


def test_stands_in_the_log_in_words(
    cast: Cast, phone: Phones, as_: Callable[..., PortalClient], at_the_step: Step, now: datetime
) -> None:
    """Issue 4: what was used and what was taken away, in the reader's language."""
    there = phone(cast.smith, now)
    at_the_step(cast.smith).submit(PAGE, {"code": there.codes[0], "by": "recovery", "trust": "y"})
    resetting.reset(cast.smith, by=factories.seat(cast.membership(cast.tanaka)), now=now)
    log = said(as_(cast.tanaka), "/o/aozora/activity/list/")
    for sentence in (
        "used a recovery code",
        "trusted a device",
        "reset the second factor of",
        "added an authenticator app",
        "Authenticator app",
    ):
        assert sentence in log, sentence


def test_mails_a_code_when_asked_where_the_app_is_stronger(
    cast: Cast,
    phone: Phones,
    at_the_step: Step,
    code_in: Callable[[], str],
    now: datetime,
    letters: Letters,
) -> None:
    phone(cast.smith, now)
    cast.smith.two_factor = True
    browser = at_the_step(cast.smith)
    assert SENTENCES["en"][2] in said(browser)
    assert "Send a code" in said(browser, f"{PAGE}?by=mail")
    assert letters("sign_in_code") == []
    assert browser.submit("/login/code/resend", page=PAGE).location == f"{PAGE}?by=mail"
    assert "data-countdown" in said(browser, f"{PAGE}?by=mail")
    assert browser.submit(PAGE, {"code": code_in(), "by": "mail"}).location == "/"


def test_is_over_when_what_it_asks_for_is_gone(
    cast: Cast, phone: Phones, at_the_step: Step, now: datetime
) -> None:
    there = phone(cast.smith, now)
    browser = at_the_step(cast.smith)
    db.session.execute(update(AuthenticatorApp).values(confirmed_at=None))
    assert browser.submit(PAGE, {"code": current(there)}, page="/login/").location == "/login/"
    assert sessions() == []


@pytest.mark.parametrize("language", ["en", "ja_JP"])
def test_speaks_both_languages(
    app: Flask, cast: Cast, phone: Phones, at_the_step: Step, now: datetime, language: str
) -> None:
    phone(cast.smith, now)
    cast.smith.two_factor = True
    browser = app.test_client()
    browser.post(f"/lang/{language}", data={"csrf_token": browser.token("/login/")})  # type: ignore[attr-defined]
    at_the_step(cast.smith, browser)
    page = said(browser)
    assert all(sentence in page for sentence in SENTENCES[language])
