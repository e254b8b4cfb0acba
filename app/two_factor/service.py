"""2-step verification's verbs: let a browser wait for the second step, send a code, check one, let
it pass (S2-29…S2-31, D-4).

Here: ten minutes, five tries over all methods, one browser; codes by mail. Not here: signing in
afterwards (sign_in.flow), the methods an account has (two_factor.methods), each of the others
(apps, recovery; app.passkeys).

A method of another room, such as a passkey, takes the same way: `waiting`, `take_try`, its own
check, then `finish` or `wrong`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
from sqlalchemy import ColumnElement, select, update

from app.access.locks import lock_account
from app.access.two_factor import Method
from app.activity import events
from app.activity.service import record_everywhere
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.tokens import digest, keyed_digest, new_token, same
from app.models import Account, Letter, LoginCode
from app.outbox import service as outbox
from app.two_factor import apps, mail, recovery, turns
from app.two_factor import queries as codes
from app.two_factor.methods import methods_of
from app.two_factor.refusals import CodeOver, CodeReplaced, CodeSpent, TooSoon, UsedCode, WrongCode

LIFE = timedelta(minutes=10)
TRIES = 5


def begin(
    account: Account,
    *,
    key: str,
    next_path: str,
    now: datetime,
    browser: str = "",
    known_as: str = "",
) -> tuple[LoginCode, str]:
    """Let a browser wait for the second step; return the row and the key that only the browser
    keeps. Every older wait of the account ends.

    A code is mailed at once where that is the strongest method, once a minute at most: `browser` is
    the key that this browser has already; where a code was just mailed to it, it goes on waiting
    with that one. `known_as` names a browser in which the account got in before ("" for none).
    Raises TooManyCodes; call it in a transaction that has written nothing yet.
    """
    strongest = methods_of(account, now=now)[:1]
    if strongest == [Method.MAIL]:
        kept = codes.just_mailed(account, browser, now=now)
        if kept is None:
            return send(account, key=key, next_path=next_path, now=now, known_as=known_as)
        kept.next_path = next_path[:2000]
        return kept, browser
    turns.take(account, known_as, is_mailed=False)
    return _wait(account, next_path=next_path, now=now)


def send(
    account: Account, *, key: str, next_path: str, now: datetime, known_as: str = ""
) -> tuple[LoginCode, str]:
    """Let a browser wait and mail it a code; return as `begin` does. Raises TooManyCodes; call it
    before anything was written.

    Within a minute of a code to another browser none is mailed, and the other one goes on waiting.
    """
    turns.take(account, known_as, is_mailed=True)
    lock_account(account.id)
    if codes.seconds_to_mail(account, now=now):
        return _wait(account, next_path=next_path, now=now, beside=True)
    row, browser = _wait(account, next_path=next_path, now=now)
    row.code_digest, row.letter = _mail(account, browser, key=key, now=now)
    db.session.flush()
    return row, browser


def send_again(browser: str, *, key: str, now: datetime, known_as: str = "") -> LoginCode:
    """Mail a code to the browser that waits, its first or a new one; the one before dies, and the
    tries go on counting.

    Of several at once, one is mailed. Raises CodeOver, TooSoon, TooManyCodes; call it before
    anything was written.
    """
    row = waiting(browser, now=now)
    if Method.MAIL not in methods_of(row.account, now=now):
        raise CodeOver()
    if seconds := codes.seconds_to_mail(row.account, now=now):
        raise TooSoon(seconds=seconds)
    turns.take(row.account, known_as, is_mailed=True)
    renewed = update(LoginCode).where(
        *_is_live(row), LoginCode.tries_left > 0, LoginCode.code_digest == row.code_digest
    )
    renewed = renewed.values(sent_at=now, expires_at=now + LIFE, code_digest="")
    if (
        db.session.scalar(
            renewed.returning(LoginCode.id), execution_options={"synchronize_session": False}
        )
        is None
    ):
        db.session.refresh(row)
        waiting(browser, now=now)
        raise TooSoon(seconds=max(1, codes.seconds_to_mail(row.account, now=now)))
    db.session.refresh(row)
    _end_others(row.account, but=row, now=now)
    row.code_digest, row.letter = _mail(row.account, browser, key=key, now=now)
    db.session.flush()
    return row


def waiting(browser: str, *, now: datetime) -> LoginCode:
    """Return what a browser waits with. Raises CodeOver, CodeReplaced."""
    row = db.session.scalars(
        select(LoginCode).where(LoginCode.browser_digest == digest(browser))
    ).one_or_none()
    if (
        row is None
        or row.used_at is not None
        or now >= row.expires_at
        or row.tries_left < 1
        or row.account.is_suspended
    ):
        raise CodeReplaced() if row is not None and _is_replaced(row, now) else CodeOver()
    return row


def _is_replaced(row: LoginCode, now: datetime) -> bool:
    """Whether it was another browser's second step that ended this one, and not long ago."""
    later = select(LoginCode.id).where(
        LoginCode.account_id == row.account_id,
        LoginCode.id > row.id,
        LoginCode.created_at == row.used_at,
    )
    return now < row.expires_at and db.session.scalar(later.limit(1)) is not None


def check(
    browser: str, code: str, *, key: str, ip: str, now: datetime, method: Method = Method.MAIL
) -> LoginCode:
    """Take a try at a code of one of the account's methods; return the row, used up by this very
    request.

    Raises WrongCode and CodeSpent (the try counts), CodeOver. Of parallel requests, at most five
    get to compare, and one gets in.
    """
    row = waiting(browser, now=now)
    if method not in methods_of(row.account, now=now):
        raise CodeOver()
    left = take_try(row)
    if not _fits(row, method, browser, code, key=key, now=now):
        refusal = wrong(row.account, left, ip=ip, now=now)
        used = left and method is Method.APP and apps.is_used(row.account, code, now=now)
        raise UsedCode(left=left) if used else refusal
    return finish(row, now=now)


def take_try(row: LoginCode) -> int:
    """Take one of the tries that all methods share; return how many are left. Raises CodeOver."""
    lock_account(row.account_id)
    left = db.session.scalar(
        update(LoginCode)
        .where(*_is_live(row), LoginCode.tries_left > 0)
        .values(tries_left=LoginCode.tries_left - 1)
        .returning(LoginCode.tries_left),
        execution_options={"synchronize_session": False},
    )
    if left is None:
        raise CodeOver()
    return left


def finish(row: LoginCode, *, now: datetime) -> LoginCode:
    """Use up what a browser waited with: the second step is taken, once. Raises CodeOver."""
    used = update(LoginCode).where(*_is_live(row)).values(used_at=now).returning(LoginCode.id)
    if db.session.scalar(used, execution_options={"synchronize_session": False}) is None:
        raise CodeOver()
    return row


def wrong(account: Account, left: int, *, ip: str, now: datetime) -> Refusal:
    """Return what to say to a wrong try, to be raised; the last one is a failed sign-in of which
    the log tells.
    """
    if left:
        return WrongCode(left=left)
    record_everywhere(
        events.SIGN_IN_FAILED, account=account, by=None, now=now, failure="code", ip=ip
    )
    return CodeSpent()


def _mail(account: Account, browser: str, *, key: str, now: datetime) -> tuple[str, Letter]:
    code = pyotp.HOTP(pyotp.random_base32()).at(0)
    return keyed_digest(key, browser, code), outbox.post(
        mail.sign_in_code(account, code, life=LIFE, now=now), now=now
    )


def _wait(
    account: Account, *, next_path: str, now: datetime, beside: bool = False
) -> tuple[LoginCode, str]:
    lock_account(account.id)
    if not beside:
        _end_others(account, now=now)
    browser = new_token()
    row = LoginCode(
        account=account,
        browser_digest=digest(browser),
        code_digest="",
        tries_left=TRIES,
        created_at=now,
        sent_at=now,
        expires_at=now + LIFE,
        next_path=next_path[:2000],
    )
    db.session.add(row)
    db.session.flush()
    return row, browser


def _end_others(account: Account, *, but: LoginCode | None = None, now: datetime) -> None:
    of_account = LoginCode.account_id == account.id, LoginCode.id != (but.id if but else 0)
    db.session.execute(
        update(LoginCode).where(*of_account, LoginCode.used_at.is_(None)).values(used_at=now)
    )


def _fits(
    row: LoginCode, method: Method, browser: str, code: str, *, key: str, now: datetime
) -> bool:
    match method:
        case Method.MAIL:
            return same(keyed_digest(key, browser, code), row.code_digest)
        case Method.APP:
            return apps.takes(row.account, code, now=now)
        case Method.RECOVERY:
            return recovery.use(row.account, code, now=now)
        case Method.PASSKEY:
            return False  # no code is one


def _is_live(row: LoginCode) -> tuple[ColumnElement[bool], ...]:
    return LoginCode.id == row.id, LoginCode.used_at.is_(None)
