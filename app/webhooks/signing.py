"""Signing: how a receiver knows that a message is ours (Standard Webhooks, symmetric).

Here: secrets and signatures. Not here: keeping a secret (webhooks.service).
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes

MARK = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """Make a secret as receivers' libraries take it."""
    return MARK + b64encode(token_bytes(SECRET_BYTES)).decode()


def headers(body: str, *, message_id: str, secrets: Iterable[str], now: datetime) -> dict[str, str]:
    """Return what is sent along with a body, signed with each of these secrets: a receiver needs
    one of them.
    """
    moment = str(int(now.timestamp()))
    signed = f"{message_id}.{moment}.{body}".encode()
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(_signature(signed, secret) for secret in secrets),
    }


def _signature(signed: bytes, secret: str) -> str:
    key = b64decode(secret.removeprefix(MARK))
    return "v1," + b64encode(hmac.new(key, signed, sha256).digest()).decode()
