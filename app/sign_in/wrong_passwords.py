"""Wrong passwords: they are counted for each account and each address, and shut an account for a
while.

Here: the limits, what tries are counted for, shutting, the line of the log. Not here: whether a
password is right (sign_in.service), until when an account is shut and opening it
(accounts.locking).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from app.accounts.locking import is_locked
from app.activity import events
from app.activity.service import record_everywhere
from app.http.rate_limit import Limit, TooManyTries
from app.kernel.addresses import identifier_key
from app.kernel.i18n import lazy
from app.kernel.tokens import digest
from app.models import Account


class TooManySignIns(TooManyTries):
    """Too many wrong passwords for one account, or from one address."""

    keep_changes = True
    text = lazy("Too many wrong passwords were tried. Wait %(wait)s, then try again.")


LOGGED = Limit("throttled-told", "1 per 15 minutes")
PER_ADDRESS = Limit("sign-ins-from", "100 per 15 minutes", TooManySignIns)
PER_ACCOUNT = Limit("sign-ins-as", "10 per 15 minutes", TooManySignIns)


def counted_as(account: Account | None, identifier: str, known: Mapping[str, str]) -> str:
    """Name what tries are counted for: one account, however it is written, its known browsers
    apart, anew from the moment on that somebody unlocked it; what nobody is called, alike.
    """
    if account is None:
        return f"nobody:{digest(identifier_key(identifier))}"
    mark = known.get(str(account.id))
    name = f"{account.id}:{mark}" if mark else str(account.id)
    if account.unlocked_at is None:
        return name
    return f"{name}@{int(account.unlocked_at.timestamp() * 1000)}"


@contextmanager
def log_if_throttled(
    counted_as: str, account: Account | None, *, ip: str, now: datetime
) -> Iterator[None]:
    """Record that a limit was reached, of an account's or of an address's: once for each quarter of
    an hour, not for each try. The refusal must keep what was written.
    """
    try:
        yield
    except TooManyTries as refused:
        if account is not None:
            _shut(account, seconds=refused.seconds, now=now)
        if _is_first(counted_as):
            record_everywhere(events.SIGN_IN_THROTTLED, account=account, by=None, now=now, ip=ip)
        raise


def _is_first(counted_as: str) -> bool:
    try:
        LOGGED.hit(counted_as)
    except TooManyTries:
        return False
    return True


def _shut(account: Account, *, seconds: float, now: datetime) -> None:
    """Remember until when an account is shut; once, not for each try."""
    if not is_locked(account.locked_until, now=now):
        account.locked_until = now + timedelta(seconds=seconds)
