"""What the tests of the second step share: the code in the letter, a phone with an app, a browser
that waits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask

from app.extensions import db
from app.models import Account, Letter
from app.two_factor import apps
from tests import factories
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
Letters = Callable[..., list[Letter]]
Phones = Callable[..., "Phone"]
Step = Callable[..., PortalClient]
Waiting = Callable[..., PortalClient]


@pytest.fixture
def code_in(letters: Callable[..., list[Letter]]) -> Callable[[], str]:
    """`code_in()`: the digits of the newest letter."""

    def newest() -> str:
        found = re.search(r"\b\d{6}\b", letters("sign_in_code")[-1].text)
        assert found
        return found[0]

    return newest


@pytest.fixture
def waiting(app: Flask) -> Callable[..., PortalClient]:
    """`waiting(cast.smith)`: a browser in which somebody typed the right password and now waits for
    a code.
    """

    def at_the_code(who: Account, **more: str) -> PortalClient:
        who.two_factor = True
        db.session.commit()
        browser = app.test_client()
        assert isinstance(browser, PortalClient)
        answer = browser.submit(
            "/login/", {"login_id": who.login_id, "password": factories.PASSWORD, **more}
        )
        assert answer.location == "/login/code/"
        return browser

    return at_the_code


@dataclass
class Phone:
    """An authenticator app on a phone."""

    account: Account
    secret: str
    codes: list[str]

    def shows(self, now: datetime, *, steps: int = 0) -> str:
        """The digits that it shows at a moment, or so many steps later."""
        return pyotp.TOTP(self.secret).at(now + timedelta(seconds=30 * steps))


@pytest.fixture
def phone(app: Flask) -> Callable[..., Phone]:
    """`phone(cast.smith, now)`: somebody enrolled an app a while ago and has ten recovery codes."""
    return enrolled


def enrolled(who: Account, now: datetime) -> Phone:
    earlier = now - timedelta(hours=1)
    codes, offered = factories.recovery_codes(who), apps.offer(who, now=earlier)
    apps.enrol(
        offered,
        pyotp.TOTP(offered.secret).at(earlier),
        by=factories.seat(who.memberships[0]),
        now=earlier,
    )
    db.session.query(Letter).delete()
    db.session.commit()
    return Phone(who, offered.secret, codes)


@pytest.fixture
def at_the_step(app: Flask) -> Callable[..., PortalClient]:
    """`at_the_step(cast.smith)`: a browser in which somebody typed the right password, whatever
    they prove themselves with.
    """

    def arrived(who: Account, browser: PortalClient | None = None) -> PortalClient:
        made = browser or app.test_client()
        assert isinstance(made, PortalClient)
        answer = made.submit("/login/", {"login_id": who.login_id, "password": factories.PASSWORD})
        assert answer.location == "/login/code/"
        return made

    return arrived
