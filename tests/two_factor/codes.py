"""Codes by mail in the words of their tests: sending one, reading it from the letter, a try that is
kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.models import Account, Letter, LoginCode
from app.two_factor import service as two_factor

KEY = "the portal's secret"
Letters = Callable[..., list[Letter]]


def sent(account: Account, now: datetime, next_path: str = "") -> tuple[str, str]:
    """Send a code; return the browser's key and the code of the letter."""
    account.two_factor = True
    db.session.commit()
    row, browser = two_factor.begin(account, key=KEY, next_path=next_path, now=now)
    db.session.commit()
    return browser, digits(row)


def digits(row: LoginCode) -> str:
    assert row.letter
    found = re.search(r"\b\d{6}\b", row.letter.text)
    assert found
    return found[0]


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def check(browser: str, code: str, now: datetime) -> LoginCode:
    """Take a try and keep what came of it, as the door does."""
    try:
        return two_factor.check(browser, code, key=KEY, ip="", now=now)
    finally:
        db.session.commit()


def again(browser: str, now: datetime) -> LoginCode:
    """Ask for another code and keep it, as the door does."""
    row = two_factor.send_again(browser, key=KEY, now=now)
    db.session.commit()
    return row


def age(**by: float) -> None:
    """Let every code be older."""
    for row in db.session.scalars(select(LoginCode)):
        row.sent_at, row.expires_at = (
            row.sent_at - timedelta(**by),
            row.expires_at - timedelta(**by),
        )
    db.session.commit()
