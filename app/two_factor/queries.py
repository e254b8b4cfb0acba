"""Codes by mail: what became of the letter, and when another may be asked for.

Here: reading. Not here: sending (two_factor.service).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from app.extensions import db
from app.kernel.tokens import digest
from app.models import Account, LetterState, LoginCode

RESEND_AFTER = timedelta(seconds=60)
"""How long after a code the account gets no other, in whichever browser it is asked for."""


class Trouble(StrEnum):
    """Why the letter has not left: the mail server takes none now, or will not take this one."""

    WAITS = "waits"
    DEAD = "dead"


def trouble(code: LoginCode) -> Trouble | None:
    """Return what keeps the letter from arriving, None where nothing is known to."""
    letter = code.letter
    if letter is None or letter.state is LetterState.SENT:
        return None
    if letter.state in (LetterState.DEAD, LetterState.DROPPED):
        return Trouble.DEAD
    return Trouble.WAITS if letter.reason else None


def seconds_to_mail(account: Account, *, now: datetime) -> int:
    """Return for how long no other code can be mailed to an account, in whole seconds; whoever got
    in since need not wait.
    """
    sent_at = db.session.scalar(
        select(func.max(LoginCode.sent_at)).where(
            LoginCode.account_id == account.id,
            LoginCode.code_digest != "",
            LoginCode.sent_at > now - RESEND_AFTER,
        )
    )
    entered_at = account.last_sign_in_at
    if sent_at is None or (entered_at is not None and entered_at >= sent_at):
        return 0
    return max(0, -((now - sent_at - RESEND_AFTER) // timedelta(seconds=1)))


def just_mailed(account: Account, browser: str, *, now: datetime) -> LoginCode | None:
    """Return what this browser waits with, where a code was mailed to it within the last minute."""
    row = db.session.scalar(
        select(LoginCode).where(
            LoginCode.account_id == account.id,
            LoginCode.browser_digest == digest(browser),
            LoginCode.code_digest != "",
            LoginCode.used_at.is_(None),
            LoginCode.tries_left > 0,
            LoginCode.sent_at > now - RESEND_AFTER,
        )
    )
    return row if row is not None and row.expires_at > now else None
