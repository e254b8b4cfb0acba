"""What the tests of codes share: the code in the letter, a browser that waits for one."""
from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.extensions import db
from app.models import Account, Letter
from tests import factories
from tests.conftest import PortalClient


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
    """`waiting(cast.smith)`: a browser in which somebody typed the right password and now waits for a code."""

    def at_the_code(who: Account, **more: str) -> PortalClient:
        who.two_factor = True
        db.session.commit()
        browser = app.test_client()
        assert isinstance(browser, PortalClient)
        answer = browser.submit("/login/", {"login_id": who.login_id, "password": factories.PASSWORD, **more})
        assert answer.location == "/login/code/"
        return browser

    return at_the_code
