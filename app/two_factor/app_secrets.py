"""Secrets of authenticator apps: encrypted in the database, and in the form that offers one.

Here: encrypting and reading them, and all of them anew when SECRET_KEY changed. Not here: codes
(steps), enrolling an app (apps), tokens of before Fernet (migration 0015).
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update

from app.extensions import db
from app.kernel.encryption import Undecryptable, decrypt, encrypt
from app.models import Account, AuthenticatorApp

KEPT, OFFERED = "authenticator app", "authenticator app, offered"
OFFER_LIFE = timedelta(minutes=10)
log = logging.getLogger(__name__)


def encrypted(secret: str, *, now: datetime) -> str:
    """Return what the database keeps of a secret, under the newest key."""
    return encrypt(secret, secrets=_keys(), purpose=KEPT, now=now)


def read(token: str, *, now: datetime) -> str | None:
    """Return the secret that the database keeps so, None where no key of ours reads it."""
    try:
        return decrypt(token, secrets=_keys(), purpose=KEPT, now=now)
    except Undecryptable:
        log.warning(
            "the secret of an authenticator app cannot be read: it was encrypted under a SECRET_KEY"
            " that SECRET_KEY_FALLBACKS does not name"
        )
        return None


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
    unread, app = [], AuthenticatorApp
    rows = select(app.id, app.encrypted_secret, Account.username).join(app.account)
    for pk, token, login_id in db.session.execute(rows.order_by(Account.username)).all():
        if _is_newest(token, now=now):
            continue
        secret = read(token, now=now)
        if secret is None:
            unread.append(login_id)
            continue
        db.session.execute(
            update(app)
            .where(app.id == pk, app.encrypted_secret == token)
            .values(encrypted_secret=encrypted(secret, now=now)),
            execution_options={"synchronize_session": False},
        )
    return unread


def _is_newest(token: str, *, now: datetime) -> bool:
    try:
        decrypt(token, secrets=_keys()[:1], purpose=KEPT, now=now)
    except Undecryptable:
        return False
    return True


def _keys() -> tuple[str, ...]:
    return (current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"])
