"""Reauthentication: the password, a code of the authenticator app or a passkey, from somebody who
is signed in already.

Here: checking it, counting tries, a new key for the session. Not here: what asks for it
(http.reauthentication), the page (sign_in.reauthentication_views).
"""

from __future__ import annotations

from datetime import datetime

from app.access.seat import Seat
from app.activity import events
from app.activity.service import record_everywhere
from app.kernel.tokens import digest, new_token
from app.models import Account, AccountSession
from app.passkeys import authentication, queries
from app.passkeys.challenges import Purpose
from app.passkeys.relying_party import relying_party
from app.passwords import service as passwords
from app.two_factor import apps
from app.two_factor.steps import CodeUsed


def check(account: Account, *, password: str, code: str, now: datetime) -> None:
    """Make sure that it is the account's owner, before anything is written: by the code where one
    was sent, else by the password.

    Raises TooManyTries, WrongPassword, NotFromThisApp, CodeUsed. Both ways share one limit.
    """
    if not code:
        passwords.confirm(account, password)
        return
    passwords.CONFIRMATIONS.hit(account.id)
    if not apps.takes(account, code, now=now):
        raise CodeUsed() if apps.is_used(account, code, now=now) else apps.NotFromThisApp()


def check_passkey(account: Account, answer: str, *, browser: str, ip: str, now: datetime) -> None:
    """Make sure by one of the account's passkeys.

    Raises TooManyTries, QuestionOver, NotThisPasskey, CopiedPasskey.
    """
    passwords.CONFIRMATIONS.hit(account.id)
    authentication.prove(account, answer, Purpose.PROOF, browser=browser, ip=ip, now=now)


def forget_tries(account: Account) -> None:
    """Let the account's tries be counted anew: its owner proved it. Call it after the commit."""
    passwords.CONFIRMATIONS.forget(account.id)


def can_use_app(account: Account) -> bool:
    """Whether a code of an authenticator app will do."""
    return apps.app_of(account) is not None


def can_use_passkey(account: Account) -> bool:
    """Whether a passkey will do: there is one, and it works at this address."""
    return not relying_party().obstacle and bool(queries.list_for(account))


def renew(session: AccountSession, *, now: datetime) -> str:
    """Note that the session's owner proved who they are; return the key that it has from now on:
    whoever copied the old one is out.
    """
    key = new_token()
    session.key_digest, session.proved_at = digest(key), now
    return key


def record(by: Seat, *, is_proved: bool, ip: str, now: datetime) -> None:
    """Leave a line about somebody who proved who they are, or could not."""
    event = events.SIGN_IN_PROVED if is_proved else events.SIGN_IN_NOT_PROVED
    record_everywhere(event, account=by.account, by=by if is_proved else None, now=now, ip=ip)
