"""Throttled sign-ins: that too many were tried stands in the log, once for each quarter of an hour,
not for each try.

Here: noting it. Not here: the limits themselves (sign_in.service).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from app.accounts import locking
from app.activity import events
from app.activity.accounts import record_everywhere
from app.http.rate_limit import Limit, TooManyTries
from app.models import Account

TOLD = Limit("throttled-told", "1 per 15 minutes")


@contextmanager
def noted(counted_as: str, account: Account | None, *, ip: str, now: datetime) -> Iterator[None]:
    """Let the log tell of a limit that was reached, of an account's or of an address's; the refusal
    must keep what was written.
    """
    try:
        yield
    except TooManyTries as refused:
        if account is not None:
            locking.note(account, seconds=refused.seconds, now=now)
        if _is_first(counted_as):
            record_everywhere(events.SIGN_IN_THROTTLED, account=account, by=None, now=now, ip=ip)
        raise


def _is_first(counted_as: str) -> bool:
    try:
        TOLD.take(counted_as)
    except TooManyTries:
        return False
    return True
