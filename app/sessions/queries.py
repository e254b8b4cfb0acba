"""Sessions' questions to the database.

Here: which sessions of somebody still open the portal, and how they are told. Not here: ending them
(sessions.service).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, select

from app.extensions import db
from app.kernel.i18n import lazy
from app.models import Account, AccountSession
from app.models.session import is_live
from app.models.subjects import Subjects, how_many, rows_of
from app.sessions.devices import device_name

MOST = 100

METHODS: dict[str, Any] = {
    "password": lazy("password only"),
    "mail": lazy("password and a code by mail"),
    "app": lazy("password and an authenticator app"),
    "recovery": lazy("password and a recovery code"),
    "passkey": lazy("passkey"),
    "device": lazy("password on a trusted device"),
}
"""With what a session was opened, in words."""


@dataclass(frozen=True)
class Browser:
    """One session: a signed-in browser."""

    session: AccountSession
    device: str
    method: Any
    is_this: bool


def live(account: Account, *, now: datetime) -> list[AccountSession]:
    """Return the sessions that still open the portal, last used first."""
    return list(
        db.session.scalars(
            select(AccountSession)
            .where(AccountSession.account_id == account.id, is_live(now))
            .order_by(AccountSession.last_used_at.desc(), AccountSession.id.desc())
            .limit(MOST)
        )
    )


def open_of(subjects: Subjects, *, now: datetime) -> ScalarSelect[int]:
    """How many sessions of these open the portal, as a part of a statement."""
    return how_many(AccountSession, rows_of(subjects, AccountSession.account_id), is_live(now))


def count_open(account: Account, *, now: datetime) -> int:
    """How many sessions of somebody open the portal."""
    return db.session.scalar(select(open_of([account], now=now))) or 0


def browsers(
    sessions: Iterable[AccountSession], *, here: AccountSession | None = None
) -> list[Browser]:
    """Return sessions as browsers, this one first."""
    told = [
        Browser(one, device_name(one.user_agent), METHODS.get(one.method, one.method), one is here)
        for one in sessions
    ]
    return sorted(told, key=lambda one: not one.is_this)
