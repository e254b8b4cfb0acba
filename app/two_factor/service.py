"""2-step verification's verbs: send a code, send another, check one (S2-29…S2-31, D-4).

Here: six digits, ten minutes, five tries, one browser. Not here: signing in afterwards (security.service), switching it on and off
(accounts, profile).
"""
from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
from sqlalchemy import select, update

from app.activity import events
from app.activity.accounts import record_everywhere
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy, lazy_n
from app.kernel.tokens import digest, keyed_digest, new_token, same
from app.models import Account, LoginCode, Organization
from app.outbox import service as outbox
from app.two_factor import mail
from app.web.throttle import Limit, TooManyTries

LIFE = timedelta(minutes=10)
TRIES = 5
RESEND_AFTER = timedelta(seconds=60)


class TooManyCodes(TooManyTries):
    """More codes than anybody needs: whoever knows the password would get endless guesses by starting again."""

    text = lazy("Too many codes were sent for this account. Wait %(wait)s, then sign in again.")


CODES = (Limit("codes", "10 per hour", TooManyCodes), Limit("codes", "20 per day", TooManyCodes))


class WrongCode(Refusal):
    """Not the code; the try counts."""

    status = 422
    field = "code"
    keep_changes = True

    def __init__(self, *, left: int) -> None:
        super().__init__(num=left)
        self.left = left

    def __str__(self) -> str:
        return str(lazy_n("That is not the code. You have %(num)s try left.", "That is not the code. You have %(num)s tries left.", self.left))


class CodeOver(Refusal):
    """The code expired, was used or replaced, or this browser waits for none."""

    status = 410
    text = lazy("This code no longer works. Sign in again to get a new one.")


class CodeSpent(CodeOver):
    """The last try was wrong, too; that it was taken must be remembered."""

    keep_changes = True
    text = lazy("That was not the code either, and it was the last try. Sign in again to get a new one.")


class TooSoon(Refusal):
    """Another code was asked for within a minute."""

    status = 429

    def __init__(self, *, seconds: int) -> None:
        super().__init__(num=seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        return str(lazy_n("You can ask for another code in %(num)s second.", "You can ask for another code in %(num)s seconds.", self.seconds))


def is_required(account: Account) -> bool:
    """Whether this account needs a code: by its own choice, or by an organization's rule (S2-29)."""
    return account.two_factor or bool(requiring(account))


def requiring(account: Account) -> list[Organization]:
    """The organizations whose rule it is; those where the account is suspended have no say."""
    return [one.organization for one in account.memberships if one.organization.two_factor_required and not one.is_suspended]


def send(account: Account, *, key: str, next_path: str, now: datetime) -> tuple[LoginCode, str]:
    """Send a code; return its row and the key that only the browser keeps. Every older code of the account dies.

    Raises TooManyCodes; call it in a transaction that has written nothing yet.
    """
    for limit in CODES:
        limit.take(account.id)
    db.session.execute(update(LoginCode).where(LoginCode.account_id == account.id, LoginCode.used_at.is_(None)).values(used_at=now))
    browser, code = new_token(), _new_code()
    row = LoginCode(
        account=account, browser_digest=digest(browser), code_digest=keyed_digest(key, browser, code), tries_left=TRIES, created_at=now,
        sent_at=now, expires_at=now + LIFE, next_path=next_path[:2000], letter=outbox.post(mail.sign_in_code(account, code, life=LIFE, now=now), now=now),
    )
    db.session.add(row)
    db.session.flush()
    return row, browser


def send_again(browser: str, *, key: str, now: datetime) -> tuple[LoginCode, str]:
    """Send a new code to the browser that waits for one; the one before dies. Raises CodeOver, TooSoon, TooManyCodes."""
    row = waiting(browser, now=now)
    if seconds := seconds_to_resend(row, now=now):
        raise TooSoon(seconds=seconds)
    return send(row.account, key=key, next_path=row.next_path, now=now)


def seconds_to_resend(row: LoginCode, *, now: datetime) -> int:
    """Return for how long no other code can be asked for, in whole seconds."""
    return max(0, -((now - row.sent_at - RESEND_AFTER) // timedelta(seconds=1)))


def waiting(browser: str, *, now: datetime) -> LoginCode:
    """Return the live code of a browser. Raises CodeOver."""
    row = db.session.scalars(select(LoginCode).where(LoginCode.browser_digest == digest(browser))).one_or_none()
    if row is None or row.used_at is not None or now >= row.expires_at or row.tries_left < 1 or row.account.is_suspended:
        raise CodeOver()
    return row


def check(browser: str, code: str, *, key: str, ip: str, now: datetime) -> LoginCode:
    """Take a try; return the row of the right code, used up by this very request.

    Raises WrongCode and CodeSpent (the try counts), CodeOver. Of parallel requests, at most five get to compare, and one gets in.
    """
    row = waiting(browser, now=now)
    is_live = (LoginCode.id == row.id, LoginCode.used_at.is_(None), LoginCode.code_digest == row.code_digest)
    left = db.session.scalar(
        update(LoginCode).where(*is_live, LoginCode.tries_left > 0).values(tries_left=LoginCode.tries_left - 1).returning(LoginCode.tries_left),
        execution_options={"synchronize_session": False},
    )
    if left is None:
        raise CodeOver()
    if not same(keyed_digest(key, browser, code), row.code_digest):
        raise _wrong(row.account, left, ip=ip, now=now)
    used = update(LoginCode).where(*is_live).values(used_at=now).returning(LoginCode.id)
    if db.session.scalar(used, execution_options={"synchronize_session": False}) is None:
        raise CodeOver()
    return row


def forget_tries(account: Account) -> None:
    """Let the account's codes be counted anew: somebody got in. Call it after the commit."""
    for limit in CODES:
        limit.forget(account.id)


def _wrong(account: Account, left: int, *, ip: str, now: datetime) -> Refusal:
    """Return what to say to a wrong code; the last one is a failed sign-in of which the log tells."""
    if left:
        return WrongCode(left=left)
    record_everywhere(events.SIGN_IN_FAILED, account=account, by=None, now=now, failure="code", ip=ip)
    return CodeSpent()


def _new_code() -> str:
    return pyotp.HOTP(pyotp.random_base32()).at(0)
