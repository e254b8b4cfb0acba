"""Registering: an account that the platform administrator makes, and links with which somebody sets
a password.

Here: the verbs and their letters. Not here: identity (accounts.service), what a link does
(passwords.service), registering a member (managed_accounts.registering).
"""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from app.access.seat import Seat
from app.accounts import mail
from app.accounts import service as accounts
from app.accounts.policy import Identity
from app.activity import events
from app.activity.service import record_everywhere
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import Account, LinkPurpose
from app.outbox import service as outbox
from app.passwords import links


class CannotSignIn(Refusal):
    """A password is of no use to the suspended."""

    status = 409
    text = lazy(
        "This account is suspended, so a new password would be of no use. Reinstate it first."
    )


def register(*, by: Seat, now: datetime, **identity: Unpack[Identity]) -> Account:
    """Register somebody who belongs to no organization yet, and send the letter for the first
    sign-in (S2-12, D-C4 `link`).

    Nobody manages the identity but its owner and the platform administrator (D-C3). Raises the
    refusals of register_account.
    """
    account = accounts.register_account(**identity, by=by, now=now)
    token = links.new_link(account, LinkPurpose.FIRST, now=now)
    outbox.post(
        mail.registered(account, token, life=links.LIVES[LinkPurpose.FIRST], now=now), now=now
    )
    return account


def send_password_link(account: Account, *, by: Seat, now: datetime) -> None:
    """Send a link to set a new password; without a password so far, the letter for the first
    sign-in again. Older links die.

    The password that the account has works until the link is used. Raises CannotSignIn.
    """
    if account.is_suspended:
        raise CannotSignIn()
    purpose = LinkPurpose.FORGOTTEN if account.password_hash else LinkPurpose.FIRST
    token = links.new_link(account, purpose, now=now)
    letter = mail.password_link if account.password_hash else mail.registered
    outbox.post(letter(account, token, life=links.LIVES[purpose], now=now), now=now)
    record_everywhere(events.PASSWORD_LINK_SENT, account=account, by=by, now=now)
