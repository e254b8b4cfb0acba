"""How long sessions last, as organizations say. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Account, AccountSession
from app.organizations import service as organizations
from app.sessions import queries
from app.sessions import service as sessions
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[..., PortalClient]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def opened(who: Account, now: datetime) -> AccountSession:
    return sessions.open_session(who, now=now, ip="192.0.2.1", user_agent="test")[0]


def shorten(cast: Cast, now: datetime, *, idle: int = 30, hours: int = 12) -> None:
    by = factories.seat(cast.membership(cast.tanaka))
    organizations.edit_settings(
        cast.aozora, by=by, now=now, session_idle_minutes=idle, session_hours=hours
    )
    db.session.commit()


def test_last_as_long_as_the_strictest_organization_says(cast: Cast, now: datetime) -> None:
    """ASVS 7.3.1, 7.3.2: a suspended membership has no say."""
    factories.membership(cast.smith, cast.minato)
    cast.minato.session_idle_minutes, cast.minato.session_hours = 10, 2
    row = opened(cast.smith, now)
    assert (row.idle_until, row.expires_at) == (now + 10 * MINUTE, now + 2 * HOUR)
    row = opened(cast.tanaka, now)
    assert (row.idle_until, row.expires_at) == (now + 30 * MINUTE, now + 12 * HOUR)
    cast.smith.memberships[1].suspended_at = now
    assert opened(cast.smith, now).expires_at == now + 12 * HOUR


def test_end_at_once_where_the_new_limit_has_passed(each_app: Flask, now: datetime) -> None:
    """ASVS 7.3.1, 7.3.2: in one statement, on both databases; sessions of others, and ended ones,
    stay as they are.
    """
    cast = people.assemble()
    old, used, theirs = (
        opened(cast.smith, now - 3 * HOUR),
        opened(cast.smith, now - 3 * HOUR),
        opened(cast.yamada, now - 3 * HOUR),
    )
    fresh = opened(cast.suzuki, now - 2 * MINUTE)
    for row in (used, theirs):
        row.last_used_at, row.idle_until = now - 2 * MINUTE, now + 28 * MINUTE
    db.session.commit()
    shorten(cast, now, idle=5, hours=2)
    assert (fresh.idle_until, fresh.expires_at) == (now + 3 * MINUTE, now + 118 * MINUTE)
    assert used.expires_at == now - HOUR
    assert old.idle_until < now
    assert theirs.expires_at == now + 9 * HOUR
    assert theirs.idle_until == now + 28 * MINUTE
    assert queries.live(cast.smith, now=now) == []
    assert queries.live(cast.suzuki, now=now) == [fresh]


def test_never_last_longer_by_being_shortened(cast: Cast, now: datetime) -> None:
    row = opened(cast.smith, now)
    shorten(cast, now, idle=480, hours=168)
    assert (row.idle_until, row.expires_at) == (now + 30 * MINUTE, now + 12 * HOUR)


def test_are_shut_in_the_browser_by_the_next_request(cast: Cast, as_: As, now: datetime) -> None:
    smith = as_(cast.smith)
    assert smith.get("/o/aozora/").status_code == 200
    row = db.session.scalars(
        select(AccountSession).where(AccountSession.account_id == cast.smith.id)
    ).one()
    row.created_at -= 2 * HOUR
    db.session.commit()
    as_(cast.tanaka).submit(
        "/o/aozora/settings/",
        {
            "name": "A",
            "latin_name": "A",
            "code": "aozora",
            "language": "en",
            "password_policy": "classic",
            "first_login": "link",
            "session_hours": "1",
        },
    )
    assert smith.get("/o/aozora/").status_code == 302


def test_follow_the_limits_of_an_organization_joined_later(
    cast: Cast, as_: As, now: datetime
) -> None:
    smith = as_(cast.smith)
    cast.minato.session_hours = 1
    factories.membership(cast.smith, cast.minato)
    db.session.commit()
    smith.get("/o/minato/")
    row = db.session.scalars(
        select(AccountSession).where(AccountSession.account_id == cast.smith.id)
    ).one()
    assert row.expires_at == row.created_at + HOUR


def test_say_with_what_they_were_opened(cast: Cast, as_: As) -> None:
    """ASVS 7.5.2: device, address, first and last use, and the way of signing in; this one is
    marked.
    """
    as_(cast.smith, method="passkey")
    page = as_(cast.smith, method="app").get("/profile/").get_data(as_text=True)
    assert "password and an authenticator app" in page
    assert "passkey ·" in page
    assert page.count("127.0.0.1") == 2
    assert page.count("This browser") == 1
