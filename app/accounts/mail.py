"""Letters about an account: registered, changed, suspended, reinstated, and a link to set its password.

Here: who is told what. Not here: posting (outbox.service), the words (templates/mail/).
"""
from __future__ import annotations

from datetime import datetime, timedelta

from app.access.seat import Seat
from app.activity.words import LABELS
from app.models import Account
from app.outbox.service import Draft, portal_url
from app.passwords.mail import set_link

TOLD = ("login_id", "email", "family_name", "given_name", "reading", "latin_name", "two_factor")
"""What somebody else may not change unnoticed; the rest are preferences."""


def identity_changed(account: Account, changed: set[str], *, old_email: str, by: Seat | Account | None, now: datetime) -> list[Draft]:
    """Return the letters that say what changed, to the old and the new address (D-C3). The old one does not learn the new one."""
    named = [name for name in TOLD if name in changed]
    if not named:
        return []
    actor = by.account if isinstance(by, Seat) else by
    words = {
        "account": account, "changed": [LABELS[name] for name in named], "two_factor": account.two_factor if "two_factor" in named else None,
        "by": actor, "by_self": actor is account, "at": now, "link": portal_url("/profile/"),
    }
    addresses = dict.fromkeys([account.email, old_email])
    return [
        Draft(kind="account_changed", to=address, language=account.language, words=words | {"moved_from": address != account.email})
        for address in addresses
    ]


def registered(account: Account, token: str, *, life: timedelta, now: datetime) -> Draft:
    """The link with which somebody whom the platform administrator registered sets a password (S2-12)."""
    words = {"account": account, "link": set_link(token), "expires_at": now + life}
    return Draft("account_registered", account.email, account.language, words, stale_after=life)


def password_link(account: Account, token: str, *, life: timedelta, now: datetime) -> Draft:
    """A link to set a new password that the platform administrator sends."""
    words = {"account": account, "link": set_link(token), "expires_at": now + life}
    return Draft("password_link", account.email, account.language, words, stale_after=life)


def suspended(account: Account, *, by: Seat, now: datetime) -> Draft:
    """「アカウント停止のお知らせ」"""
    words = {"account": account, "by": by.account, "at": now, "reason": account.suspended_reason}
    return Draft("account_suspended", account.email, account.language, words)


def reinstated(account: Account, *, by: Seat, now: datetime) -> Draft:
    """「アカウント再有効化のお知らせ」"""
    words = {"account": account, "by": by.account, "at": now, "link": portal_url("/login/")}
    return Draft("account_reinstated", account.email, account.language, words)
