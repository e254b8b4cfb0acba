"""A profile filled in as its page has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.extensions import db
from app.http.reauthentication import LASTS
from app.models import Account, AccountSession
from tests.conftest import PortalClient

Filled = Callable[..., dict[str, Any]]

As = Callable[[Account], PortalClient]


@pytest.fixture
def filled(app: Flask) -> Filled:
    """`filled(cast.smith, given_name="Jack")`: what the form of a profile sends."""

    def fill(who: Account, **changed: Any) -> dict[str, Any]:
        fields = {
            name: getattr(who, name)
            for name in (
                "family_name",
                "given_name",
                "reading",
                "latin_name",
                "language",
                "time_zone",
            )
        }
        sent = fields | ({"notifications": "y"} if who.notifications else {}) | changed
        return {name: value for name, value in sent.items() if value is not None}

    return fill


@pytest.fixture
def stale(app: Flask) -> Callable[[Account], None]:
    """`stale(cast.smith)`: whoever is signed in as somebody proved it long ago."""

    def age(who: Account) -> None:
        db.session.execute(
            update(AccountSession)
            .where(AccountSession.account_id == who.id)
            .values(proved_at=datetime.now(UTC) - LASTS)
        )
        db.session.commit()

    return age


@pytest.fixture
def live(app: Flask) -> Callable[[Account], list[AccountSession]]:
    """`live(cast.smith)`: the sessions of somebody that have not ended, oldest first."""

    def found(who: Account) -> list[AccountSession]:
        db.session.expire_all()
        return list(
            db.session.scalars(
                select(AccountSession)
                .where(AccountSession.account_id == who.id, AccountSession.ended_at.is_(None))
                .order_by(AccountSession.id)
            )
        )

    return found


def text(client: PortalClient, path: str = "/profile/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))
