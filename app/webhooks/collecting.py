"""Collecting: lines of the log that webhooks ask for become messages, each line once.

Here: going on from where a webhook stands in its organization's chain, whose places are given in
the order in which transactions are committed: nothing is left out, and writing a line costs nothing
more. Not here: sending (webhooks.delivery).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from app.extensions import db
from app.kernel.tokens import new_public_id
from app.models import Activity, ActivitySeal, Organization, Webhook, WebhookMessage
from app.webhooks.payload import body_of, is_wanted

MOST = 500
"""Lines that are looked at in one statement."""


def collect(now: datetime) -> bool:
    """Make messages of the next lines of each webhook, committing; return whether there may be
    more.
    """
    found: dict[int, list[Any]] = defaultdict(list)
    rows = db.session.execute(_next_lines()).all()
    for row in rows:
        found[row.Webhook.id].append(row)
    for mine in found.values():
        _collect(mine[0].Webhook, mine[0].code, mine, now)
    return len(rows) == MOST


def newest_place(organization: Organization) -> int:
    """Return the place of the newest line of an organization's log: where a webhook begins."""
    query = select(func.max(ActivitySeal.sequence)).where(ActivitySeal.log_id == organization.id)
    return db.session.scalar(query) or 0


def add_message(webhook: Webhook, event: str, body: str, *, now: datetime) -> WebhookMessage:
    """Add one message to what is sent."""
    message = WebhookMessage(**_message(webhook, event, body, now))
    db.session.add(message)
    return message


def _next_lines() -> Any:
    return (
        select(Webhook, Activity, ActivitySeal.sequence, Organization.code)
        .join(Organization, Organization.id == Webhook.organization_id)
        .join(
            ActivitySeal,
            (ActivitySeal.log_id == Webhook.organization_id)
            & (ActivitySeal.sequence > Webhook.sent_up_to),
        )
        .join(Activity, Activity.id == ActivitySeal.activity_id)
        .where(Webhook.is_active)
        .order_by(Webhook.id, ActivitySeal.sequence)
        .limit(MOST)
    )


def _collect(webhook: Webhook, code: str, rows: list[Any], now: datetime) -> None:
    """Add the messages of one webhook, unless another worker has done so meanwhile."""
    moved = db.session.scalar(
        update(Webhook)
        .where(Webhook.id == webhook.id, Webhook.sent_up_to == webhook.sent_up_to)
        .values(sent_up_to=rows[-1].sequence)
        .returning(Webhook.id),
        execution_options={"unscoped": True, "synchronize_session": False},
    )
    messages = [
        _message(webhook, line.event, _body(webhook, line, code), now)
        for line in (row.Activity for row in rows)
        if is_wanted(webhook, line)
    ]
    if moved is not None and messages:
        db.session.execute(insert(WebhookMessage), messages, execution_options={"unscoped": True})
    db.session.commit()


def _body(webhook: Webhook, line: Activity, code: str) -> str:
    return body_of(line, organization=code, with_names=webhook.includes_names)


def _message(webhook: Webhook, event: str, body: str, now: datetime) -> dict[str, Any]:
    return {
        "organization_id": webhook.organization_id,
        "webhook_id": webhook.id,
        "message_id": f"msg_{new_public_id()}{new_public_id()}",
        "event": event,
        "state": "waiting",
        "created_at": now,
        "due_at": now,
        "body": body,
    }
