"""The letter that tells of a sign-in in a browser not seen before.

Here: what it tells. Not here: when (sign_in.service), the sentences (templates/mail/).
"""

from __future__ import annotations

from datetime import datetime

from app.kernel.i18n import in_language
from app.models import Account, AccountSession
from app.outbox.service import Draft, portal_url
from app.sessions.devices import device_name


def new_sign_in(account: Account, session: AccountSession, *, now: datetime) -> Draft:
    """When, from where and in what, and what to do if it was somebody else."""
    with in_language(account.language):
        device = device_name(session.user_agent)
    words = {
        "account": account,
        "device": device,
        "ip": session.ip,
        "happened_at": now,
        "link": portal_url("/password/forgot/"),
    }
    return Draft("new_sign_in", account.email, account.language, words)
