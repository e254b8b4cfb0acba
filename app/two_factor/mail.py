"""Letters about the second step.

Here: what they tell. Not here: when (two_factor.service, apps, recovery, resetting), the sentences
(templates/mail/).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.models import Account
from app.outbox.service import Draft, portal_url


def sign_in_code(account: Account, code: str, *, life: timedelta, now: datetime) -> Draft:
    """Six digits for the browser that waits; of no use, and not sent any more, once they have
    expired.
    """
    words = {
        "account": account,
        "code": code,
        "minutes": int(life.total_seconds() // 60),
        "asked_at": now,
    }
    return Draft("sign_in_code", account.email, account.language, words, stale_after=life)


def app_added(account: Account, *, is_replaced: bool, now: datetime) -> Draft:
    """A notice that an authenticator app was added, or took the place of the one before."""
    return _notice("app_added", account, now, is_replaced=is_replaced)


def app_removed(account: Account, *, now: datetime) -> Draft:
    """A notice that the authenticator app was removed."""
    return _notice("app_removed", account, now)


def recovery_code_used(account: Account, *, left: int, now: datetime) -> Draft:
    """A notice that somebody signed in with a recovery code, and how many are left."""
    return _notice("recovery_code_used", account, now, left=left)


def recovery_codes_made(account: Account, *, now: datetime) -> Draft:
    """A notice that there are new recovery codes and the old ones no longer work."""
    return _notice("recovery_codes_made", account, now)


def second_factor_reset(account: Account, *, by: Account | None, now: datetime) -> Draft:
    """A notice that every second factor was removed, and by whom; `by` is None for the operator's
    commands.
    """
    words = {"account": account, "by": by, "happened_at": now, "link": portal_url("/profile/")}
    return Draft("second_factor_reset", account.email, account.language, words)


def _notice(kind: str, account: Account, now: datetime, **words: object) -> Draft:
    told = {
        "account": account,
        "happened_at": now,
        "link": portal_url("/password/forgot/"),
        **words,
    }
    return Draft(kind, account.email, account.language, told)
