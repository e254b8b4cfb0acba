"""Undoing a change of one's own e-mail address, from the old one.

Here: the verb behind that link, and what it takes away. Not here: asking for and confirming it
(account_access.email_change), how long the way back is open (accounts.email_rollback).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.account_access import credentials
from app.account_access.credentials import Credential
from app.account_access.email_change import EmailLinkOver
from app.accounts import service as accounts
from app.activity import events
from app.activity.service import record_everywhere
from app.extensions import db
from app.kernel.signals import account_recovered
from app.kernel.tokens import digest
from app.models import EmailChange, LinkPurpose
from app.passwords import links
from app.passwords import service as passwords
from app.sessions import service as sessions
from app.two_factor import resetting

BEFORE = timedelta(days=7)
"""How long before a change was asked for somebody else may have had the account: no session lasts
longer (organizations.security_policy), so whatever was made in the one that asked is younger."""


def find_undo(token: str, *, now: datetime) -> EmailChange:
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


def goes_and_stays(
    change: EmailChange, *, now: datetime
) -> tuple[list[Credential], list[Credential]]:
    """Return what an undo takes away of what opens the account, and what its owner has to
    look at."""
    every, since = credentials.list_for(change.account, now=now), _since(change)
    return [credential for credential in every if credential.made_at >= since], [
        credential for credential in every if credential.made_at < since
    ]


def undo(token: str, *, now: datetime) -> str:
    """Give the account its old address back, and make everything worthless that somebody else may
    know: sessions, links, the password, trusted devices, and the apps, passkeys and API keys that
    were added since `BEFORE` the change was asked for.

    Return the token of the link to set a new one. Raises EmailLinkOver, EmailTaken.
    """
    account = find_undo(token, now=now).account
    accounts.look_again(account)
    change = find_undo(token, now=now)
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
    resetting.forget_since(account, _since(change), now=now)
    account_recovered.send(account, since=_since(change), now=now)
    record_everywhere(events.ACCOUNT_EMAIL_UNDONE, account=account, by=account, now=now)
    return links.new_link(account, LinkPurpose.FORGOTTEN, now=now)


def _since(change: EmailChange) -> datetime:
    """From when on what was added to the account may be somebody else's."""
    return change.created_at - BEFORE
