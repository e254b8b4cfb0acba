"""Webhook: an address of another program that an organization's events are sent to, and what was
sent.

Here: tables. Not here: what is sent (webhooks.payload), when (webhooks.delivery).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.i18n import lazy
from app.models.base import OrganizationModel
from app.models.column_types import Choice, Link, UtcDateTime

SECRET = {"secret": True}
"""What no list, log, file or program is told."""


class Webhook(OrganizationModel):
    """Where an organization's events are sent: Webhook."""

    __tablename__ = "webhook"

    name: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(Link)
    members: Mapped[bool] = mapped_column(default=True)
    invites: Mapped[bool] = mapped_column(default=True)
    roles: Mapped[bool] = mapped_column(default=True)
    accounts: Mapped[bool] = mapped_column(default=True)
    keys: Mapped[bool] = mapped_column(default=False)
    signing_in: Mapped[bool] = mapped_column(default=False)
    organization_settings: Mapped[bool] = mapped_column(default=False)
    added_screens: Mapped[bool] = mapped_column(default=False)
    includes_names: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    secret: Mapped[str] = mapped_column(Text, info=SECRET)
    former_secret: Mapped[str] = mapped_column(Text, default="", info=SECRET)
    former_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when what is sent is signed with the former secret as well."""
    sent_up_to: Mapped[int] = mapped_column(BigInteger)
    """The place in the log of the last line that was looked at."""
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when nothing has arrived."""


class WebhookMessage(OrganizationModel):
    """One event on its way to one webhook, and what came of it."""

    __tablename__ = "webhook_message"
    __table_args__ = (
        UniqueConstraint("organization_id", "message_id"),
        Index("ix_webhook_message_due", "state", "due_at"),
        Index("ix_webhook_message_webhook", "webhook_id", "id"),
    )

    event: Mapped[str] = mapped_column(String(60))
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    webhook: Mapped[Webhook] = relationship(Webhook)
    message_id: Mapped[str] = mapped_column(String(40))
    """The same in every try: who receives it twice knows it by this."""
    state: Mapped[str] = mapped_column(
        Choice(waiting=lazy("Waiting"), arrived=lazy("Arrived"), failed=lazy("Failed"))
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[int | None]
    """What the other server answered last: the number of HTTP."""
    trouble: Mapped[str] = mapped_column(String(20), default="")
    """Why it did not answer (kernel.outgoing)."""
    milliseconds: Mapped[int | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    """The beginning of its answer, a kilobyte at most."""
    body: Mapped[str] = mapped_column(Text)
