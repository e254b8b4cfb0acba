"""Sessions: signed-in browsers. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import suspension as whole
from app.extensions import db
from app.kernel.clock import utcnow
from app.memberships import service as members
from app.memberships import suspension
from app.models import Account, AccountSession
from app.models.session import IDLE_LIMIT, LIFE
from app.passwords import service as passwords
from app.sessions import service as sessions
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
HOME = "/o/aozora/"
Happening = Callable[[Cast, datetime], None]


def suspend_membership(cast: Cast, now: datetime) -> None:
    suspension.suspend(
        cast.membership(cast.smith),
        reason="",
        by=factories.seat(cast.membership(cast.tanaka)),
        now=now,
    )


def reinstate_membership(cast: Cast, now: datetime) -> None:
    suspension.reinstate(
        cast.membership(cast.smith), by=factories.seat(cast.membership(cast.tanaka)), now=now
    )


def remove_membership(cast: Cast, now: datetime) -> None:
    members.remove(
        cast.membership(cast.smith), by=factories.seat(cast.membership(cast.tanaka)), now=now
    )


def suspend_account(cast: Cast, now: datetime) -> None:
    whole.suspend(cast.smith, reason="", by=root(cast), now=now)


def reinstate_account(cast: Cast, now: datetime) -> None:
    whole.reinstate(cast.smith, by=root(cast), now=now)


def set_password(cast: Cast, now: datetime) -> None:
    passwords.set_password(cast.smith, "Violet-Kettle-92", by=cast.tanaka, now=now)


def root(cast: Cast) -> factories.Seat:
    return factories.Seat(cast.root, is_platform_administrator=True)


def happen(what: Happening, cast: Cast, now: datetime) -> None:
    what(cast, now)
    db.session.commit()


@pytest.mark.parametrize(
    "what", [suspend_membership, remove_membership, suspend_account, set_password]
)
def test_end_with_the_very_next_request(
    cast: Cast, as_: As, now: datetime, what: Happening
) -> None:
    """D-C1, S0-07, S3-48: for every open session."""
    browsers = [as_(cast.smith), as_(cast.smith)]
    assert all(browser.get(HOME).status_code == 200 for browser in browsers)
    happen(what, cast, now)
    for browser in browsers:
        answer = browser.get(HOME)
        assert answer.status_code in {302, 403}
        assert "Aozora" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("away", "back"),
    [(suspend_membership, reinstate_membership), (suspend_account, reinstate_account)],
)
def test_are_not_revived_by_a_reinstatement(
    app: Flask, cast: Cast, as_: As, away: Happening, back: Happening
) -> None:
    """D-C1, D-3"""
    old = as_(cast.smith)
    happen(away, cast, utcnow())
    happen(back, cast, utcnow())
    assert old.get(HOME).status_code in {302, 403, 404}
    fresh = app.test_client()
    assert isinstance(fresh, PortalClient)
    assert (
        fresh.submit("/login/", {"login_id": "smith", "password": factories.PASSWORD}).location
        == "/"
    )
    assert fresh.get(HOME).status_code == 200


def test_of_a_member_of_two_organizations_keep_the_other_one(
    cast: Cast, as_: As, now: datetime
) -> None:
    """S0-08, D-C1: removed here, still at home there."""
    factories.membership(cast.smith, cast.minato)
    browser = as_(cast.smith)
    happen(remove_membership, cast, now)
    assert browser.get(HOME).status_code == 404
    assert browser.get("/o/minato/").status_code == 200


@pytest.mark.parametrize(("column", "by"), [("expires_at", LIFE), ("idle_until", IDLE_LIMIT)])
def test_end_by_themselves(cast: Cast, as_: As, column: str, by: timedelta) -> None:
    browser = as_(cast.smith)
    row = db.session.scalars(select(AccountSession)).one()
    setattr(row, column, getattr(row, column) - by + timedelta(minutes=1))
    assert browser.get("/invites/").status_code == 200
    db.session.refresh(row)
    setattr(row, column, row.created_at)
    assert browser.get("/invites/").status_code == 302


def test_are_kept_as_a_digest_only(cast: Cast, now: datetime) -> None:
    """The database opens no session to whoever reads it."""
    row, key = sessions.open_session(cast.smith, now=now, ip="192.0.2.1", user_agent="x" * 999)
    assert key not in vars(row).values()
    assert len(key) >= 43
    assert len(row.user_agent) == 300
    assert cast.smith.last_sign_in_at == now


def test_are_not_forged(cast: Cast, client: PortalClient, as_: As) -> None:
    """A cookie names a session's key: neither its row nor the account is one."""
    as_(cast.smith)
    row = db.session.scalars(select(AccountSession)).one()
    for guess in (str(cast.smith.id), str(row.id), row.key_digest, "", "x" * 5000, "名簿"):
        with client.session_transaction() as cookie:
            cookie["_user_id"] = guess
        assert client.get(HOME).status_code == 302
    client.set_cookie("meibo", "nonsense")
    assert client.get(HOME).status_code == 302


def test_end_all_but_one(cast: Cast, now: datetime) -> None:
    rows = [sessions.open_session(cast.smith, now=now, ip="", user_agent="")[0] for _ in range(3)]
    other = sessions.open_session(cast.suzuki, now=now, ip="", user_agent="")[0]
    assert sessions.end_all(cast.smith, now=now, but=rows[1]) == 2
    db.session.expire_all()
    assert [row.ended_at is None for row in (*rows, other)] == [False, True, False, True]
    sessions.end(rows[0], now=now + timedelta(hours=1))
    assert rows[0].ended_at == now, "what ended stays ended when it did"


def test_are_noted_as_used_at_most_every_five_minutes(
    cast: Cast, as_: As, statements: Callable[[], list[str]]
) -> None:
    browser = as_(cast.smith)
    browser.get(HOME)
    statements()
    browser.get(HOME)
    assert not [one for one in statements() if one.startswith("UPDATE")]


def test_remember_the_organization_last_used(cast: Cast, as_: As) -> None:
    factories.membership(cast.smith, cast.minato)
    browser = as_(cast.smith)
    browser.get("/o/minato/")
    assert browser.get("/").location == "/o/minato/"
    browser.get(HOME)
    assert browser.get("/").location == HOME
