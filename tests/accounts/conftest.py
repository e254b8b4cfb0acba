"""What the tests of accounts share: the platform administrator, and the verbs of their list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.access.seat import Seat
from app.extensions import db
from app.models import Account, Activity, Letter
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
Letters = Callable[..., list[Letter]]


@pytest.fixture
def root(cast: Cast, as_: As) -> PortalClient:
    return as_(cast.root)


def administrator(account: Account) -> Seat:
    """The seat of a platform administrator on a page of the platform."""
    return Seat(account, is_platform_administrator=True)


def suspend(browser: PortalClient, account: Account, reason: str = "") -> Any:
    return browser.submit(f"/accounts/suspension/{account.id}", {"reason": reason})


def body(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def lines(event: str) -> list[Activity]:
    return list(
        db.session.scalars(
            select(Activity).where(Activity.event == event).order_by(Activity.organization_id)
        )
    )


As = Callable[[Account], PortalClient]
