"""Batch: one thing that is done to many rows, its rows, and the file they came from.

Here: what is to be done, for whom, how far it has come. Not here: what a kind of batch does (each
feature's kinds), running one (batches).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.column_types import UtcDateTime, Word
from app.models.organization import Organization


class BatchState(StrEnum):
    """How far a batch has come."""

    DRAFT = "draft"
    """Its rows are being written."""
    CHECKING = "checking"
    CHECKED = "checked"
    """It waits for somebody's word."""
    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    """No row is left as planned."""
    CANCELLED = "cancelled"
    """Somebody stopped it, or its author may not do it any more: `trouble` says why."""
    FAILED = "failed"
    HELD = "held"
    """It waited when a backup was written that was restored: somebody must release it."""


WAITING = frozenset({BatchState.CHECKING, BatchState.QUEUED, BatchState.RUNNING})
"""States in which a worker has something to do."""
OVER = frozenset({BatchState.FINISHED, BatchState.CANCELLED, BatchState.FAILED})


class RowState(StrEnum):
    """What became of a row."""

    PLANNED = "planned"
    INVALID = "invalid"
    """The check refused it: it is not run."""
    DONE = "done"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class Batch(Model):
    """One thing done to many rows: 一括処理."""

    __tablename__ = "batch"
    __table_args__ = (
        Index("ix_batch_state", "state", "confirmed_at", "id"),
        Index("ix_batch_organization", "organization_id", "created_at", "id"),
        Index(
            "uq_batch_running",
            "organization_id",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    organization_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(String(60))
    permission: Mapped[str] = mapped_column(String(60))
    view: Mapped[str] = mapped_column(String(60))
    """What its author, and whoever looks at it, must be allowed: a line of access.policy."""
    state: Mapped[BatchState] = mapped_column(Word(BatchState), default=BatchState.DRAFT)
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id", ondelete="SET NULL"), index=True
    )
    author_name: Mapped[str] = mapped_column(String(300), default="")
    key_id: Mapped[int | None]
    via: Mapped[str] = mapped_column(String(100), default="")
    """The API key it was asked for with."""
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    source: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The file it came from: name, size, encoding, header …"""
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """By state of a row, and by outcome."""
    total: Mapped[int] = mapped_column(default=0)
    is_whole: Mapped[bool] = mapped_column(default=False)
    """Whether the first refusal stops it and takes back what was done."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a slice was last committed."""
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_token: Mapped[str] = mapped_column(String(40), default="")
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    """How often a worker took it up."""
    trouble: Mapped[str] = mapped_column(String(60), default="")
    """Why it stopped: a word of batches.troubles."""
    heading_id: Mapped[int | None]
    """The line of the log that tells of all of it."""
    idempotency_key: Mapped[str | None] = mapped_column(String(130), unique=True, index=True)
    """The request of a program that began it: its key and the name it gave."""
    undo_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("batch.id", ondelete="SET NULL"), unique=True
    )

    organization: Mapped[Organization | None] = relationship(Organization)
    author: Mapped[Account | None] = relationship(Account)
    undo_of: Mapped[Batch | None] = relationship("Batch", remote_side=[id])

    @property
    def name(self) -> str:
        """How the log calls it."""
        return self.public_id

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    def count(self, *names: str) -> int:
        """How many rows are in these states, or had these outcomes."""
        return sum((self.counts or {}).get(name, 0) for name in names)


class BatchRow(Model):
    """One row of a batch."""

    __tablename__ = "batch_row"
    __table_args__ = (
        Index("ix_batch_row_state", "batch_id", "state", "phase", "number"),
        Index("ix_batch_row_account", "account_id"),
    )

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Its place, from 1."""
    line: Mapped[int | None]
    """The line of the file it stands in."""
    phase: Mapped[int] = mapped_column(default=0)
    """Rows of a lower phase are run first."""
    state: Mapped[RowState] = mapped_column(Word(RowState), default=RowState.PLANNED)
    outcome: Mapped[str] = mapped_column(String(20), default="")
    """What is done to it, in a word of its kind: removed, added …"""
    subject_id: Mapped[int | None]
    """The row it stands for, in the table that its kind knows."""
    account_id: Mapped[int | None]
    """Whom it is about."""
    name: Mapped[str] = mapped_column(String(400), default="")
    sealed_values: Mapped[str | None] = mapped_column(Text)
    """What its line says, encrypted (batches.values)."""
    seen: Mapped[str] = mapped_column(String(64), default="")
    """A digest of what the check rested on."""
    plan: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the check found would change, and its warnings."""
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    activity_id: Mapped[int | None]
    """The line of the log that tells of it."""
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BatchFile(Model):
    """A part of the file that a batch came from, encrypted."""

    __tablename__ = "batch_file"

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True
    )
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed_bytes: Mapped[bytes] = mapped_column(LargeBinary)
