"""Letters: an organization's power users hear that a webhook was switched off.

Here: to whom. Not here: when (webhooks.results), the words (templates/mail).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from app.models import Organization, Webhook
from app.outbox import service as outbox
from app.outbox.message import UnsendableAddress
from app.oversight import queries


def tell_stopped(webhook: Webhook, organization: Organization, *, now: datetime) -> None:
    """Tell those who are told what happens to an organization."""
    link = outbox.portal_url(f"/o/{organization.code}/webhooks/show/{webhook.id}")
    for account in queries.hearers(organization.id):
        with suppress(UnsendableAddress):
            outbox.post(
                outbox.Draft(
                    kind="webhook_stopped",
                    to=account.email,
                    language=account.language,
                    words={"account": account, "webhook": webhook, "link": link},
                    organization=organization,
                ),
                now=now,
            )
