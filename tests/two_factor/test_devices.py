"""Trusted devices: browsers that skip the second step for 30 days. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.access.two_factor import Method
from app.accounts import suspension as whole
from app.extensions import db
from app.memberships import suspension
from app.models import Account, AccountSession, Activity, TrustedDevice
from app.passwords import service as passwords
from app.profile import service as profile
from app.two_factor import devices
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.two_factor.conftest import Phone

Waiting = Callable[..., PortalClient]
Phones = Callable[..., Phone]
PAGE, COOKIE = "/login/code/", "meibo-trusted"
SIGN_IN = {"login_id": "smith", "password": factories.PASSWORD}


@pytest.fixture
def trusted(cast: Cast, waiting: Waiting, code_in: Callable[[], str]) -> PortalClient:
    """A browser in which smith took the second step, ticked "Trust this device", and signed out."""
    browser = waiting(cast.smith)
    assert browser.submit(PAGE, {"code": code_in(), "trust": "y"}).location == "/"
    browser.submit("/logout/", page="/profile/")
    return browser


def next_page(browser: PortalClient, **changed: str) -> str | None:
    """Sign in again; return where that leads."""
    location = browser.submit("/login/", SIGN_IN | changed).location
    browser.submit("/logout/", page="/profile/" if location == "/" else PAGE)
    return location


def test_asks_for_the_password_only(cast: Cast, trusted: PortalClient) -> None:
    """ASVS 6.3.3: the session says that a device stood in for the second step."""
    assert trusted.submit("/login/", SIGN_IN).location == "/"
    methods = db.session.scalars(select(AccountSession.method).order_by(AccountSession.id)).all()
    assert methods == ["mail", "device"]
    assert [one.event for one in db.session.scalars(select(Activity))] == [
        "two_factor_device_trusted",
        "signed_in",
        "signed_out",
        "signed_in",
    ]


def test_opens_nothing_without_the_right_password(cast: Cast, trusted: PortalClient) -> None:
    assert trusted.submit("/login/", SIGN_IN | {"password": "Wrong-Horse-7"}).status_code == 401


def test_is_for_who_ticked_the_box_only(
    cast: Cast, waiting: Waiting, code_in: Callable[[], str]
) -> None:
    browser = waiting(cast.smith)
    browser.submit(PAGE, {"code": code_in()})
    browser.submit("/logout/", page="/profile/")
    assert next_page(browser) == PAGE
    assert db.session.scalars(select(TrustedDevice)).all() == []


def test_is_not_there_after_a_wrong_code(
    cast: Cast, waiting: Waiting, code_in: Callable[[], str]
) -> None:
    browser = waiting(cast.smith)
    answer = browser.submit(PAGE, {"code": f"{(int(code_in()) + 1) % 1_000_000:06}", "trust": "y"})
    assert answer.status_code == 422
    assert "checked" in answer.get_data(as_text=True), "the tick is kept"
    assert db.session.scalars(select(TrustedDevice)).all() == []


def test_does_not_carry_over_to_another_person_on_the_same_browser(
    cast: Cast,
    trusted: PortalClient,
    at_the_step: Callable[..., PortalClient],
    code_in: Callable[[], str],
) -> None:
    """BEYOND B-50: and each keeps their own trust there."""
    cast.suzuki.two_factor = True
    db.session.commit()
    at_the_step(cast.suzuki, trusted).submit(PAGE, {"code": code_in(), "trust": "y"})
    trusted.submit("/logout/", page="/profile/")
    assert next_page(trusted) == "/"
    assert next_page(trusted, login_id="suzuki") == "/"


def test_does_not_move_to_another_browser(
    app: Flask, cast: Cast, trusted: PortalClient, client: PortalClient
) -> None:
    assert next_page(client) == PAGE


@pytest.mark.parametrize("value", ["", "nonsense", "eyIxIjoieCJ9.aaaa.bbbb"])
def test_is_no_cookie_that_anybody_can_write(cast: Cast, trusted: PortalClient, value: str) -> None:
    trusted.set_cookie(COOKIE, value)
    assert next_page(trusted) == PAGE


def test_keeps_nothing_in_the_database_that_makes_a_cookie(
    cast: Cast, trusted: PortalClient
) -> None:
    """ASVS 7.2.1, 7.2.2: the cookie holds a random key; the server keeps its digest and decides."""
    cookie = trusted.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert db.session.scalars(select(TrustedDevice.key_digest)).one() not in cookie.value


def test_is_over_after_30_days_however_often_it_is_used(cast: Cast, trusted: PortalClient) -> None:
    assert next_page(trusted) == "/"
    db.session.execute(update(TrustedDevice).values(expires_at=TrustedDevice.created_at))
    assert next_page(trusted) == PAGE
    now = factories.NOW
    key = devices.trust(cast.smith, Method.MAIL, ip="", user_agent="", now=now)
    assert devices.recognize(cast.smith, key, now=now + timedelta(days=30) - timedelta(seconds=1))
    assert not devices.recognize(cast.smith, key, now=now + timedelta(days=30))


def by_root(cast: Cast) -> object:
    return factories.Seat(cast.root, is_platform_administrator=True)


ENDS: dict[str, Callable[[Cast, datetime], object]] = {
    "the password is changed": lambda cast, now: passwords.set_password(
        cast.smith, "Violet-Kettle-92", by=cast.smith, now=now
    ),
    "the password is set by somebody else": lambda cast, now: passwords.set_password(
        cast.smith, "Violet-Kettle-92", by=cast.tanaka, now=now
    ),
    "the account is suspended": lambda cast, now: whole.suspend(
        cast.smith, reason="", by=by_root(cast), now=now
    ),  # type: ignore[arg-type]
    "the only membership is suspended": lambda cast, now: suspension.suspend(
        cast.membership(cast.smith),
        reason="",
        by=factories.seat(cast.membership(cast.tanaka)),
        now=now,
    ),
    "codes by mail are turned off": lambda cast, now: profile.turn_off_two_factor(
        cast.smith, by=factories.seat(cast.membership(cast.smith)), now=now
    ),
    "it is ended": lambda cast, now: devices.revoke_all(
        cast.smith, by=factories.seat(cast.membership(cast.smith)), now=now
    ),
}


@pytest.mark.parametrize("what", ENDS)
def test_is_over_when(cast: Cast, trusted: PortalClient, now: datetime, what: str) -> None:
    """ASVS 7.4.2, 7.4.3: trust ends with the password, the second factor and the right to enter."""
    assert len(devices.live(cast.smith, now=now)) == 1
    ENDS[what](cast, now)
    db.session.commit()
    assert devices.live(cast.smith, now=now) == []


def test_does_not_outlive_the_letters_that_vouched_for_it(
    cast: Cast, trusted: PortalClient, phone: Phones, now: datetime
) -> None:
    """ASVS 6.3.4: who has an app is not let in by what only a letter stood for."""
    phone(cast.smith, now)
    assert next_page(trusted) == PAGE
    assert devices.live(cast.smith, now=now) == []
    devices.trust(cast.smith, Method.MAIL, ip="", user_agent="", now=now)
    assert devices.live(cast.smith, now=now) == []
    devices.trust(cast.smith, Method.RECOVERY, ip="", user_agent="", now=now)
    assert len(devices.live(cast.smith, now=now)) == 1


def test_is_listed_and_ended_one_by_one_on_the_profile(
    cast: Cast, trusted: PortalClient, as_: Callable[[Account], PortalClient], now: datetime
) -> None:
    """ASVS 7.5.2"""
    devices.trust(
        cast.smith,
        Method.MAIL,
        ip="192.0.2.7",
        user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
        now=now,
    )
    browser = as_(cast.smith)
    page = browser.get("/profile/").get_data(as_text=True)
    assert "Firefox on Linux" in page
    assert "192.0.2.7" in page
    first, second = (one.id for one in devices.live(cast.smith, now=now))
    answer = browser.submit(
        f"/profile/two-factor/devices/{first}/end", page="/profile/", follow_redirects=True
    )
    assert "will be asked for the second step again." in answer.get_data(as_text=True)
    assert [one.id for one in devices.live(cast.smith, now=now)] == [second]
    for _time in range(2):
        browser.submit("/profile/two-factor/devices/end", page="/profile/")
    assert devices.live(cast.smith, now=now) == []
    told = db.session.scalars(
        select(Activity.event).where(Activity.event == "two_factor_devices_ended")
    ).all()
    assert len(told) == 2, "one by one, then the rest; nothing is told where none was trusted"
    assert next_page(trusted) == PAGE


def test_is_nobody_else_s_to_end(
    cast: Cast, trusted: PortalClient, as_: Callable[[Account], PortalClient], now: datetime
) -> None:
    """Not even a power user's by its number; and never by reading a page."""
    (device,) = devices.live(cast.smith, now=now)
    for who in (cast.tanaka, cast.suzuki, cast.yamada, cast.root):
        assert (
            as_(who)
            .submit(f"/profile/two-factor/devices/{device.id}/end", page="/profile/")
            .status_code
            == 404
        )
    assert as_(cast.smith).get(f"/profile/two-factor/devices/{device.id}/end").status_code == 405
    assert len(devices.live(cast.smith, now=now)) == 1
