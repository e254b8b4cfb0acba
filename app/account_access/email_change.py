"""Changing one's own e-mail address: confirmed from the new one; and verifying the one that one
has.

Here: the verbs behind that link. Not here: undoing it (accounts.email_undo), the change
itself and its letters (accounts.service), the screens (profile, security). Tokens are kept as
digests. The old address signs in, and gets codes and links, until the new one is confirmed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update

from app.access.persons import ensure_person
from app.access.seat import Seat
from app.accounts import email_undo_links, identity, mail
from app.accounts import service as accounts
from app.accounts.email_undo_links import EmailLinkOver
from app.accounts.policy import ensure_email
from app.activity import events
from app.activity.service import record_everywhere
from app.extensions import db
from app.http.rate_limit import Limit, TooManyTries
from app.kernel.addresses import email_key, normalize_email
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import lazy
from app.kernel.tokens import digest, new_token
from app.models import Account, EmailChange
from app.outbox import service as outbox

LIFE = timedelta(hours=24)


class TooManyLetters(TooManyTries):
    """Letters to confirm an address by the dozen, of one person or to one address."""

    text = lazy(
        "Too many letters to confirm an address were asked for. Wait %(wait)s, then try again."
    )


OF_ACCOUNT = Limit("email-confirmations-of", "5 per hour", TooManyLetters)
TO_ADDRESS = Limit("email-confirmations-to", "5 per hour", TooManyLetters)


class SameAddress(Refusal):
    """The address somebody has already."""

    status = 409
    field = "email"
    text = lazy("That is the e-mail address you have now.")


class AlreadyVerified(Refusal):
    """An address needs to be verified once."""

    status = 409
    text = lazy("Your e-mail address is verified already.")


class OtherAccount(Refusal):
    """A confirmation opened in somebody else's session: whoever was sent it by mistake must not be
    able to confirm it.
    """

    status = 403
    text = lazy(
        "This link belongs to another account. Sign out, then open it again and sign in with that"
        " account."
    )


def request_change(account: Account, email: str, *, by: Seat, now: datetime) -> EmailChange:
    """Send a link to a new address, for 24 hours, and tell the old one at once; an older change
    that waits is over.

    Raises SameAddress, EmailTaken, EmailMalformed, TooManyLetters.
    """
    email = normalize_email(email)
    ensure_email(email)
    if email_key(email) == email_key(account.email):
        raise SameAddress()
    _count(account, email)
    identity.ensure_email_free(email, but=account, now=now)
    change = _send(account, email, now=now)
    record_everywhere(events.ACCOUNT_EMAIL_ASKED, account=account, by=by, now=now)
    outbox.post(mail.email_change_asked(account, now=now), now=now)
    return change


def verify(account: Account, *, now: datetime) -> EmailChange:
    """Send a link to the address that somebody has. Raises AlreadyVerified, TooManyLetters."""
    if account.email_verified_at is not None:
        raise AlreadyVerified()
    _count(account, account.email)
    return _send(account, account.email, now=now)


def send_again(account: Account, *, now: datetime) -> EmailChange:
    """Send the letter of the change that waits once more; the link before dies. Raises NotFound,
    EmailTaken, TooManyLetters.
    """
    waits = waiting(account, now=now)
    if waits is None:
        raise NotFound()
    _count(account, waits.new_email)
    identity.ensure_email_free(waits.new_email, but=account, now=now)
    return _send(account, waits.new_email, now=now)


def cancel(account: Account, *, by: Seat, now: datetime) -> None:
    """Keep the address that one has. Raises NotFound where no change waits."""
    if not email_undo_links.end_waiting(account, now=now):
        raise NotFound()
    record_everywhere(events.ACCOUNT_EMAIL_CANCELLED, account=account, by=by, now=now)


def waiting(account: Account, *, now: datetime) -> EmailChange | None:
    """Return the change, or the verification, that waits for its confirmation."""
    return db.session.scalars(
        select(EmailChange)
        .where(EmailChange.account_id == account.id, _waits(now))
        .order_by(EmailChange.id.desc())
        .limit(1)
    ).first()


def find(token: str, *, by: Account, now: datetime) -> EmailChange:
    """Return the change that waits for this token. Raises EmailLinkOver, OtherAccount."""
    change = db.session.scalars(
        select(EmailChange).where(EmailChange.token_digest == digest(token), _waits(now))
    ).one_or_none()
    if change is None or (
        not change.is_verification
        and email_key(change.account.email) != email_key(change.old_email)
    ):
        raise EmailLinkOver()
    if change.account_id != by.id:
        raise OtherAccount()
    return change


def confirm(token: str, *, by: Seat, now: datetime) -> EmailChange:
    """Take the new address, once; it is verified by that. Raises EmailLinkOver, OtherAccount,
    EmailTaken.
    """
    accounts.look_again(by.account)
    change, account = find(token, by=by.account, now=now), by.account
    if change.is_verification:
        _claim(change, confirmed_at=now, ended_at=now)
        record_everywhere(events.ACCOUNT_EMAIL_VERIFIED, account=account, by=by, now=now)
    else:
        _claim(change, confirmed_at=now)
        accounts.edit_identity(account, email=change.new_email, change=change, by=by, now=now)
    account.email_verified_at = now
    return change


def _send(account: Account, email: str, *, now: datetime) -> EmailChange:
    ensure_person(account)
    accounts.look_again(account)
    email_undo_links.end_waiting(account, now=now)
    token = new_token()
    change = EmailChange(
        account=account,
        old_email=account.email,
        new_email=email,
        token_digest=digest(token),
        undo_digest=digest(new_token()),
        created_at=now,
        expires_at=now + LIFE,
    )
    db.session.add(change)
    db.session.flush()
    outbox.post(mail.email_confirm(change, token, now=now), now=now)
    return change


def _count(account: Account, email: str) -> None:
    """Take a turn before anything is written, also where the address turns out to be taken: nobody
    tries addresses out.
    """
    OF_ACCOUNT.hit(account.id)
    TO_ADDRESS.hit(digest(email_key(email)))


def _waits(now: datetime) -> ColumnElement[bool]:
    return and_(
        EmailChange.confirmed_at.is_(None),
        EmailChange.ended_at.is_(None),
        EmailChange.expires_at > now,
    )


def _claim(change: EmailChange, **values: datetime) -> None:
    """Use a link up; of two at once, one does."""
    is_free = (
        EmailChange.id == change.id,
        EmailChange.confirmed_at.is_(None),
        EmailChange.ended_at.is_(None),
    )
    claimed = db.session.scalar(
        update(EmailChange).where(*is_free).values(**values).returning(EmailChange.id)
    )
    if claimed is None:
        raise EmailLinkOver()
