"""Links that undo a change of e-mail address: each goes to the old address, and works for 72 hours.

Here: making one, finding it, keeping its address free. Not here: what undoing does
(accounts.email_undo), the letter that carries it (accounts.mail).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.extensions import db
from app.kernel.addresses import email_key
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.tokens import digest, new_token
from app.models import Account, EmailChange

LIFE = timedelta(hours=72)


class EmailLinkOver(Refusal):
    """A link that was used, replaced, cancelled or has expired; or never was one."""

    status = 410
    text = lazy(
        "This link no longer works: it was used, cancelled, replaced by a newer one, or has"
        " expired."
    )


def find(token: str, *, now: datetime) -> EmailChange:
    """Return the change that this token takes back. Raises EmailLinkOver."""
    change = db.session.scalars(
        select(EmailChange).where(
            EmailChange.undo_digest == digest(token),
            EmailChange.confirmed_at.is_not(None),
            EmailChange.ended_at.is_(None),
            EmailChange.undo_until > now,
        )
    ).one_or_none()
    if change is None or change.account.is_suspended:
        raise EmailLinkOver()
    return change


def leave(
    account: Account, old_email: str, *, change: EmailChange | None, is_open: bool, now: datetime
) -> str:
    """Note that an address was changed; return the token that takes it back, "" where there is no
    way back. Changes that wait are over.

    Only an address that was verified has one: a mistyped one may be a stranger's, who would get the
    account with it.
    """
    end_waiting(account, but=change, now=now)
    if not is_open:
        return ""
    token = new_token()
    if change is None:
        change = EmailChange(
            account=account,
            old_email=old_email,
            token_digest=digest(new_token()),
            created_at=now,
            expires_at=now,
        )
        db.session.add(change)
    change.new_email, change.undo_digest, change.confirmed_at, change.undo_until = (
        account.email,
        digest(token),
        now,
        now + LIFE,
    )
    db.session.flush()
    return token


def reserved(*, now: datetime) -> dict[str, set[int]]:
    """Return the addresses, folded, that accounts may still take back, and which accounts: whoever
    registered one meanwhile would bar the way.
    """
    is_open = (
        EmailChange.confirmed_at.is_not(None),
        EmailChange.ended_at.is_(None),
        EmailChange.undo_until > now,
    )
    found: dict[str, set[int]] = {}
    for address, account_id in db.session.execute(
        select(EmailChange.old_email, EmailChange.account_id).where(*is_open)
    ):
        found.setdefault(email_key(address), set()).add(account_id)
    return found


def end_waiting(account: Account, *, but: EmailChange | None = None, now: datetime) -> int:
    """End the changes of an account that wait for their confirmation; return how many
    there were."""
    waiting = update(EmailChange).where(
        EmailChange.account_id == account.id,
        EmailChange.confirmed_at.is_(None),
        EmailChange.ended_at.is_(None),
        EmailChange.id != (but.id if but is not None else -1),
    )
    return len(db.session.scalars(waiting.values(ended_at=now).returning(EmailChange.id)).all())
