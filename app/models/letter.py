"""Letter: one mail on its way, a row of the outbox.

Here: what is sent to whom, and how far it has come. Not here: posting (outbox.service) and
delivering (outbox.delivery).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.column_types import UtcDateTime, Word


class LetterState(StrEnum):
    """How far a letter has come."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"
    HELD = "held"
    """It waited when a backup was written that was restored: somebody must release it."""


class Letter(Model):
    """A letter: メール. Written in the transaction of what it tells."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_due", "state", "due_at"),
        Index("ix_letter_recipient", "recipient", "kind"),
        Index(
            "ix_letter_batch",
            "batch",
            "recipient",
            sqlite_where=text("batch IS NOT NULL"),
            postgresql_where=text("batch IS NOT NULL"),
        ),
        Index(
            "ix_letter_batch_sent",
            "sent_at",
            sqlite_where=text("batch IS NOT NULL"),
            postgresql_where=text("batch IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    organization_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id", ondelete="SET NULL")
    )
    invite_id: Mapped[int | None] = mapped_column(
        ForeignKey("invite.id", ondelete="SET NULL"), index=True
    )
    batch: Mapped[str | None] = mapped_column(String(20))
    """What was done to many of which it tells (outbox.of_batches)."""
    recipient: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    state: Mapped[LetterState] = mapped_column(Word(LetterState), default=LetterState.WAITING)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stale_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500), default="")

    @property
    def next_try_at(self) -> datetime | None:
        """When it is tried again, if it is."""
        return self.due_at if self.state is LetterState.WAITING else None

    @property
    def refusal(self) -> str:
        """Why it will not arrive, once that is known."""
        return self.reason if self.state in (LetterState.DEAD, LetterState.DROPPED) else ""

    def __repr__(self) -> str:
        return self.subject
