"""What the tests of files share: getting one, reading it back.

Here: small words. Not here: people (cast.py), rows (factories.py).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.extensions import db
from app.models import Account, Activity, MemberRole
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

BASE = "/o/aozora/members"
As = Callable[[Account], PortalClient]

EVERYBODY = "status=active&status=never&status=suspended"


def read(answer: TestResponse) -> list[dict[str, str]]:
    """The rows of a CSV answer, as a program reads them."""
    assert answer.status_code == 200, answer.status_code
    return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"), newline="")))


def by_login(answer: TestResponse) -> dict[str, dict[str, str]]:
    return {row["login_id"]: row for row in read(answer)}


def page(client: FlaskClient, query: str = "", base: str = BASE) -> TestResponse:
    """One page of a list as a file."""
    return client.get(f"{base}/export?{query}")


def everything(
    client: PortalClient, query: str = "", form: str = "csv", base: str = BASE
) -> TestResponse:
    """Everything that matches as a file."""
    return client.submit(f"{base}/export?{query}", {"format": form}, page="/profile/")


def objects(answer: TestResponse) -> list[dict[str, Any]]:
    """The rows of a JSON answer."""
    assert answer.status_code == 200, answer.status_code
    found: list[dict[str, Any]] = json.loads(answer.data)
    return found


@pytest.fixture
def tanaka(cast: Cast, as_: As) -> PortalClient:
    """The power user's browser."""
    return as_(cast.tanaka)


def role(key: str) -> MemberRole:
    return db.session.scalars(select(MemberRole).where(MemberRole.key == key)).one()


def log() -> list[Activity]:
    db.session.expire_all()
    return list(
        db.session.scalars(
            select(Activity).where(Activity.event == "member_list_exported").order_by(Activity.id)
        )
    )


@pytest.fixture
def crowd(cast: Cast, now: datetime) -> None:
    """60 more members: every third signed in, every fourth suspended."""
    for number in range(60):
        account = factories.account(
            f"m{number:02}", family_name=f"Member{number:02}", given_name=""
        )
        account.last_sign_in_at = now if number % 3 == 0 else None
        factories.membership(
            account,
            cast.aozora,
            joined_at=now - timedelta(days=number),
            suspended_at=now if number % 4 == 0 else None,
        )
    db.session.commit()
