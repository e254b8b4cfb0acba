"""The first sign-in of members whom the organization registered: how far its letter has come, until
when it opens, and sending it again.

Here: reading it for many at once, and the verb. Not here: the letter itself (passwords.links),
registering (managed_accounts.registering).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from app.access.locks import look_again
from app.access.persons import ensure_person
from app.access.seat import Seat
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import _, lazy
from app.managed_accounts.service import NotManaged
from app.models import (
    Account,
    Letter,
    LetterState,
    LinkPurpose,
    Membership,
    Organization,
    PasswordLink,
)
from app.outbox.kinds import FIRST_SIGN_IN
from app.passwords import links


class SignedInAlready(Refusal):
    """Nothing to send to somebody who was here."""

    status = 409
    text = lazy(
        "This member has signed in already. A forgotten password can be reset on the sign-in page."
    )


class ShutOut(Refusal):
    """A letter would lead somebody suspended to a closed door."""

    status = 409
    text = lazy("This member is suspended. Reinstate them first, then send the sign-in email.")


LETTERS = {
    LetterState.WAITING: lazy("Email waiting to be sent"),
    LetterState.SENT: lazy("Email sent"),
    LetterState.DEAD: lazy("Email not delivered"),
    LetterState.DROPPED: lazy("Email not sent"),
    LetterState.HELD: lazy("Email held"),
}
"""How far the email for the first sign-in has come."""


def letter_state(letter: Letter | None) -> str:
    """How far it has come, in a few words."""
    return str(LETTERS[letter.state]) if letter is not None else _("No delivery record.")


@dataclass(frozen=True)
class FirstSignIn:
    """How far somebody has come who never signed in."""

    letter: Letter | None
    open_until: datetime | None
    is_over: bool


def progress_of(
    accounts: Iterable[Any], organization: Organization, *, now: datetime
) -> dict[int, FirstSignIn]:
    """Tell of each account that never signed in, by its id: in one statement however many."""
    waiting = [account.id for account in accounts if is_awaited(account)]
    if not waiting:
        return {}
    return {
        pk: FirstSignIn(letter, end, is_over=_is_past(end, now))
        for pk, letter, end in _letters_and_ends(waiting, organization)
    }


def is_awaited(account: Any) -> bool:
    """Whether somebody has an account here but never signed in with it."""
    return account.last_sign_in_at is None and not account.is_service


def is_over(now: datetime) -> ColumnElement[bool]:
    """The condition that somebody never signed in and that neither the first password nor a link
    opens any more.
    """
    of_account = PasswordLink.account_id == Account.id, PasswordLink.purpose == LinkPurpose.FIRST
    opens = exists().where(
        *of_account, PasswordLink.used_at.is_(None), PasswordLink.expires_at > now
    )
    has_password = and_(Account.password.is_not(None), Account.password != "")
    dead = or_(~has_password, Account.password_expires_at <= now)
    return and_(Account.last_sign_in_at.is_(None), Account.is_service.is_(False), dead, ~opens)


def send_again(membership: Membership, *, by: Seat, now: datetime) -> None:
    """Send the letter of the first sign-in once more, with a new link; the one before dies, and
    what has not left yet does not leave.

    Raises the refusals of ensure_sendable, TooManyFirstLetters.
    """
    look_again(membership, by=by)
    ensure_sendable(membership, by=by)
    account, organization = membership.account, membership.organization
    links.send_first_sign_in(account, organization, None, now=now)
    activity.record(
        events.PASSWORD_LINK_SENT, now=now, by=by, organization=organization, subject=account
    )


def ensure_sendable(membership: Membership, *, by: Seat) -> None:
    """Raise AboveYourself, NotAPerson, SignedInAlready, ShutOut, NotManaged."""
    account = membership.account
    by.must_cover_member(membership)
    ensure_person(account)
    if account.last_sign_in_at is not None:
        raise SignedInAlready()
    if membership.is_suspended or account.is_suspended:
        raise ShutOut()
    if account.managed_by_id != membership.organization_id and not by.is_platform_administrator:
        raise NotManaged()


def _letters_and_ends(
    ids: list[int], organization: Organization
) -> list[tuple[int, Letter | None, datetime | None]]:
    """The newest such letter to each account, and when the last thing ends with which it can be
    signed in to for the first time, None where nothing was left to end; somebody whose own password
    waits is not among them.
    """
    newest = select(func.max(Letter.id)).where(
        Letter.recipient == Account.email,
        Letter.kind.in_(FIRST_SIGN_IN),
        or_(Letter.organization_id == organization.id, Letter.organization_id.is_(None)),
    )
    live_links = select(func.max(PasswordLink.expires_at)).where(
        PasswordLink.account_id == Account.id,
        PasswordLink.purpose == LinkPurpose.FIRST,
        PasswordLink.used_at.is_(None),
    )
    rows = db.session.execute(
        select(
            Account.id,
            Letter,
            Account.password,
            Account.password_expires_at,
            live_links.scalar_subquery(),
        )
        .outerjoin(Letter, Letter.id == newest.correlate(Account).scalar_subquery())
        .where(Account.id.in_(ids))
    )
    return [
        (pk, letter, max(filter(None, (link_until, until if password else None)), default=None))
        for pk, letter, password, until, link_until in rows
        if not password or until is not None
    ]


def _is_past(moment: datetime | None, now: datetime) -> bool:
    return moment is None or moment <= now
