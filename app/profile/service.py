"""Profile's verbs: what people change of their own account that decides who gets in.

Here: the verbs. Their doors ask for a fresh proof first (http.reauthentication), so that an
unattended browser is not enough. Not here: names and preferences (accounts.service), the way to
another e-mail address (account_access.email_change), a new password (passwords.service).
"""

from __future__ import annotations

from datetime import datetime

from app.access.seat import Seat
from app.account_access import email_change
from app.accounts import service as accounts
from app.activity import events
from app.activity.service import record_everywhere
from app.kernel.addresses import email_key, normalize_email
from app.kernel.errors import Refusal
from app.kernel.i18n import current_language, lazy, listed
from app.models import Account, AccountSession, EmailChange
from app.passwords import policy
from app.passwords import service as passwords
from app.sessions import queries as opened
from app.sessions import service as sessions
from app.two_factor import devices, methods
from app.two_factor.methods import strong_methods


class TwoFactorRequired(Refusal):
    """2-step verification of somebody whose organization asks for it (S2-29)."""

    status = 409
    text = lazy(
        "2-step verification cannot be turned off while an organization requires it:"
        " %(organizations)s."
    )


class LoginIdIsPassword(Refusal):
    """S2-18: a password differs from the login ID, also when it is the login ID that changes."""

    status = 422
    field = "login_id"
    text = lazy("The login ID must differ from your password.")


def change_login_id(
    account: Account, password: str, *, login_id: str, by: Seat, now: datetime
) -> None:
    """Change the login ID. The password itself is asked for, whenever it was proved last: only with
    it can S2-18 be checked.

    Raises TooManyTries, WrongPassword, LoginIdIsPassword and the refusals of
    accounts.service.edit_identity.
    """
    passwords.confirm(account, password)
    if not policy.NOT_LOGIN_ID.holds(password, policy.About(login_id)):
        raise LoginIdIsPassword()
    if by.session is not None:
        by.session.proved_at = now
    accounts.edit_identity(account, by=by, now=now, login_id=login_id)


def change_email(account: Account, email: str, *, by: Seat, now: datetime) -> EmailChange | None:
    """Ask for another address; another spelling of the same one is taken at once, and None
    returned. Raises the refusals of email_change.ask.
    """
    written = normalize_email(email)
    if email_key(written) != email_key(account.email) or written == account.email:
        return email_change.request_change(account, email, by=by, now=now)
    accounts.edit_identity(account, email=written, by=by, now=now)
    return None


def turn_on_two_factor(account: Account, *, by: Seat, now: datetime) -> None:
    """Ask for a code at every sign-in from now on (S2-29)."""
    accounts.edit_identity(account, by=by, now=now, two_factor=True)


def turn_off_two_factor(account: Account, *, by: Seat, now: datetime) -> None:
    """Sign in without a code by mail from now on. Raises TwoFactorRequired."""
    ensure_optional(account, now=now)
    devices.end_all(account, now)
    accounts.edit_identity(account, by=by, now=now, two_factor=False)


def ensure_optional(account: Account, *, now: datetime) -> None:
    """Raise TwoFactorRequired where an organization of the account asks for 2-step verification and
    codes by mail are all there is.
    """
    names = [one.name_in(current_language()) for one in methods.requiring(account, now=now)]
    if names and not strong_methods(account):
        raise TwoFactorRequired(organizations=listed(names))


def end_session(session: AccountSession, *, by: Seat, now: datetime) -> None:
    """End one other session of one's own."""
    sessions.end(session, now=now)
    record_everywhere(events.SESSIONS_ENDED, account=by.account, by=by.account, now=now, count=1)


def end_other_sessions(*, by: Seat, now: datetime) -> None:
    """End every session of one's own but this one, and every sign-in half done."""
    others = [one for one in opened.live(by.account, now=now) if one is not by.session]
    sessions.end_all(by.account, now=now, but=by.session)
    record_everywhere(
        events.SESSIONS_ENDED, account=by.account, by=by.account, now=now, count=len(others)
    )
