"""Letters about passkeys.

Here: what they tell. Not here: posting (outbox), the sentences (templates/mail/).
"""

from __future__ import annotations

from datetime import datetime

from app.models import Account, Passkey
from app.outbox.service import Draft, portal_url


def added(passkey: Passkey, *, now: datetime) -> Draft:
    """A passkey was added; whoever knows nothing of it removes it and sets a new password."""
    account = passkey.account
    return Draft(
        "passkey_added", account.email, account.language, _words(account, passkey.name, now)
    )


def removed(account: Account, name: str, *, by: Account, now: datetime) -> Draft:
    """A passkey was removed, by its owner or by somebody else."""
    words = _words(account, name, now) | {"by": None if by is account else by}
    return Draft("passkey_removed", account.email, account.language, words)


def _words(account: Account, name: str, now: datetime) -> dict[str, object]:
    links = {"profile": portal_url("/profile/"), "link": portal_url("/password/forgot/")}
    return {"account": account, "name": name, "happened_at": now} | links
