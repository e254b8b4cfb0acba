"""AccountSession: one signed-in browser.

Here: the row that a cookie's key points to. Not here: opening and ending it (sessions.service).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_appbuilder import Model
from sqlalchemy import BindParameter, ColumnElement, ForeignKey, String, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.column_types import UtcDateTime

LIFE = timedelta(hours=12)
"""How long a session lasts at most, where no organization says otherwise."""
IDLE_LIMIT = timedelta(minutes=30)
"""How long it lasts unused, where no organization says otherwise."""


class AccountSession(Model):
    """A session: セッション. It lives while `ended_at` is empty and neither `expires_at` nor
    `idle_until` has passed.
    """

    __tablename__ = "account_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id", ondelete="CASCADE"), index=True
    )
    key_digest: Mapped[str] = mapped_column(String(64), unique=True)
    organization_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    idle_until: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it ends unless it is used before."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When its owner last proved who they are: at sign-in, or asked again since."""
    method: Mapped[str] = mapped_column(String(20), default="password")
    """What it was opened with, beside or instead of the password: password (nothing), mail, app,
    recovery, passkey, device.
    """
    ip: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(300), default="")

    account: Mapped[Account] = relationship(Account)


def is_live(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """The condition that a session still opens the portal."""
    return and_(
        AccountSession.ended_at.is_(None),
        AccountSession.expires_at > now,
        AccountSession.idle_until > now,
    )
