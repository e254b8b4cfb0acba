"""Locked accounts: too many wrong passwords shut one for a while, and somebody opens it again.

Here: until when, the states of accounts, opening one. Not here: counting and shutting
(sign_in.wrong_passwords), whether an organization may open it (managed_accounts.service).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, bindparam

from app.access.locks import lock_account
from app.access.seat import Seat
from app.activity import events
from app.activity.service import record_everywhere
from app.kernel.clock import utcnow
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import Account
from app.models.column_types import UtcDateTime

ACTIVE, NEVER, SUSPENDED, LOCKED = "active", "never", "suspended", "locked"
"""The states of an account."""


class NotLocked(Refusal):
    """Only what is shut can be opened."""

    status = 409
    text = lazy("This account is not locked.")


def locked_now() -> ColumnElement[bool]:
    """The condition that an account is shut at the moment of the query."""
    now = bindparam("now", callable_=utcnow, unique=True, type_=UtcDateTime)
    return Account.locked_until > now


def is_locked(locked_until: datetime | None, *, now: datetime) -> bool:
    """Whether an account is shut."""
    return locked_until is not None and now < locked_until


def shut_until(account: Account, *, now: datetime) -> datetime | None:
    """Until when an account is shut, None where it is not."""
    return account.locked_until if is_locked(account.locked_until, now=now) else None


def state_of(account: Account, *, now: datetime) -> str:
    """The state of one account: suspended, locked, active or never signed in."""
    if account.is_suspended:
        return SUSPENDED
    if is_locked(account.locked_until, now=now):
        return LOCKED
    return ACTIVE if account.last_sign_in_at else NEVER


def unlock(account: Account, *, by: Seat, now: datetime) -> None:
    """Let wrong passwords count from nothing again, in every browser. Raises NotLocked."""
    lock_account(account.id)
    if not is_locked(account.locked_until, now=now):
        raise NotLocked()
    account.locked_until, account.unlocked_at = None, now
    record_everywhere(events.ACCOUNT_UNLOCKED, account=account, by=by, now=now)
