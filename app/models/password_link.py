"""PasswordLink: a single-use link to set a password.

Here: its digest, purpose and dates. Not here: sending and using it (passwords.links).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.column_types import UtcDateTime, Word


class LinkPurpose(StrEnum):
    """Why the link was sent: forgotten (60 minutes) or first sign-in (7 days)."""

    FORGOTTEN = "forgotten"
    FIRST = "first"


class PasswordLink(Model):
    """A set-password link."""

    __tablename__ = "password_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id", ondelete="CASCADE"), index=True
    )
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(Word(LinkPurpose))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(Account)
