"""Activity: one thing that happened, kept after everybody in it has gone.

Here: a row without foreign keys, names as they were; its seal; what was allowed to go. Not here:
which things can happen (activity.events).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.column_types import UtcDateTime


class Activity(Model):
    """A line of the activity log: アクティビティログ. Append only."""

    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_organization", "organization_id", "happened_at", "id"),
        Index("ix_activity_happened_at", "happened_at", "id"),
        Index("ix_activity_subject", "organization_id", "subject_id", "happened_at", "id"),
        Index("ix_activity_actor", "organization_id", "actor_id", "happened_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    organization_id: Mapped[int | None]
    event: Mapped[str] = mapped_column(String(60), index=True)
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(300), default="")
    as_platform: Mapped[bool] = mapped_column(default=False)
    subject_id: Mapped[int | None]
    subject_name: Mapped[str] = mapped_column(String(400), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    via: Mapped[str] = mapped_column(String(100), default="")
    """The API key that it was done with, by name and prefix; "" for a person in a browser."""
    undoes_id: Mapped[int | None] = mapped_column(index=True)
    """The line that this one took back."""
    batch: Mapped[str | None] = mapped_column(String(20), index=True)
    """What lines have in common that were written by one verb for many at once."""


class ActivitySeal(Model):
    """What makes a changed or missing line show: the digest of each line, chained to the one
    before in its log, and signed.
    """

    __tablename__ = "activity_seal"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Its place in its chain, from 1."""
    activity_id: Mapped[int] = mapped_column(unique=True)
    organization_id: Mapped[int | None]
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Whose line, and when: after it has gone, what tells whether it was allowed to."""
    line_digest: Mapped[str] = mapped_column(String(64))
    chain: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(16), server_default="")
    """Which key signed it; "" for seals from before there were keys."""
    signature: Mapped[str] = mapped_column(String(64), server_default="")
    log_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default="-1")
    """Which chain it stands in: an organization's, by its id, or one of log_integrity.chains."""


class ActivityPruning(Model):
    """What was allowed to go: lines older than a date, by the retention that an organization chose.
    The log says so in a line of its own.
    """

    __tablename__ = "activity_pruning"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(unique=True)
    organization_id: Mapped[int | None] = mapped_column(index=True)
    before: Mapped[datetime] = mapped_column(UtcDateTime)
    chosen_id: Mapped[int | None]
    """The line in which the organization chose how long its log is kept; None for old ones."""
    pruned_at: Mapped[datetime] = mapped_column(UtcDateTime)
