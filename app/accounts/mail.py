"""Letters about an account's identity.

Here: who is told what. Not here: posting (outbox.service), the words (templates/mail/).
"""
from __future__ import annotations

from datetime import datetime

from app.access.seat import Seat
from app.models import Account
from app.outbox.service import Draft, portal_url

TOLD = ("login_id", "email", "family_name", "given_name", "reading", "latin_name", "two_factor")
"""What somebody else may not change unnoticed; the rest are preferences."""


def identity_changed(account: Account, changed: set[str], *, old_email: str, by: Seat | Account | None, now: datetime) -> list[Draft]:
    """Return the letters that say what changed, to the old and the new address (D-C3)."""
    named = [name for name in TOLD if name in changed]
    if not named:
        return []
    actor = by.account if isinstance(by, Seat) else by
    words = {
        "account": account, "changed": named, "by": actor, "by_self": actor is account, "at": now, "profile_url": portal_url("/profile/"),
        "old_email": old_email,
    }
    addresses = dict.fromkeys([account.email, old_email])
    return [Draft(kind="account_changed", to=address, language=account.language, words=words) for address in addresses]
