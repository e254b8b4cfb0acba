"""LoginCode: a browser that waits between a right password and a session, and the code that was
mailed to it, if one was.

Here: digests, tries and dates. Not here: making and checking (two_factor.service).
"""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.column_types import UtcDateTime
from app.models.letter import Letter


class LoginCode(Model):
    """A second step that is to be taken, with a code by mail (認証コード) or another way.

    One row per account at most is live with a code; one without may wait beside it for a minute.
    """

    __tablename__ = "login_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id", ondelete="CASCADE"), index=True
    )
    browser_digest: Mapped[str] = mapped_column(String(64), unique=True)
    code_digest: Mapped[str] = mapped_column(String(64))
    """Of the code that was mailed; "" while none was."""
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id", ondelete="SET NULL"))
    tries_left: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_path: Mapped[str] = mapped_column(String(2000), default="")

    account: Mapped[Account] = relationship(Account)
    letter: Mapped[Letter | None] = relationship(Letter)
