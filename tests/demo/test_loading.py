"""Loading the demo into a portal that is in use, or is large. It …

Apart from test_demo.py, whose tests share one portal: these begin with an empty one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.demo import service as demo
from app.extensions import db
from app.models import Account, Membership, Organization
from app.passwords.hashing import verify_password
from tests import factories
from tests.conftest import PortalClient


def test_lets_everybody_sign_in_with_the_password_it_prints(
    app: Flask, client: PortalClient, now: datetime
) -> None:
    demo.load(members=25, now=now)
    db.session.commit()
    for login_id in ("root", "tanaka", "sato", "smith", "suzuki", "yamada", "clark"):
        person = db.session.scalars(select(Account).where(Account.login_id_key == login_id)).one()
        assert verify_password(person.password_hash, demo.PASSWORD), login_id
    assert (
        client.submit("/login/", {"login_id": "tanaka", "password": demo.PASSWORD}).status_code
        == 302
    )
    assert client.get("/o/aozora/").status_code == 200


def test_leaves_an_administrator_there_is_alone(app: Flask, now: datetime) -> None:
    boss = factories.platform_administrator(factories.account("boss"))
    assert demo.load(members=25, now=now).administrator is None
    assert [
        account.login_id for account in db.session.scalars(select(Account)) if account.roles
    ] == [boss.login_id]


@pytest.mark.parametrize("taken", ["tanaka", "clark", "kintai"])
def test_writes_nothing_where_somebody_has_a_name_of_its_people(
    app: Flask, now: datetime, taken: str
) -> None:
    factories.account(taken)
    with pytest.raises(demo.DemoAlreadyLoaded, match=taken):
        demo.load(members=25, now=now)
    assert list(db.session.scalars(select(Organization))) == []


def test_writes_thousands_in_few_statements(
    app: Flask, now: datetime, statements: Callable[[], list[str]]
) -> None:
    statements()
    demo.load(members=3_000, now=now)
    assert len(statements()) < 150
    assert db.session.scalar(select(func.count(Membership.id))) == 3_009
