"""The cookie: what a browser keeps between requests, and how it changes hands at sign-in.

Here: the session's key, the key of a code that is waited for. Not here: sessions' rows
(sessions.service).
"""

from __future__ import annotations

from datetime import datetime

from flask import request, session
from flask_login import current_user

from app.access.context import current_seat
from app.access.seat import Seat
from app.accounts import zones
from app.i18n.language import KEY as LANGUAGE
from app.models import Account
from app.sessions import service as sessions
from app.sign_in import known, proving, service

WAITING = "code"
ZONE = "zone"
"""The field in which a page of signing in tells the browser's time zone, where scripts run."""


def client_address() -> str:
    """The reader's address, as far as the trusted proxies tell."""
    return request.remote_addr or ""


def sign_in(account: Account, *, method: str, now: datetime) -> None:
    """Open a session in this browser; nothing from before survives but the language (FAB.md F9).
    `method`: see AccountSession.
    """
    _leave(now=now)
    is_known = str(account.id) in known.marks()
    agent = request.user_agent.string
    key = service.open_session(
        account, method=method, is_known=is_known, ip=client_address(), user_agent=agent, now=now
    )
    zones.adopt(account, request.form.get(ZONE, ""))
    start_afresh()
    session["_user_id"], session["_fresh"] = key, True
    known.remember(account)


def renew(seat: Seat, *, now: datetime) -> None:
    """Note that the person in this browser proved who they are; its session goes on under a new
    key.
    """
    if seat.session is not None:
        session["_user_id"] = proving.renew(seat.session, now=now)


def wait_for_code(browser: str, *, now: datetime) -> None:
    """Remember which code this browser waits for; that opens nothing."""
    _leave(now=now)
    start_afresh()
    session[WAITING] = browser


def waiting_key() -> str:
    """The key of the code this browser waits for, "" for none."""
    return str(session.get(WAITING, ""))


def sign_out(*, now: datetime) -> None:
    """End this browser's session on the server and empty the cookie."""
    seat = current_seat() if current_user.is_authenticated else None
    if seat is not None and seat.session is not None:
        service.end_session(seat, seat.session, now=now)
    start_afresh()


def _leave(*, now: datetime) -> None:
    """End the session that this browser had: whoever signs in anew leaves no live key behind."""
    seat = current_seat() if current_user.is_authenticated else None
    if seat is not None and seat.session is not None:
        sessions.end(seat.session, now=now)


def start_afresh() -> None:
    """Empty the cookie but for the language."""
    language = session.get(LANGUAGE)
    session.clear()
    if language:
        session[LANGUAGE] = language
