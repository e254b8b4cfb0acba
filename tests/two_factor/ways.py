"""The second step, as its tests ask and look: what the page says, what an app shows, who is in."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape

from sqlalchemy import select

from app.extensions import db
from app.models import AccountSession
from tests.conftest import PortalClient
from tests.two_factor.conftest import Phone

PAGE = "/login/code/"
SENTENCES = {
    "en": ("Enter the code of your app", "Enter a recovery code", "Have a code sent by mail"),
    "ja_JP": ("認証アプリのコードを入力", "回復コードを入力", "認証コードをメールで受け取る"),
}


def said(browser: PortalClient, path: str = PAGE) -> str:
    return unescape(browser.get(path).get_data(as_text=True))


def current(phone: Phone) -> str:
    return phone.shows(datetime.now(UTC))


def wrong(phone: Phone) -> str:
    shown = {phone.shows(datetime.now(UTC), steps=one) for one in (-2, -1, 0, 1, 2)}
    return next(
        code
        for code in ("000000", "111111", "222222", "333333", "444444", "555555")
        if code not in shown
    )


def sessions() -> list[str]:
    return list(db.session.scalars(select(AccountSession.method)))
