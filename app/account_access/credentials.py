"""Credentials: what opens an account beside its password, and since when.

Here: reading it, by name and date. Not here: removing any (two_factor.resetting, api_keys.service),
the owner's own lists (profile).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.access.two_factor import Method
from app.extensions import db
from app.kernel.i18n import lazy
from app.models import Account, PortalKey
from app.models.portal_key import is_working
from app.passkeys import queries as passkeys
from app.two_factor import apps
from app.two_factor.methods import LABELS


@dataclass(frozen=True)
class Credential:
    """A passkey, an authenticator app or an API key that works."""

    kind: Any
    name: str
    made_at: datetime


def list_for(account: Account, *, now: datetime) -> list[Credential]:
    """Return what opens an account beside its password, oldest first."""
    return sorted(_all(account, now), key=lambda credential: credential.made_at)


def goes_and_stays(
    account: Account, *, since: datetime, now: datetime
) -> tuple[list[Credential], list[Credential]]:
    """Return what an undo takes away of what opens an account, and what its owner has to
    look at."""
    every = list_for(account, now=now)
    return [one for one in every if one.made_at >= since], [
        one for one in every if one.made_at < since
    ]


def _all(account: Account, now: datetime) -> Iterator[Credential]:
    for passkey in passkeys.list_for(account):
        yield Credential(LABELS[Method.PASSKEY], passkey.name, passkey.created_at)
    if app := apps.app_of(account):
        yield Credential(LABELS[Method.APP], "", app.created_at)
    keys = select(PortalKey).where(PortalKey.account_id == account.id, is_working(now))
    for key in db.session.scalars(keys):
        yield Credential(lazy("API key"), key.label, key.created_at)
