"""Undoing a change of one's own e-mail address, from the old one.

Here: the verb behind that link, and what it takes away. Not here: asking for and confirming it
(account_access.email_change), the links (accounts.email_undo_links).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from app.accounts import service as accounts
from app.accounts.email_undo_links import find
from app.activity import events
from app.activity.service import record_everywhere
from app.extensions import db
from app.kernel.signals import account_recovered
from app.models import EmailChange, LinkPurpose
from app.passwords import links
from app.passwords import service as passwords
from app.sessions import service as sessions
from app.two_factor import resetting

BEFORE = timedelta(days=7)
"""How long before a change was asked for somebody else may have had the account: no session lasts
longer (organizations.security_policy), so whatever was made in the one that asked is younger."""


def undo(token: str, *, now: datetime) -> str:
    """Give the account its old address back, and make everything worthless that somebody else may
    know: sessions, links, the password, trusted devices, and the apps, passkeys and API keys that
    were added since `BEFORE` the change was asked for.

    Return the token of the link to set a new one. Raises EmailLinkOver, EmailTaken.
    """
    account = find(token, now=now).account
    accounts.look_again(account)
    change = find(token, now=now)
    since = (
        EmailChange.account_id == account.id,
        EmailChange.id >= change.id,
        EmailChange.ended_at.is_(None),
    )
    db.session.execute(update(EmailChange).where(*since).values(ended_at=now))
    accounts.edit_identity(account, email=change.old_email, undoable=False, by=account, now=now)
    account.email_verified_at, account.password_hash, account.password_changed_at = now, None, now
    passwords.end_links(account, now=now)
    sessions.end_all(account, now=now)
    resetting.forget_since(account, suspect_from(change), now=now)
    account_recovered.send(account, since=suspect_from(change), now=now)
    record_everywhere(events.ACCOUNT_EMAIL_UNDONE, account=account, by=account, now=now)
    return links.new_link(account, LinkPurpose.FORGOTTEN, now=now)


def suspect_from(change: EmailChange) -> datetime:
    """From when on what was added to the account may be somebody else's."""
    return change.created_at - BEFORE
