"""Held: what opens an account beside its password, and since when.

Here: reading it, by name and date. Not here: removing any (two_factor.resetting, accounts.keys),
the owner's own lists (profile).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.access.two_factor import Method
from app.accounts import keys
from app.extensions import db
from app.kernel.i18n import lazy
from app.models import Account
from app.passkeys import queries as passkeys
from app.two_factor import apps
from app.two_factor.methods import LABELS


@dataclass(frozen=True)
class Opener:
    """A passkey, an authenticator app or an API key that works."""

    kind: Any
    name: str
    made_at: datetime


def of(account: Account, *, now: datetime) -> list[Opener]:
    """Return what opens an account beside its password, oldest first."""
    return sorted(_all(account, now), key=lambda one: one.made_at)


def _all(account: Account, now: datetime) -> Iterator[Opener]:
    for passkey in passkeys.of(account):
        yield Opener(LABELS[Method.PASSKEY], passkey.name, passkey.created_at)
    if app := apps.app_of(account):
        yield Opener(LABELS[Method.APP], "", app.created_at)
    for key in db.session.scalars(keys.working_of(account, now=now)):
        yield Opener(lazy("API key"), key.label, key.created_at)
