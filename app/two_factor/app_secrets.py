"""Secrets of authenticator apps: encrypted in the database, and in the form that offers one.

Here: encrypting and reading them, and all of them anew when SECRET_KEY changed. Not here: codes
(steps), enrolling an app (apps), tokens of before Fernet (migration 0015).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import bindparam, select, update

from app.extensions import db
from app.kernel.encryption import Undecryptable, decrypt, encrypt
from app.models import Account, AuthenticatorApp

KEPT, OFFERED = "authenticator app", "authenticator app, offered"
OFFER_LIFE = timedelta(minutes=10)
log = logging.getLogger(__name__)
_REPLACE = (
    update(AuthenticatorApp)
    .where(
        AuthenticatorApp.id == bindparam("pk"),
        AuthenticatorApp.encrypted_secret == bindparam("old"),
    )
    .values(encrypted_secret=bindparam("new"))
)
"""Unless its owner has used the app meanwhile."""


def encrypted(secret: str, *, now: datetime) -> str:
    """Return what the database keeps of a secret, under the newest key."""
    return encrypt(secret, secrets=_keys(), purpose=KEPT, now=now)


def read(token: str, *, now: datetime) -> str | None:
    """Return the secret that the database keeps so, None where no key of ours reads it."""
    secret = _read(token, _keys(), now=now)
    if secret is None:
        log.warning(
            "the secret of an authenticator app cannot be read: it was encrypted under a SECRET_KEY"
            " that SECRET_KEY_FALLBACKS does not name"
        )
    return secret


def offered(account: Account, secret: str, *, now: datetime) -> str:
    """Return a secret as the form keeps it until a code proves that the app has it."""
    return encrypt(f"{account.id}:{secret}", secrets=_keys(), purpose=OFFERED, now=now)


def read_offered(account: Account, token: str, *, now: datetime) -> str | None:
    """Return the secret that was offered to this account within the last ten minutes."""
    try:
        text = decrypt(token, secrets=_keys(), purpose=OFFERED, now=now, within=OFFER_LIFE)
    except Undecryptable:
        return None
    owner, _colon, secret = text.partition(":")
    return secret if owner == str(account.id) else None


def encrypt_anew(*, now: datetime) -> list[str]:
    """Encrypt under SECRET_KEY what a fallback still reads, so that the fallback may go; return the
    login IDs of those whose app no key of ours reads, which stay as they are.
    """
    unread, changed, app = [], [], AuthenticatorApp
    rows = select(app.id, app.encrypted_secret, Account.username).join(app.account)
    for pk, token, login_id in db.session.execute(rows.order_by(Account.username)).all():
        if _read(token, _keys()[:1], now=now) is not None:
            continue
        secret = _read(token, _keys(), now=now)
        if secret is None:
            unread.append(login_id)
        else:
            changed.append({"pk": pk, "old": token, "new": encrypted(secret, now=now)})
    if changed:
        db.session.connection().execute(_REPLACE, changed)
    return unread


def _read(token: str, keys: Sequence[str], *, now: datetime) -> str | None:
    try:
        return decrypt(token, secrets=keys, purpose=KEPT, now=now)
    except Undecryptable:
        return None


def _keys() -> tuple[str, ...]:
    return (current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"])
