"""Letters about an account: registered, changed, suspended, reinstated, and links to set its
password and to confirm its address.

Here: who is told what. Not here: posting (outbox.service), the words (templates/mail/).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.access.seat import Seat
from app.accounts import email_undo_links
from app.activity.words import LABELS
from app.models import Account, EmailChange
from app.outbox.service import Draft, portal_url
from app.passwords.mail import set_link

TOLD = ("login_id", "email", "family_name", "given_name", "reading", "latin_name", "two_factor")
"""What somebody else may not change unnoticed; the rest are preferences."""


def identity_changed(
    account: Account,
    changed: set[str],
    *,
    old_email: str,
    undo: str = "",
    by: Seat | Account | None,
    now: datetime,
) -> list[Draft]:
    """Return the letters that say what changed, to the old and the new address (D-C3). The old one
    does not learn the new one.

    `undo` is the token with which the old address takes the change back.
    """
    named = [name for name in TOLD if name in changed]
    if not named:
        return []
    actor = by.account if isinstance(by, Seat) else by
    words = {
        "account": account,
        "changed": [LABELS[name] for name in named],
        "two_factor": account.two_factor if "two_factor" in named else None,
        "by": actor,
        "by_self": actor is account,
        "at": now,
        "link": portal_url("/profile/"),
    }
    addresses = dict.fromkeys([account.email, old_email])
    return [
        Draft(
            kind="account_changed",
            to=address,
            language=account.language,
            words=words | _old_address(address != account.email, undo, now),
        )
        for address in addresses
    ]


def email_confirm(change: EmailChange, token: str, *, now: datetime) -> Draft:
    """The link that proves that somebody reads a new address, or the one they have."""
    account = change.account
    words = {
        "account": account,
        "is_change": not change.is_verification,
        "link": portal_url(f"/email/confirm/{token}"),
        "expires_at": change.expires_at,
        "asked_at": now,
    }
    return Draft(
        "email_confirm",
        change.new_email,
        account.language,
        words,
        stale_after=change.expires_at - now,
    )


def email_change_asked(account: Account, *, now: datetime) -> Draft:
    """What the address of an account hears at once when somebody wants to change it."""
    words = {
        "account": account,
        "asked_at": now,
        "link": portal_url("/profile/"),
        "password_link": portal_url("/password/change/"),
    }
    return Draft("email_change_asked", account.email, account.language, words)


def _old_address(is_old: bool, undo: str, now: datetime) -> dict[str, Any]:
    link = portal_url(f"/email/undo/{undo}") if is_old and undo else ""
    return {"moved_from": is_old, "undo_link": link, "undo_until": now + email_undo_links.LIFE}


def registered(account: Account, token: str, *, life: timedelta, now: datetime) -> Draft:
    """The link with which somebody whom the platform administrator registered sets a password
    (S2-12).
    """
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
