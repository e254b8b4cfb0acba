"""Links to set a password: the first sign-in's, and a forgotten one's.

Here: sending, finding and using them, once. Not here: setting and changing a password by its owner
(passwords.service), the rules (passwords.policy).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from app.access.locks import lock_account
from app.access.persons import ensure_person
from app.activity import events
from app.activity.service import record_everywhere
from app.extensions import db
from app.http.rate_limit import Limit, TooManyTries
from app.kernel.addresses import identifier_key
from app.kernel.errors import Refusal
from app.kernel.i18n import current_language, lazy
from app.kernel.tokens import digest, new_token
from app.models import Account, FirstLogin, LinkPurpose, Organization, PasswordLink
from app.outbox import service as outbox
from app.passwords import first_letters, mail, policy
from app.passwords.service import UNUSED_LIFE, end_links, ensure_another, set_password
from app.screens.moments.zones import reader_zone

LIVES = {LinkPurpose.FORGOTTEN: timedelta(minutes=60), LinkPurpose.FIRST: timedelta(days=7)}


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


def send_forgotten_link(identifier: str, *, ip: str, now: datetime) -> None:
    """Send a link for 60 minutes where the login ID or address belongs to somebody; the same answer
    and the same work for anybody.

    Raises TooManyLinks for one name or from one place, whether or not there is an account. For one
    account under all its names no more letters leave than for one name, and nobody is told.
    """
    key = identifier_key(identifier)
    LINKS_FROM.hit(ip)
    LINKS_FOR.hit(digest(key))
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
    password in it (S2-12, S2-13, D-C4). One that has not left yet does not leave. Raises
    TooManyFirstLetters.
    """
    send_first_sign_ins([(account, password)], organization, now=now)


def send_first_sign_ins(
    people: Sequence[tuple[Account, str | None]], organization: Organization, *, now: datetime
) -> None:
    """The same for several members and the passwords that were chosen for them."""
    first_letters.LETTERS.spend_each(account.id for account, _password in people)
    outbox.withdraw_first_sign_in(*(account.email for account, _password in people), now=now)
    in_letter = organization.first_login is FirstLogin.PASSWORD
    by_link = [account for account, password in people if not (password and in_letter)]
    tokens = new_links(by_link, LinkPurpose.FIRST, now=now)
    until = now + LIVES[LinkPurpose.FIRST]
    for account, password in people:
        if account.id in tokens:
            token = tokens[account.id]
            draft = mail.first_sign_in_link(account, organization, token, expires_at=until)
        else:
            draft = mail.first_sign_in_password(
                account, organization, password or "", expires_at=now + UNUSED_LIFE
            )
        outbox.post(draft, now=now)


def new_link(account: Account, purpose: LinkPurpose, *, now: datetime) -> str:
    """Make a link's token; older links of the account die, but for the first sign-in's where
    anybody may ask for this one. Raises NotAPerson.

    The account is read anew once it is held: the letter goes to the address that it has then.
    """
    return new_links([account], purpose, now=now)[account.id]


def new_links(
    accounts: Sequence[Account], purpose: LinkPurpose, *, now: datetime
) -> dict[int, str]:
    """The same for several accounts: tokens by the accounts' ids."""
    if not accounts:
        return {}
    for account in accounts:
        ensure_person(account)
    tokens = {account.id: new_token() for account in accounts}
    lock_account(*tokens)
    _read_anew(tokens)
    end_links(*accounts, of=[purpose] if purpose is LinkPurpose.FORGOTTEN else LinkPurpose, now=now)
    db.session.add_all(
        PasswordLink(
            account=account,
            token_digest=digest(tokens[account.id]),
            purpose=purpose,
            created_at=now,
            expires_at=now + LIVES[purpose],
        )
        for account in accounts
    )
    db.session.flush()
    return tokens


def _read_anew(ids: Iterable[int]) -> None:
    query = select(Account).where(Account.id.in_([*ids]))
    db.session.scalars(query.execution_options(populate_existing=True)).all()


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
        ensure_another(account, password)
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


def _is_told_enough(account: Account | None, key: str) -> bool:
    """Count a letter, of nobody alike."""
    try:
        LETTERS_FOR.hit(account.id if account is not None else digest(key))
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
