"""Letters: an organization's power users hear that a webhook was switched off.

Here: to whom. Not here: when (webhooks.results), the words (templates/mail).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from app.models import Account, Organization, Webhook
from app.outbox import service as outbox
from app.outbox.message import UnsendableAddress
from app.oversight import queries


def tell_stopped(webhook: Webhook, organization: Organization, *, now: datetime) -> None:
    """Tell those who are told what happens to an organization."""
    for account in queries.hearers(organization.id):
        with suppress(UnsendableAddress):
            outbox.post(stopped(webhook, organization, account), now=now)


def stopped(webhook: Webhook, organization: Organization, account: Account) -> outbox.Draft:
    """Draft the letter to one of them."""
    link = outbox.portal_url(f"/o/{organization.code}/webhooks/show/{webhook.id}")
    return outbox.Draft(
        kind="webhook_stopped",
        to=account.email,
        language=account.language,
        words={"account": account, "webhook": webhook, "link": link},
        organization=organization,
    )
