"""What the tests of accounts share: the platform administrator, and the verbs of their list."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.access.seat import Seat
from app.accounts import service as accounts
from app.extensions import db
from app.models import Account, Activity, Letter
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
Letters = Callable[..., list[Letter]]

KATO = {
    "family_name": "加藤",
    "given_name": "真理子",
    "reading": "かとう まりこ",
    "latin_name": "Mariko Kato",
    "email": "kato@example.jp",
    "login_id": "kato",
    "language": "ja_JP",
    "time_zone": "Asia/Tokyo",
    "notifications": "y",
}


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


def found(login_id: str) -> Account | None:
    db.session.rollback()
    return accounts.find(login_id)


def token_in(letter: Letter) -> str:
    link = re.search(r"http://localhost/password/set/(\S+)", letter.text)
    assert link
    return link[1]


def typed(account: Account, **changes: Any) -> dict[str, Any]:
    """What the form of an account would send, with changes; None leaves an entry out."""
    entries = {
        "family_name": account.family_name,
        "given_name": account.given_name,
        "reading": account.reading,
        "latin_name": account.latin_name,
        "email": account.email,
        "login_id": account.login_id,
        "language": account.language,
        "time_zone": account.time_zone,
        "notifications": "y" if account.notifications else None,
        "two_factor": "y" if account.two_factor else None,
    }
    return {name: value for name, value in (entries | changes).items() if value is not None}


def edit(browser: PortalClient, account: Account, **changes: Any) -> Any:
    return browser.submit(f"/accounts/edit/{account.id}", typed(account, **changes))


def act(browser: PortalClient, action: str, *accounts: Account, **more: str) -> Any:
    """Press a verb for the selected rows of the list."""
    data = {"action": action, "rowid": [str(one.id) for one in accounts], **more}
    return browser.act("/accounts/action_post", data, page="/accounts/list/")


def reinstate(browser: PortalClient, account: Account) -> Any:
    return browser.submit(
        f"/accounts/action/reinstate/{account.id}", page=f"/accounts/show/{account.id}"
    )
