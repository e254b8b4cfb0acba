"""Turns: how often the second step of an account may be begun.

Here: the limits, what they are counted for. Not here: the tries of one second step, which its row
counts (two_factor.service).
"""

from __future__ import annotations

from app.http.rate_limit import Limit, TooManyTries
from app.kernel.i18n import lazy
from app.models import Account


class TooManyCodes(TooManyTries):
    """More second steps than anybody needs: whoever knows the password would get endless guesses by
    starting again.
    """

    text = lazy(
        "Too many codes were sent or tried for this account. Wait %(wait)s, then sign in again."
    )


CODES = (Limit("codes", "10 per hour", TooManyCodes), Limit("codes", "20 per day", TooManyCodes))
"""Of one account: codes that are mailed."""
STEPS = (Limit("steps", "10 per hour", TooManyCodes), Limit("steps", "20 per day", TooManyCodes))
"""Of one account: second steps that mail nothing, by app, passkey or security key."""


def take(account: Account, known_as: str, *, is_mailed: bool) -> None:
    """Take a turn. Raises TooManyCodes; ask before anything was written."""
    for limit in CODES if is_mailed else STEPS:
        limit.hit(_counted_as(account, known_as))


def forget(account: Account, known_as: str) -> None:
    """Count anew: somebody got in. Call it after the commit."""
    for limit in CODES + STEPS:
        limit.forget(_counted_as(account, known_as))


def _counted_as(account: Account, known_as: str) -> str:
    """Name what turns are counted for: an account since its password was set, each browser apart in
    which it got in before. Whoever only knows the password can use up the turns of strangers alone,
    and none once the owner has set another.
    """
    changed = account.password_changed_at
    return f"{account.id}:{int(changed.timestamp()) if changed else 0}:{known_as}"
