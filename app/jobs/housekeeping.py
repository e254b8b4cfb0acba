"""Housekeeping: what has had its time is swept away.

Here: one table of what is kept for how long, and the sweep. Not here: when it runs (app.schedule).
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_appbuilder import Model
from sqlalchemy import ColumnElement, delete, or_

from app.extensions import db
from app.models import (
    AccountSession,
    Batch,
    BatchState,
    EmailChange,
    Letter,
    LetterState,
    LoginCode,
    PasskeyQuestion,
    PasswordLink,
    Rate,
    TrustedDevice,
    WebhookMessage,
)
from app.outbox.mailbox import LocalMailbox

JOB = "sweep"
DAY = timedelta(days=1)
LETTERS_KEPT = 30 * DAY
KEPT = (LetterState.WAITING, LetterState.HELD)
"""Letters that are kept as long as it takes."""

log = logging.getLogger(__name__)


def outlived(now: datetime) -> dict[type[Model], ColumnElement[bool]]:
    """Name what goes, table by table: over for a day, or as long as somebody may still ask what
    became of it.
    """
    over = now - DAY
    return {
        AccountSession: or_(
            AccountSession.ended_at < over,
            AccountSession.expires_at < over,
            AccountSession.idle_until < over,
        ),
        LoginCode: LoginCode.expires_at < over,
        PasskeyQuestion: PasskeyQuestion.expires_at < over,
        PasswordLink: PasswordLink.expires_at < now - 30 * DAY,
        EmailChange: EmailChange.created_at < now - 30 * DAY,
        TrustedDevice: or_(TrustedDevice.ended_at < over, TrustedDevice.expires_at < over),
        Rate: Rate.ends_at < now,
        Batch: Batch.state.in_((BatchState.DRAFT, BatchState.CHECKED)) & (Batch.created_at < over),
        WebhookMessage: WebhookMessage.created_at < now - LETTERS_KEPT,
        Letter: (Letter.created_at < now - LETTERS_KEPT) & Letter.state.not_in(KEPT),
    }


def sweep(now: datetime) -> dict[str, int]:
    """Delete what has had its time, committing table by table; return how many rows went from
    where.
    """
    gone = {table.__tablename__: _delete(table, which) for table, which in outlived(now).items()}
    settings = current_app.config["SETTINGS"]
    if settings.local_mailbox:
        gone["mailbox"] = LocalMailbox(settings.instance_path).clear(now - LETTERS_KEPT)
    log.info("swept: %s", ", ".join(f"{count} {name}" for name, count in gone.items()))
    return gone


def _delete(table: type[Model], which: ColumnElement[bool]) -> int:
    result: Any = db.session.execute(
        delete(table).where(which).execution_options(synchronize_session=False, unscoped=True)
    )
    db.session.commit()
    return int(result.rowcount)
