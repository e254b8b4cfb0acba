"""What the tests of signing in share: fresh browsers, and signing in through the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.models import Account
from tests import factories
from tests.conftest import PortalClient

Enter = Callable[..., TestResponse]

Fresh = Callable[[], PortalClient]


@pytest.fixture
def browser(app: Flask) -> Callable[[], PortalClient]:
    """`browser()`: a browser that was never here."""

    def fresh() -> PortalClient:
        made = app.test_client()
        assert isinstance(made, PortalClient)
        return made

    return fresh


@pytest.fixture
def enter(browser: Callable[[], PortalClient]) -> Enter:
    """`enter("tanaka")`: the answer to signing in on the page, in a fresh browser or the
    one given."""

    def entering(
        login_id: str,
        password: str = factories.PASSWORD,
        *,
        here: PortalClient | None = None,
        **more: str,
    ) -> TestResponse:
        return (here or browser()).submit(
            "/login/", {"login_id": login_id, "password": password, **more}, page="/login/"
        )

    return entering


As = Callable[[Account], PortalClient]
