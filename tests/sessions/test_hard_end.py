"""The hard end of a session. It …"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.extensions import db
from app.sessions import service as sessions
from tests import factories
from tests.cast import Cast

HOUR = timedelta(hours=1)


def test_is_never_moved_later_by_use(cast: Cast, now: datetime) -> None:
    """§10: an organization that allows longer sessions, or is left, extends none that is open."""
    cast.aozora.session_hours = 1
    session, _key = sessions.open_session(
        cast.smith, now=now, ip="192.0.2.1", user_agent="test", method="password"
    )
    assert session.expires_at == now + HOUR
    cast.aozora.session_hours = 12
    db.session.flush()
    seat = replace(factories.seat(cast.membership(cast.smith)), session=session)
    assert sessions.touch(seat, now=now + timedelta(minutes=10))
    assert session.last_used_at == now + timedelta(minutes=10)
    assert session.expires_at == now + HOUR
