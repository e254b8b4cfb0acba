"""AccountSession: one signed-in browser.

Here: the row that a cookie's key points to. Not here: opening and ending it (sessions.service).
"""
from __future__ import annotations

from datetime import datetime, timedelta

from flask_appbuilder import Model
from sqlalchemy import ColumnElement, ForeignKey, String, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.columns import UtcDateTime

LIFE = timedelta(hours=12)
"""How long a session lasts at most."""
IDLE_LIMIT = timedelta(hours=2)
"""How long it lasts unused."""


class AccountSession(Model):
    """A session: セッション. It lives while `ended_at` is empty and neither date has passed."""

    __tablename__ = "account_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    key_digest: Mapped[str] = mapped_column(String(64), unique=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ip: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(300), default="")

    account: Mapped[Account] = relationship(Account)


def is_live(now: datetime) -> ColumnElement[bool]:
    """The condition that a session still opens the portal."""
    return and_(AccountSession.ended_at.is_(None), AccountSession.expires_at > now, AccountSession.last_used_at > now - IDLE_LIMIT)
