"""Cells: how a webhook and its messages are doing, in words.

Here: pure functions for lists and pages. Not here: columns (webhooks.views).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.kernel.i18n import _, lazy
from app.kernel.outgoing import Trouble
from app.models import Webhook, WebhookMessage
from app.screens.formatters import on_date

TROUBLES: dict[str, Any] = {
    Trouble.ADDRESS: lazy("Not an address"),
    Trouble.NAME: lazy("No server of this name"),
    Trouble.INSIDE: lazy("Address in the portal’s own network"),
    Trouble.CERTIFICATE: lazy("Certificate not accepted"),
    Trouble.TIMEOUT: lazy("No answer in time"),
    Trouble.CONNECTION: lazy("Connection failed"),
    Trouble.TOO_LONG: lazy("Answer too long"),
    "secret": lazy("Secret cannot be read"),
}


def state_of(webhook: Webhook) -> str:
    """Whether messages are sent, and arrive."""
    if not webhook.is_active:
        return _("Off")
    if webhook.failing_since is not None:
        return _("Nothing arrives since %(day)s", day=on_date(webhook.failing_since))
    return _("On")


def reason_of(message: WebhookMessage) -> str:
    """What the other server answered last, or why it did not."""
    if message.status is not None:
        return str(message.status)
    return str(TROUBLES.get(message.trouble, ""))


def due_of(message: WebhookMessage) -> datetime | None:
    """When a message that waits is sent next."""
    return message.due_at if message.state == "waiting" else None
