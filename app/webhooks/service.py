"""Webhooks' verbs: beginning one, changing it, a new secret, a test, sending a message again.

Here: what may be written, and what follows from it. Not here: forms and pages (webhooks.views),
sending (webhooks.delivery).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from flask import current_app
from sqlalchemy import func, select

from app.access.seat import Seat
from app.activity import service as activity
from app.activity.webhook_events import WEBHOOK_SECRET_RENEWED, WEBHOOK_TESTED
from app.extensions import db
from app.kernel import outgoing
from app.kernel.errors import Conflict, Refusal
from app.kernel.i18n import lazy
from app.kernel.outgoing import Trouble
from app.models import Organization, Webhook, WebhookMessage
from app.outbox import after_commit
from app.webhooks import collecting, secrets
from app.webhooks.waking import JOB

MOST = 20
TEST = "test"


class TooManyWebhooks(Refusal):
    """An organization has as many webhooks as it may."""

    status = 409
    text = lazy("An organization has at most %(most)s webhooks. Delete one that is not needed.")


class UnusableAddress(Refusal):
    """Messages cannot be sent to an address."""

    status = 422
    field = "address"
    text = lazy("Enter the address of a page, such as https://example.com/.")


class UnknownServer(UnusableAddress):
    """Nobody knows the server's name."""

    text = lazy("There is no server of this name.")


class AddressInside(UnusableAddress):
    """The address leads into the operator's own network."""

    text = lazy(
        "This address leads into the network of the portal itself, where it sends nothing. Enter"
        " one that can be reached from the internet."
    )


class NothingAsked(Refusal):
    """A webhook that asks for nothing."""

    status = 422
    field = "members"
    text = lazy("Choose at least one kind of event.")


class AlreadySent(Conflict):
    """A message that is on its way is not sent a second time."""

    text = lazy("This message is waiting to be sent already.")


REFUSALS: dict[Trouble, type[UnusableAddress]] = {
    Trouble.NAME: UnknownServer,
    Trouble.INSIDE: AddressInside,
}
KINDS = (
    "members",
    "invites",
    "roles",
    "accounts",
    "keys",
    "signing_in",
    "organization_settings",
    "added_screens",
)


def begin(webhook: Webhook, organization: Organization, *, now: datetime) -> str:
    """Prepare a webhook that is about to be added: it is sent what happens from now on. Return its
    secret. Raises UnusableAddress, NothingAsked, TooManyWebhooks.
    """
    count = select(func.count(Webhook.id)).where(Webhook.organization_id == organization.id)
    with db.session.no_autoflush:
        if (db.session.scalar(count) or 0) >= MOST:
            raise TooManyWebhooks(most=MOST)
        ensure_usable(webhook)
        webhook.sent_up_to = collecting.newest_place(organization)
    webhook.created_at, webhook.is_active = now, True
    return secrets.renew(webhook, now=now)


def go_on(webhook: Webhook, organization: Organization) -> None:
    """Let a webhook that is switched on again be sent what happens from now on."""
    with db.session.no_autoflush:
        webhook.sent_up_to = collecting.newest_place(organization)
    webhook.failing_since = None


def ensure_usable(webhook: Webhook) -> None:
    """Raise UnusableAddress or NothingAsked for what cannot work."""
    if not any(getattr(webhook, name) for name in KINDS):
        raise NothingAsked()
    try:
        target = outgoing.read(webhook.address)
        outgoing.resolve(target, current_app.config["SETTINGS"].outgoing_allowed)
    except outgoing.NotReached as error:
        raise REFUSALS.get(error.trouble, UnusableAddress)() from error


def renew_secret(webhook: Webhook, *, by: Seat, now: datetime) -> str:
    """Give a webhook a new secret; messages are signed with both for a day."""
    secret = secrets.renew(webhook, now=now)
    organization = db.session.get_one(Organization, webhook.organization_id)
    activity.record(
        WEBHOOK_SECRET_RENEWED, now=now, by=by, organization=organization, subject=webhook
    )
    return secret


def send_test(webhook: Webhook, *, by: Seat, now: datetime) -> WebhookMessage:
    """Send a message that tells of nothing but the test."""
    organization = db.session.get_one(Organization, webhook.organization_id)
    moment = now.astimezone(UTC).isoformat().replace("+00:00", "Z")
    body = {"type": TEST, "timestamp": moment, "organization": organization.code, "data": {}}
    message = collecting.add_message(webhook, TEST, json.dumps(body), now=now)
    activity.record(WEBHOOK_TESTED, now=now, by=by, organization=organization, subject=webhook)
    after_commit.run_job(JOB)
    return message


def send_again(message: WebhookMessage, *, now: datetime) -> None:
    """Let a message be sent once more, with all its tries ahead. Raises AlreadySent."""
    if message.state == "waiting" and message.attempts == 0:
        raise AlreadySent()
    message.state, message.attempts, message.due_at = "waiting", 0, now
    after_commit.run_job(JOB)
