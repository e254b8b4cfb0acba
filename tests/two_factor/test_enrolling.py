"""Enrolling an authenticator app on the profile, with recovery codes. It …"""

from __future__ import annotations

import re
from datetime import datetime

import pyotp
import pytest
from sqlalchemy import select

from app.access.two_factor import Method
from app.extensions import db
from app.models import AccountSession, AuthenticatorApp
from app.two_factor.methods import methods_of
from tests.cast import Cast
from tests.two_factor.conftest import As
from tests.two_factor.profile import APP, CODE, CODES, PROFILE, text


def offered(page: str) -> dict[str, str]:
    """The fields of the page that offers an app, with the code that the app would show."""
    offer = re.search(r'name="offer"[^>]*value="([^"]+)"', page)
    key = re.search(r'id="key">([^<]+)<', page)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert offer
    assert key
    assert token
    return {
        "offer": offer[1],
        "code": pyotp.TOTP(key[1].replace(" ", "")).now(),
        "csrf_token": token[1],
    }


@pytest.mark.parametrize("who", ["tanaka", "smith", "root", "newcomer"])
def test_enrols_an_app_and_shows_ten_recovery_codes_once(
    cast: Cast, as_: As, who: str, now: datetime
) -> None:
    """ASVS 6.5.2: whoever has an account; the session counts as opened with the app from
    then on."""
    account = getattr(cast, who)
    browser = as_(account)
    page = browser.get(APP).get_data(as_text=True)
    assert "<svg" in page
    assert "otpauth" not in page, "the address stands in the picture only"
    answer = browser.post(APP, data=offered(page))
    assert answer.status_code == 200
    assert len(CODE.findall(answer.get_data(as_text=True))) == 10
    assert "no-store" in answer.headers["Cache-Control"]
    assert methods_of(account, now=now) == [Method.APP, Method.RECOVERY]
    assert db.session.scalars(select(AccountSession.method)).all() == ["app"]
    assert browser.submit(f"{CODES}/kept", {"kept": "y"}, page=PROFILE).location == PROFILE
    assert not CODE.findall(text(browser))
    assert "10 of 10 left" in text(browser)


def test_lets_the_codes_be_downloaded_copied_and_printed(cast: Cast, as_: As) -> None:
    browser = as_(cast.smith)
    page = browser.post(APP, data=offered(browser.get(APP).get_data(as_text=True))).get_data(
        as_text=True
    )
    first = CODE.findall(page)[0]
    assert re.search(
        rf'download="meibo-smith.txt"\s+href="data:text/plain;charset=utf-8,Meibo%20smith%0A{first}%0A',
        page,
    )
    assert 'data-copy="recovery"' in page
    assert "data-print" in page
    assert re.search(r'<input[^>]*name="kept"[^>]*required', page)


def test_keeps_the_offer_when_the_code_is_wrong(cast: Cast, as_: As) -> None:
    browser = as_(cast.smith)
    fields = offered(browser.get(APP).get_data(as_text=True))
    answer = browser.post(
        APP, data=fields | {"code": f"{(int(fields['code']) + 1) % 1_000_000:06}"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="code-error"' in page
    assert offered(page)["offer"] == fields["offer"]
    assert browser.post(APP, data=fields).status_code == 200


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"code": ""}, 422),
        ({"code": "abcdef"}, 422),
        ({"code": "1234567"}, 422),
        ({"code": "12345\x00"}, 422),
        ({"offer": ""}, 410),
        ({"offer": "nonsense"}, 410),
        ({"offer": "\x00"}, 410),
        ({"offer": "x" * 10_000}, 410),
    ],
)
def test_refuses_bad_entries(cast: Cast, as_: As, changed: dict[str, str], status: int) -> None:
    browser = as_(cast.smith)
    answer = browser.post(APP, data=offered(browser.get(APP).get_data(as_text=True)) | changed)
    assert answer.status_code == status
    assert db.session.scalars(select(AuthenticatorApp)).all() == []


def test_takes_no_offer_made_to_somebody_else(cast: Cast, as_: As) -> None:
    theirs = offered(as_(cast.tanaka).get(APP).get_data(as_text=True))
    browser = as_(cast.smith)
    mine = offered(browser.get(APP).get_data(as_text=True))
    assert browser.post(APP, data=theirs | {"csrf_token": mine["csrf_token"]}).status_code == 410
    assert db.session.scalars(select(AuthenticatorApp)).all() == []
