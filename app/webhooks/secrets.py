"""Secrets: what a webhook's messages are signed with, encrypted in the database.

Here: making, replacing and reading them. Not here: signatures (webhooks.signing).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app

from app.kernel.encryption import decrypt, encrypt
from app.models import Webhook
from app.webhooks.signing import new_secret

PURPOSE = "webhook"
BOTH_VALID = timedelta(hours=24)
"""How long messages are signed with the former secret as well."""


def renew(webhook: Webhook, *, now: datetime) -> str:
    """Give a webhook a new secret and return it; nobody is told it again."""
    secret = new_secret()
    if webhook.secret:
        webhook.former_secret, webhook.former_until = webhook.secret, now + BOTH_VALID
    webhook.secret = encrypt(secret, secrets=_keys(), purpose=PURPOSE, now=now)
    return secret


def valid(webhook: Webhook, *, now: datetime) -> list[str]:
    """Return the secrets that messages are signed with, the newest first. Raises Undecryptable
    where SECRET_KEY was lost.
    """
    kept = [webhook.secret]
    if webhook.former_until is not None and now < webhook.former_until:
        kept.append(webhook.former_secret)
    return [decrypt(one, secrets=_keys(), purpose=PURPOSE, now=now) for one in kept]


def _keys() -> tuple[str, ...]:
    settings = current_app.config["SETTINGS"]
    return (settings.secret_key, *settings.secret_key_fallbacks)
