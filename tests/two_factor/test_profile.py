"""One's second step on the profile. It …"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.access.two_factor import Method
from app.extensions import db
from app.models import Account, AccountSession, RecoveryCode
from app.two_factor.methods import methods_of
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.two_factor.conftest import As, Letters, Phones
from tests.two_factor.profile import APP, CODE, CODES, PROFILE, text

REMOVE = "/profile/two-factor/app/remove"


def stale(who: Account) -> None:
    """Let every proof of somebody be from long ago."""
    db.session.execute(
        update(AccountSession)
        .where(AccountSession.account_id == who.id)
        .values(proved_at=datetime.now(UTC) - timedelta(minutes=11))
    )
    db.session.commit()


@pytest.mark.parametrize(
    ("path", "method"), [(APP, "GET"), (APP, "POST"), (REMOVE, "POST"), (CODES, "POST")]
)
def test_wants_a_fresh_proof(
    cast: Cast, as_: As, phone: Phones, now: datetime, path: str, method: str
) -> None:
    """ASVS 7.5.1, 6.4.4: an unattended browser is not enough to change what somebody is recognized
    by.
    """
    phone(cast.smith, now)
    browser = as_(cast.smith)
    token = browser.token(PROFILE)
    before = db.session.scalars(select(RecoveryCode.code_digest).order_by(RecoveryCode.id)).all()
    stale(cast.smith)
    answer = browser.open(
        path, method=method, data={"csrf_token": token} if method == "POST" else None
    )
    assert answer.status_code == 403
    assert "Confirm it is you" in answer.get_data(as_text=True)
    assert methods_of(cast.smith, now=now) == [Method.APP, Method.RECOVERY]
    assert (
        db.session.scalars(select(RecoveryCode.code_digest).order_by(RecoveryCode.id)).all()
        == before
    )


def test_removes_the_app(
    cast: Cast, as_: As, phone: Phones, now: datetime, letters: Letters
) -> None:
    phone(cast.smith, now)
    browser = as_(cast.smith)
    assert "Remove the authenticator app?" in text(browser)
    answer = browser.submit(REMOVE, page=PROFILE, follow_redirects=True)
    assert "The authenticator app was removed." in unescape(answer.get_data(as_text=True))
    assert methods_of(cast.smith, now=now) == []
    assert letters("app_removed")
    assert "There is no authenticator app to remove." in unescape(
        browser.submit(REMOVE, page=PROFILE, follow_redirects=True).get_data(as_text=True)
    )


def test_makes_recovery_codes_anew(cast: Cast, as_: As, phone: Phones, now: datetime) -> None:
    there = phone(cast.smith, now)
    browser = as_(cast.smith)
    answer = browser.submit(CODES, page=PROFILE)
    made = CODE.findall(answer.get_data(as_text=True))
    assert len(made) == 10
    assert not set(made) & set(there.codes)
    assert browser.get(CODES).status_code == 405


def test_warns_when_few_recovery_codes_are_left(
    cast: Cast, as_: As, phone: Phones, now: datetime
) -> None:
    phone(cast.smith, now)
    rows = db.session.scalars(select(RecoveryCode).order_by(RecoveryCode.id)).all()
    for row in rows[:6]:
        row.used_at = now
    browser = as_(cast.smith)
    assert "4 of 10 left" in text(browser)
    assert "before they run out" not in text(browser)
    rows[6].used_at = now
    assert "3 of 10 left" in text(browser)
    assert "before they run out" in text(browser)


def test_says_which_way_is_stronger(cast: Cast, as_: As) -> None:
    """ASVS 6.3.6, D-C4: codes by mail are named the weaker way, and why."""
    page = text(as_(cast.smith))
    order = [page.index(word) for word in ("strongest</span>", "strong</span>", "weaker</span>")]
    assert order == sorted(order)
    assert "can also reset your password" in page


def test_lets_mail_be_turned_off_where_the_app_does_what_an_organization_asks_for(
    cast: Cast, as_: As, phone: Phones, now: datetime
) -> None:
    """S2-29"""
    cast.aozora.two_factor_required = True
    phone(cast.smith, now)
    cast.smith.two_factor = True
    browser = as_(cast.smith)
    assert "cannot be turned off" not in text(browser)
    browser.submit("/profile/two-factor/off", page=PROFILE)
    db.session.expire_all()
    assert not cast.smith.two_factor


def test_is_nobody_else_s(
    app: Flask, cast: Cast, as_: As, client: PortalClient, phone: Phones, now: datetime
) -> None:
    """Strangers are asked to sign in; what is posted concerns the reader only."""
    phone(cast.smith, now)
    for path in (APP, REMOVE, CODES, "/profile/two-factor/devices/end"):
        token = client.token("/login/")
        assert client.post(path, data={"csrf_token": token}).location.startswith("/login/")
    as_(cast.tanaka).submit(
        REMOVE, {"id": str(cast.smith.id), "account_id": str(cast.smith.id)}, page=PROFILE
    )
    assert methods_of(cast.smith, now=now) == [Method.APP, Method.RECOVERY]


def test_wants_the_page_s_token(cast: Cast, as_: As, phone: Phones, now: datetime) -> None:
    phone(cast.smith, now)
    browser = as_(cast.smith)
    for path in (APP, REMOVE, CODES, f"{CODES}/kept", "/profile/two-factor/devices/end"):
        assert browser.post(path).status_code == 400
    assert methods_of(cast.smith, now=now) == [Method.APP, Method.RECOVERY]


def test_lets_nobody_in_who_was_suspended(
    cast: Cast, phone: Phones, now: datetime, client: PortalClient
) -> None:
    """D-3"""
    phone(cast.smith, now)
    cast.membership(cast.smith).suspended_at = now
    db.session.commit()
    answer = client.submit("/login/", {"login_id": "smith", "password": factories.PASSWORD})
    assert answer.status_code == 403
