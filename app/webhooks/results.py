"""Results: what follows from another server's answer: done, later, given up, switched off.

Here: the schedule of tries, when a webhook is switched off and who is told. Not here: asking
(webhooks.delivery).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from sqlalchemy import update

from app.activity import service as activity
from app.activity.webhook_events import WEBHOOK_STOPPED
from app.extensions import db
from app.models import Organization, Webhook, WebhookMessage
from app.webhooks import mail

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=10),
)
"""The wait after the first, second … try; after the last one a message is given up."""
LONGEST_PAUSE = timedelta(hours=24)
PATIENCE = timedelta(days=5)
"""How long nothing may arrive before a webhook is switched off."""
GONE = 410
"""The answer by which a server says that it wants nothing more."""
ASK_LATER = frozenset({429, 503})
KEPT_ANSWER = 1024

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """What came of a try: an answer, or the trouble on the way."""

    status: int | None = None
    answer: str = ""
    retry_after: str = ""
    trouble: str = ""
    milliseconds: int = 0

    @property
    def has_arrived(self) -> bool:
        """Whether the other server took the message."""
        return self.status is not None and 200 <= self.status < 300


NO_SECRET = Result(trouble="secret")
"""What it is signed with cannot be read: SECRET_KEY was lost."""


def settle(message: WebhookMessage, result: Result, *, now: datetime) -> None:
    """Keep what came of a try, and what follows from it; committed."""
    message.tried_at, message.milliseconds = now, result.milliseconds
    message.status, message.trouble = result.status, result.trouble
    message.answer, message.lease_until = result.answer[:KEPT_ANSWER], None
    if result.has_arrived:
        message.state = "arrived"
        _note_failing(message.webhook, None)
    elif result.status == GONE:
        message.state = "failed"
        _stop(message.webhook, now=now)
    else:
        _try_later(message, result, now)
        if _is_given_up(message.webhook, now):
            _stop(message.webhook, now=now)
    db.session.commit()


def pause_after(attempts: int, result: Result, *, now: datetime) -> timedelta | None:
    """How long to wait after so many tries; None to give up."""
    if attempts > len(PAUSES):
        return None
    pause = PAUSES[attempts - 1]
    if result.status not in ASK_LATER:
        return pause
    return max(pause, min(_asked_for(result.retry_after, now), LONGEST_PAUSE))


def _asked_for(text: str, now: datetime) -> timedelta:
    """Read Retry-After: seconds, or a moment; nothing where it says neither."""
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), LONGEST_PAUSE.total_seconds()))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return timedelta()
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now


def _try_later(message: WebhookMessage, result: Result, now: datetime) -> None:
    pause = pause_after(message.attempts, result, now=now)
    if pause is None:
        message.state = "failed"
    else:
        message.due_at = now + pause
    if message.webhook.failing_since is None:
        _note_failing(message.webhook, now)


def _note_failing(webhook: Webhook, since: datetime | None) -> None:
    """Keep since when nothing arrives, past the version: whoever edits the webhook is not told that
    somebody else has.
    """
    if webhook.failing_since == since:
        return
    statement = update(Webhook).where(Webhook.id == webhook.id).values(failing_since=since)
    db.session.execute(statement, execution_options={"unscoped": True})


def _is_given_up(webhook: Webhook, now: datetime) -> bool:
    return webhook.failing_since is not None and now - webhook.failing_since >= PATIENCE


def _stop(webhook: Webhook, *, now: datetime) -> None:
    """Switch a webhook off and tell the organization's power users."""
    if not webhook.is_active:
        return
    webhook.is_active = False
    organization = db.session.get_one(Organization, webhook.organization_id)
    activity.record(WEBHOOK_STOPPED, now=now, by=None, organization=organization, subject=webhook)
    mail.tell_stopped(webhook, organization, now=now)
    log.warning("webhook %s is switched off: nothing arrives", webhook.id)
