"""Passwords' verbs: set, change, confirm, and links to set one.

Here: what happens to sessions, links and letters with it. Not here: the rules (passwords.policy),
hashes (passwords.hashing).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from app.access.guard import ensure_person, hold_account, lock_account
from app.access.seat import Seat
from app.activity import events
from app.activity.accounts import record_everywhere
from app.extensions import db
from app.kernel.addresses import identifier_key
from app.kernel.errors import Refusal
from app.kernel.i18n import current_language, lazy
from app.kernel.tokens import digest, new_token
from app.models import Account, AccountSession, FirstLogin, LinkPurpose, Organization, PasswordLink
from app.outbox import service as outbox
from app.passwords import mail, policy
from app.passwords.hashing import hash_password, verify_password
from app.sessions import service as sessions
from app.two_factor import devices
from app.web.throttle import Limit, TooManyTries
from app.web.zones import reader_zone

LIVES = {LinkPurpose.FORGOTTEN: timedelta(minutes=60), LinkPurpose.FIRST: timedelta(days=7)}
UNUSED_LIFE = timedelta(days=7)
"""How long a password that somebody else chose waits for its first use (D-C4)."""
CONFIRMATIONS = Limit("password-confirmations", "10 per 15 minutes")


class TooManyLinks(TooManyTries):
    """Links by the dozen, for one person or from one address."""

    text = lazy("Too many links were asked for. Wait %(wait)s, then try again.")


LINKS_FOR = Limit("password-links-for", "5 per hour", TooManyLinks)
LETTERS_FOR = Limit("password-letters-for", "5 per hour", TooManyLinks)
"""Of one account, by whichever of its names.

Who asks does not learn that it is reached: it would tell that two names are one account's.
"""
LINKS_FROM = Limit("password-links-from", "20 per hour", TooManyLinks)


class LinkOver(Refusal):
    """A set-password link that was used, replaced or has expired; or never was one."""

    status = 410
    text = lazy(
        "This link no longer works: it was used, replaced by a newer one, or has expired. You can"
        " ask for a new one at “Forgot your password?”."
    )


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
) -> None:
    """Set a password by the rules; one that somebody else chose must be changed at first sign-in
    and dies unused after 7 days (D-C4).

    Every session but `keep`, every pending code, every trusted device and every link of the account
    ends; whoever had a password is told by letter. `by` is None for the operator's commands.
    `organizations` are those the account is about to join. Raises WeakPassword.
    """
    ensure_person(account)
    policy.ensure(
        password,
        policy.rules_for([*organizations, *(one.organization for one in account.memberships)]),
        policy.about(account, organizations),
    )
    chooser = by.account if isinstance(by, Seat) else by
    is_own, had_one = chooser is account, bool(account.password_hash)
    account.password_hash, account.password_changed_at = hash_password(password), now
    account.must_change_password, account.password_expires_at = (
        not is_own,
        None if is_own else now + UNUSED_LIFE,
    )
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


def change_password(
    account: Account, current: str, password: str, *, keep: AccountSession | None, now: datetime
) -> None:
    """Change one's own password, knowing the current one; other sessions end.

    Raises TooManyTries, WrongPassword, SamePassword, WeakPassword; SessionOver where somebody ended
    the session meanwhile.
    """
    confirm(account, current)
    _ensure_another(account, password)
    hold_account(account, keep)
    set_password(account, password, by=account, now=now, keep=keep)


def confirm(account: Account, current: str) -> None:
    """Make sure that it is the account's owner who asks, before anything is written.

    Raises TooManyTries, WrongPassword.
    """
    CONFIRMATIONS.take(account.id)
    if not verify_password(account.password_hash, current):
        raise WrongPassword()
    CONFIRMATIONS.forget(account.id)


def send_forgotten_link(identifier: str, *, ip: str, now: datetime) -> None:
    """Send a link for 60 minutes where the login ID or address belongs to somebody; the same answer
    and the same work for anybody.

    Raises TooManyLinks for one name or from one place, whether or not there is an account. For one
    account under all its names no more letters leave than for one name, and nobody is told.
    """
    key = identifier_key(identifier)
    LINKS_FROM.take(ip)
    LINKS_FOR.take(digest(key))
    account = db.session.scalars(
        select(Account).where(or_(Account.login_id_key == key, Account.email_key == key))
    ).one_or_none()
    if (
        _is_told_enough(account, key)
        or account is None
        or account.is_suspended
        or account.is_service
    ):
        _pretend_to_send(now)
        return
    token = new_link(account, LinkPurpose.FORGOTTEN, now=now)
    outbox.post(
        mail.password_forgotten(account, token, life=LIVES[LinkPurpose.FORGOTTEN], now=now), now=now
    )
    record_everywhere(events.PASSWORD_LINK_SENT, account=account, by=None, now=now)


def send_first_sign_in(
    account: Account, organization: Organization, password: str | None, *, now: datetime
) -> None:
    """Send the letter a registered member signs in with: a link, or the document's way with the
    password in it (S2-12, S2-13, D-C4). One that has not left yet does not leave.
    """
    outbox.withdraw_first_sign_in(account.email, now=now)
    if password and organization.first_login is FirstLogin.PASSWORD:
        outbox.post(
            mail.first_sign_in_password(
                account, organization, password, expires_at=now + UNUSED_LIFE
            ),
            now=now,
        )
        return
    token = new_link(account, LinkPurpose.FIRST, now=now)
    outbox.post(
        mail.first_sign_in_link(
            account, organization, token, expires_at=now + LIVES[LinkPurpose.FIRST]
        ),
        now=now,
    )


def new_link(account: Account, purpose: LinkPurpose, *, now: datetime) -> str:
    """Make a link's token; older links of the account die, but for the first sign-in's where
    anybody may ask for this one. Raises NotAPerson.

    The account is read anew once it is held: the letter goes to the address that it has then.
    """
    ensure_person(account)
    lock_account(account.id)
    db.session.refresh(account)
    end_links(account, of=[purpose] if purpose is LinkPurpose.FORGOTTEN else LinkPurpose, now=now)
    token = new_token()
    db.session.add(
        PasswordLink(
            account=account,
            token_digest=digest(token),
            purpose=purpose,
            created_at=now,
            expires_at=now + LIVES[purpose],
        )
    )
    db.session.flush()
    return token


def end_links(account: Account, *, of: Iterable[LinkPurpose] = LinkPurpose, now: datetime) -> None:
    """Let every link of an account that was not used yet die, for whichever purpose or for some."""
    unused = (
        PasswordLink.account_id == account.id,
        PasswordLink.used_at.is_(None),
        PasswordLink.purpose.in_(of),
    )
    db.session.execute(update(PasswordLink).where(*unused).values(used_at=now))


def find_link(token: str, *, now: datetime) -> PasswordLink:
    """Return the live link of a token. Raises LinkOver."""
    link = db.session.scalars(
        select(PasswordLink).where(PasswordLink.token_digest == digest(token))
    ).one_or_none()
    if (
        link is None
        or link.used_at is not None
        or now >= link.expires_at
        or link.account.is_suspended
    ):
        raise LinkOver()
    return link


def use_link(token: str, password: str, *, now: datetime) -> Account:
    """Set the password of a link's account, once; the address it went to counts as verified. Raises
    LinkOver, WeakPassword, SamePassword.
    """
    link = find_link(token, now=now)
    account = link.account
    policy.ensure(password, policy.rules_of(account), policy.about(account))
    if account.must_change_password:
        _ensure_another(account, password)
    lock_account(account.id)
    claim = (
        update(PasswordLink)
        .where(PasswordLink.id == link.id, PasswordLink.used_at.is_(None))
        .values(used_at=now)
        .returning(PasswordLink.id)
    )
    if db.session.scalar(claim, execution_options={"synchronize_session": False}) is None:
        raise LinkOver()
    set_password(account, password, by=account, now=now)
    account.email_verified_at = account.email_verified_at or now
    return account


def forget_letters(account: Account) -> None:
    """Let the letters to an account be counted anew: it is its owner's again. Call it after the
    commit.
    """
    LETTERS_FOR.forget(account.id)


def _ensure_another(account: Account, password: str) -> None:
    if verify_password(account.password_hash, password):
        raise SamePassword()


def _is_told_enough(account: Account | None, key: str) -> bool:
    """Count a letter, of nobody alike."""
    try:
        LETTERS_FOR.take(account.id if account is not None else digest(key))
    except TooManyLinks:
        return True
    return False


def _pretend_to_send(now: datetime) -> None:
    """Do for nobody what is done for somebody, so that the time tells nothing."""
    nobody = Account(
        id=0,
        login_id="nobody",
        email="nobody@example.com",
        family_name="Nobody",
        given_name="",
        language=current_language(),
        time_zone=reader_zone(),
        reading="",
        latin_name="",
    )
    with db.session.begin_nested() as undone:
        lock_account(nobody.id)
        end_links(nobody, of=[LinkPurpose.FORGOTTEN], now=now)
        outbox.post(
            mail.password_forgotten(
                nobody, new_token(), life=LIVES[LinkPurpose.FORGOTTEN], now=now
            ),
            now=now,
        )
        db.session.flush()
        undone.rollback()
    record_everywhere(events.PASSWORD_LINK_REFUSED, account=None, by=None, now=now)
