"""Letters about passwords.

Here: what they tell. Not here: sending (outbox), the sentences (templates/mail/).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.models import Account, Organization
from app.outbox.service import Draft, portal_url


def password_forgotten(account: Account, token: str, *, life: timedelta, now: datetime) -> Draft:
    """A link to set a new password."""
    words = {
        "account": account,
        "link": set_link(token),
        "minutes": int(life.total_seconds() // 60),
        "asked_at": now,
    }
    return Draft("password_forgotten", account.email, account.language, words, stale_after=life)


def first_sign_in_link(
    account: Account, organization: Organization, token: str, *, expires_at: datetime
) -> Draft:
    """The link with which a registered member sets a password (D-C4 `link`)."""
    words = {"account": account, "link": set_link(token), "expires_at": expires_at}
    return Draft(
        "first_sign_in_link", account.email, account.language, words, organization=organization
    )


def first_sign_in_password(
    account: Account, organization: Organization, password: str, *, expires_at: datetime
) -> Draft:
    """Login ID, password and address, as the document has it (S2-13, D-C4 `password`)."""
    words = {
        "account": account,
        "password": password,
        "link": portal_url("/login/"),
        "expires_at": expires_at,
    }
    return Draft(
        "first_sign_in_password", account.email, account.language, words, organization=organization
    )


def password_changed(account: Account, *, by: Account | None, is_own: bool, now: datetime) -> Draft:
    """A notice that the password changed, and by whom; `by` is None for oneself and for the
    operator's commands.
    """
    words = {
        "account": account,
        "by": by,
        "is_own": is_own,
        "happened_at": now,
        "link": portal_url("/password/forgot/"),
    }
    return Draft("password_changed", account.email, account.language, words)


def set_link(token: str) -> str:
    """Return the address behind which a password is set."""
    return portal_url(f"/password/set/{token}")
