"""Organization: a roster of members under one name and one set of rules.

Here: its name, code and settings. Not here: who belongs to it (membership).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from flask_appbuilder import Model
from sqlalchemy import String, false
from sqlalchemy.orm import Mapped, mapped_column

from app.models.column_types import UtcDateTime, Word


class PasswordPolicyName(StrEnum):
    """The two policies of D-C5."""

    CLASSIC = "classic"
    LENGTH = "length"


class FirstLogin(StrEnum):
    """How a registered member first signs in (D-C4)."""

    LINK = "link"
    PASSWORD = "password"


class Organization(Model):
    """An organization: 組織."""

    __tablename__ = "organization"
    __table_args__ = {"sqlite_autoincrement": True}
    """The id of a deleted organization is never used again: its log stays, without a foreign key.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(128))
    latin_name: Mapped[str] = mapped_column(String(128), default="")
    language: Mapped[str] = mapped_column(String(10), default="en")
    time_zone: Mapped[str] = mapped_column(String(64))
    """Its days begin and end in it; whoever it registers has it until their browser is known."""
    password_policy: Mapped[PasswordPolicyName] = mapped_column(
        Word(PasswordPolicyName), default=PasswordPolicyName.CLASSIC
    )
    first_login: Mapped[FirstLogin] = mapped_column(Word(FirstLogin), default=FirstLogin.LINK)
    two_factor_required: Mapped[bool] = mapped_column(default=False)
    two_factor_strong: Mapped[bool] = mapped_column(default=False)
    """Whether codes by mail are not enough."""
    two_factor_deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From when on the rule withholds access; None for at once."""
    session_idle_minutes: Mapped[int] = mapped_column(default=30)
    session_hours: Mapped[int] = mapped_column(default=12)
    grant_only_held: Mapped[bool] = mapped_column(default=False)
    """Whether nobody gives any authority that they do not hold themselves, ordinary ones too."""
    log_kept_days: Mapped[int | None]
    """For how long lines of the activity log are kept; None for ever."""
    has_webhooks: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a webhook of its is on (webhooks.waking)."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def name_in(self, language: str) -> str:
        """The name for readers of a language: the Latin one for those who read no Japanese."""
        return self.name if language.startswith("ja") or not self.latin_name else self.latin_name

    def __repr__(self) -> str:
        return self.name
