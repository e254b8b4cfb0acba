"""The letter with the sign-in code.

Here: what it tells. Not here: making the code (two_factor.service), the sentences (templates/mail/).
"""
from __future__ import annotations

from datetime import datetime, timedelta

from app.models import Account
from app.outbox.service import Draft


def sign_in_code(account: Account, code: str, *, life: timedelta, now: datetime) -> Draft:
    """Six digits for the browser that waits; of no use, and not sent any more, once they have expired."""
    words = {"account": account, "code": code, "minutes": int(life.total_seconds() // 60), "asked_at": now}
    return Draft("sign_in_code", account.email, account.language, words, stale_after=life)
