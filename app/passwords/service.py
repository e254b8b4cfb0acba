"""Passwords' verbs: set, change, confirm.

Here: what happens to sessions, links and letters with it. Not here: the rules (passwords.policy),
hashes (passwords.hashing).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import update

from app.access.locks import hold_account
from app.access.persons import ensure_person
from app.access.seat import Seat
from app.activity import events
from app.activity.service import record_everywhere
from app.extensions import db
from app.http.rate_limit import Limit
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import Account, AccountSession, LinkPurpose, Organization, PasswordLink
from app.outbox import service as outbox
from app.passwords import mail, policy
from app.passwords.hashing import hash_password, verify_password
from app.sessions import service as sessions
from app.two_factor import devices

UNUSED_LIFE = timedelta(days=7)
"""How long a password that somebody else chose waits for its first use (D-C4)."""
CONFIRMATIONS = Limit("password-confirmations", "10 per 15 minutes")


class WrongPassword(Refusal):
    """The current password was not the right one."""

    status = 422
    text = lazy("That is not your current password.")
    field = "current_password"


class SamePassword(Refusal):
    """A change to the very same password."""

    status = 422
    text = lazy("That is the password you have now. Choose a different one.")
    field = "password"


def set_password(
    account: Account,
    password: str,
    *,
    by: Seat | Account | None,
    now: datetime,
    organizations: tuple[Organization, ...] = (),
    keep: AccountSession | None = None,
    hashed: str = "",
) -> None:
    """Set a password by the rules; one that somebody else chose must be changed at first sign-in
    and dies unused after 7 days (D-C4).

    Every session but `keep`, every pending code, every trusted device and every link of the account
    ends; whoever had a password is told by letter. `by` is None for the operator's commands.
    `organizations` are those the account is about to join, `hashed` the hash where it was made
    before. Raises WeakPassword.
    """
    ensure_person(account)
    ensure_strong(account, password, organizations)
    chooser = by.account if isinstance(by, Seat) else by
    is_own, had_one = chooser is account, bool(account.password_hash)
    account.password_hash, account.password_changed_at = hashed or hash_password(password), now
    account.must_change_password = not is_own
    account.password_expires_at = None if is_own else now + UNUSED_LIFE
    db.session.flush()
    end_links(account, now=now)
    sessions.end_all(account, now=now, but=keep)
    devices.end_all(account, now)
    record_everywhere(
        events.PASSWORD_CHANGED if is_own else events.PASSWORD_SET, account=account, by=by, now=now
    )
    if had_one:
        outbox.post(
            mail.password_changed(account, by=None if is_own else chooser, is_own=is_own, now=now),
            now=now,
        )


def ensure_strong(account: Account, password: str, joining: tuple[Organization, ...] = ()) -> None:
    """Raise WeakPassword by the rules of all organizations of an account, and those it joins."""
    rules = policy.rules_for([*joining, *(one.organization for one in account.memberships)])
    policy.ensure(password, rules, policy.about(account, joining))


def change_password(
    account: Account, current: str, password: str, *, keep: AccountSession | None, now: datetime
) -> None:
    """Change one's own password, knowing the current one; other sessions end.

    Raises TooManyTries, WrongPassword, SamePassword, WeakPassword; SessionOver where somebody ended
    the session meanwhile.
    """
    confirm(account, current)
    ensure_another(account, password)
    hold_account(account, keep)
    set_password(account, password, by=account, now=now, keep=keep)


def confirm(account: Account, current: str) -> None:
    """Make sure that it is the account's owner who asks, before anything is written.

    Raises TooManyTries, WrongPassword.
    """
    CONFIRMATIONS.hit(account.id)
    if not verify_password(account.password_hash, current):
        raise WrongPassword()
    CONFIRMATIONS.forget(account.id)


def ensure_another(account: Account, password: str) -> None:
    if verify_password(account.password_hash, password):
        raise SamePassword()


def end_links(*accounts: Account, of: Iterable[LinkPurpose] = LinkPurpose, now: datetime) -> None:
    """Let every link of accounts that was not used yet die, for whichever purpose or for some."""
    unused = (
        PasswordLink.account_id.in_([account.id for account in accounts]),
        PasswordLink.used_at.is_(None),
        PasswordLink.purpose.in_(of),
    )
    db.session.execute(update(PasswordLink).where(*unused).values(used_at=now))
