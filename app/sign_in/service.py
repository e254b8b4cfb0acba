"""Signing in: from a name and a password to an account, and from an account to a session.

Here: checking credentials with equal time and answer, D-3. Not here: counting wrong passwords
(sign_in.wrong_passwords), the screens (sign_in.views), cookies (sign_in.cookies), codes
(two_factor).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from app.access.seat import PLATFORM_ROLE, Seat
from app.accounts import service as accounts
from app.activity import events
from app.activity.service import record_everywhere
from app.extensions import db
from app.http.rate_limit import network
from app.kernel.errors import Refusal
from app.kernel.i18n import current_language, lazy
from app.models import Account, AccountSession
from app.outbox import service as outbox
from app.passwords.hashing import hash_password, is_outdated, verify_password
from app.sessions import service as sessions
from app.sign_in import mail
from app.sign_in.wrong_passwords import PER_ACCOUNT, PER_ADDRESS, counted_as, log_if_throttled


class WrongCredentials(Refusal):
    """Unknown or wrong: one answer for both."""

    status = 401
    keep_changes = True
    text = lazy("Incorrect login ID, email or password.")


class NoLongerRight(WrongCredentials):
    """The password was right when it was looked at; its owner has changed it since."""

    keep_changes = False


class FirstPasswordOver(Refusal):
    """The right first password, chosen by somebody else, that died unused (D-C4)."""

    status = 403
    keep_changes = True
    text = lazy(
        "Your temporary password has expired. Use “Forgot your password?” to set one of your own,"
        " or ask your administrator to send the sign-in email again."
    )


class AccountSuspended(Refusal):
    """The right password of somebody who may not come in (D-3)."""

    status = 403
    keep_changes = True
    text = lazy(
        "Your account is suspended, so you cannot sign in. Ask the people who run the portal."
    )


class SuspendedHere(AccountSuspended):
    """The right password of somebody whose one membership is suspended (D-3)."""

    text = lazy("Your access is suspended. Ask the administrators of %(organization)s.")


class SuspendedEverywhere(AccountSuspended):
    """The right password of somebody whose several memberships are all suspended (D-3)."""

    text = lazy(
        "You are suspended in every organization you belong to, so you cannot sign in. Ask the"
        " organization’s administrators."
    )


def authenticate(
    identifier: str, password: str, *, ip: str, known: Mapping[str, str], now: datetime
) -> Account:
    """Return the account that a login ID or an address and a password belong to; `known` names this
    browser (sign_in.cookies).

    Raises TooManySignIns and WrongCredentials; AccountSuspended, its kinds, and FirstPasswordOver
    only after the right password.
    """
    with log_if_throttled(f"from:{network(ip)}", None, ip=ip, now=now):
        PER_ADDRESS.hit(ip)
    account = accounts.find(identifier)
    name = counted_as(account, identifier, known)
    with log_if_throttled(name, account, ip=ip, now=now):
        PER_ACCOUNT.hit(name)
    is_right = verify_password(account.password_hash if account else None, password)
    if account is None or not is_right:
        _record_failure(account, "password", ip=ip, now=now)
        raise WrongCredentials()
    PER_ADDRESS.give_back(ip)
    PER_ACCOUNT.forget(name)
    ensure_may_enter(account, ip=ip, now=now)
    _ensure_not_over(account, ip=ip, now=now)
    if is_outdated(account.password_hash):
        account.password_hash = hash_password(password)
    return account


def ensure_may_enter(account: Account, *, ip: str, now: datetime) -> None:
    """Raise AccountSuspended or one of its kinds for somebody who proved who they are but may
    not come in (D-3).
    """
    is_platform = any(role.name == PLATFORM_ROLE for role in account.roles)
    nowhere = (
        bool(account.memberships)
        and all(one.is_suspended for one in account.memberships)
        and not is_platform
    )
    if account.is_suspended or nowhere:
        _record_failure(account, "suspended", ip=ip, now=now)
        if account.is_suspended:
            raise AccountSuspended()
        if len(account.memberships) > 1:
            raise SuspendedEverywhere()
        where = account.memberships[0].organization
        raise SuspendedHere(organization=where.name_in(current_language()))


def open_session(
    account: Account, *, method: str, is_known: bool, ip: str, user_agent: str, now: datetime
) -> str:
    """Open a session; return the key that only the cookie keeps.

    A browser not seen before is told of by letter.
    """
    is_first = account.last_sign_in_at is None
    session, key = sessions.open_session(
        account, now=now, ip=ip, user_agent=user_agent, method=method
    )
    record_everywhere(
        events.SIGNED_IN,
        account=account,
        by=account,
        now=now,
        two_factor=method != "password",
        method=method,
        ip=ip,
    )
    if not is_known and not is_first and account.notifications:
        outbox.post(mail.new_sign_in(account, session, now=now), now=now)
    return key


def ensure_still_right(account: Account, *, changed_at: datetime | None) -> None:
    """Raise NoLongerRight where the password was changed since it was proved: its owner ended every
    session, and this one is from before.

    Call it when the session is opened: that writes the account's row, so whoever changes the
    password has done so or waits.
    """
    db.session.flush()
    if (
        db.session.scalar(select(Account.password_changed_at).where(Account.id == account.id))
        != changed_at
    ):
        raise NoLongerRight()


def end_session(seat: Seat, session: AccountSession, *, now: datetime) -> None:
    """End the session of this very browser."""
    sessions.end(session, now=now)
    record_everywhere(events.SIGNED_OUT, account=seat.account, by=seat.account, now=now)


def is_untouched() -> bool:
    """Whether nobody has an account yet: the set-up is still to come."""
    return db.session.scalar(select(Account.id).limit(1)) is None


def _ensure_not_over(account: Account, *, ip: str, now: datetime) -> None:
    if account.password_expires_at is not None and now >= account.password_expires_at:
        _record_failure(account, "expired", ip=ip, now=now)
        raise FirstPasswordOver()


def _record_failure(account: Account | None, failure: str, *, ip: str, now: datetime) -> None:
    record_everywhere(
        events.SIGN_IN_FAILED, account=account, by=None, now=now, failure=failure, ip=ip
    )
