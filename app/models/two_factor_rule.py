"""What goes with an organization's 2-step rule: members who are excepted for a while, and reminders
that were sent.

Here: rows. Not here: the rule itself (organization), who is missing (organizations).
"""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.column_types import UtcDateTime
from app.models.membership import Membership


class TwoFactorException(Model):
    """A member for whom the organization's 2-step rule does not hold until a date: 例外."""

    __tablename__ = "two_factor_exception"

    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(
        ForeignKey("membership.id", ondelete="CASCADE"), unique=True
    )
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500))
    granted_by: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    membership: Mapped[Membership] = relationship(Membership)


class TwoFactorReminder(Model):
    """A reminder that went to a member: so many days before a deadline, once."""

    __tablename__ = "two_factor_reminder"
    __table_args__ = (UniqueConstraint("membership_id", "deadline", "days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    deadline: Mapped[datetime] = mapped_column(UtcDateTime)
    days: Mapped[int]
