"""Passkeys' verbs: add, rename, remove, and show with one who somebody is.

Here: whose passkey answers, the count that betrays a copy, letters and log. Not here: what browsers
are asked (passkeys.ceremony), who may come in and what a session is opened with (security).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.structs import AuthenticationCredential

from app.access.guard import hold_account
from app.access.seat import Seat
from app.activity import events
from app.activity.accounts import record_everywhere
from app.activity.service import changes
from app.extensions import db
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import lazy
from app.kernel.text import has_control_characters
from app.kernel.tokens import new_token
from app.models import Account, AccountSession, Passkey
from app.outbox import service as outbox
from app.passkeys import ceremony, mail, queries, questions
from app.passkeys.ceremony import NotThisPasskey, Signed
from app.passkeys.questions import Purpose
from app.passkeys.site import site
from app.two_factor import apps, recovery
from app.web.formatters import display_name
from app.web.throttle import Limit, TooManyTries

MOST = 10
NAME_LENGTH = 64


class TooManyPasskeyTries(TooManyTries):
    """Too many passkeys that were not accepted, from one address; the log tells of it."""

    keep_changes = True


SIGN_INS_FROM = Limit("passkey-sign-ins-from", "100 per 15 minutes", TooManyPasskeyTries)
QUESTIONS_FOR = Limit("passkey-questions-for", "30 per 15 minutes")


class TooManyPasskeys(Refusal):
    """More passkeys than anybody keeps track of."""

    status = 409
    text = lazy("You can have at most %(max)d passkeys. Remove one that you no longer use.")


class KnownPasskey(Refusal):
    """A passkey that is registered already."""

    status = 409
    text = lazy("This passkey is registered already.")


class NoPasskeys(Refusal):
    """A service account, which no person signs in with."""

    status = 409
    text = lazy("Nobody signs in with a service account, so it has no passkeys.")


class NoPasskeyName(Refusal):
    """A passkey without a name, or with one that nobody types."""

    status = 422
    field = "name"
    text = lazy("A name of 1 to %(max)d characters is needed.")


class CopiedPasskey(Refusal):
    """A passkey whose count did not grow since its last use: two devices hold it."""

    status = 422
    keep_changes = True
    text = lazy(
        "This passkey was refused: it may have been copied. Sign in another way, then remove it"
        " from your profile."
    )


def ask_to_register(account: Account, *, now: datetime) -> tuple[dict[str, object], str]:
    """Return what a browser is asked to make a passkey for an account, and the key that only the
    browser keeps.

    Raises PasskeysOff, NoPasskeys, TooManyTries, TooManyPasskeys.
    """
    place, known = site(), queries.of(account)
    place.ensure_usable()
    if account.is_service:
        raise NoPasskeys()
    QUESTIONS_FOR.take(account.id)
    if len(known) >= MOST:
        raise TooManyPasskeys(max=MOST)
    handle = known[0].user_handle if known else new_token()
    question, browser = questions.ask(
        Purpose.REGISTER, account=account, user_handle=handle, now=now
    )
    asked = ceremony.creation(
        place,
        account=account,
        shown_as=display_name(account),
        challenge=question.challenge,
        user_handle=handle,
        known=known,
    )
    return asked, browser


def register(
    account: Account,
    answer: str,
    *,
    name: str,
    browser: str,
    session: AccountSession | None,
    now: datetime,
) -> list[str] | None:
    """Keep the passkey that this browser made; its owner is told by letter. Return the recovery
    codes that come with a first one.

    Raises NoPasskeyName, QuestionOver, NotThisPasskey, KnownPasskey, TooManyPasskeys, SessionOver.
    """
    name = _well_formed(name)
    question = questions.take(browser, Purpose.REGISTER, account=account, now=now)
    made = ceremony.read_creation(site(), answer, challenge=question.challenge)
    hold_account(account, session)  # of two at once, the later one counts the earlier
    if queries.find(made.credential_id) is not None:
        raise KnownPasskey()
    if len(queries.of(account)) >= MOST:
        raise TooManyPasskeys(max=MOST)
    passkey = Passkey(
        account=account,
        credential_id=made.credential_id,
        public_key=made.public_key,
        user_handle=question.user_handle,
        sign_count=made.sign_count,
        name=name,
        transports=made.transports,
        is_synced=made.is_synced,
        created_at=now,
    )
    db.session.add(passkey)
    db.session.flush()
    record_everywhere(events.PASSKEY_ADDED, account=account, by=account, now=now, name=name)
    outbox.post(mail.added(passkey, now=now), now=now)
    return recovery.ensure_codes(account, now)


def rename(passkey: Passkey, name: str, *, by: Seat, now: datetime) -> None:
    """Call a passkey something else. Raises NoPasskeyName."""
    before = {"name": passkey.name}
    passkey.name = _well_formed(name)
    if changed := changes(before, {"name": passkey.name}):
        record_everywhere(
            events.PASSKEY_RENAMED, account=passkey.account, by=by, now=now, changes=changed
        )


def remove(passkey: Passkey, *, by: Seat, now: datetime) -> None:
    """Take a passkey away, and what stood in for it where it was the last; its owner is told by
    letter. Raises NotFound to the slower of two.
    """
    account, name = passkey.account, passkey.name
    gone = delete(Passkey).where(Passkey.id == passkey.id).returning(Passkey.id)
    if db.session.scalar(gone, execution_options={"synchronize_session": False}) is None:
        raise NotFound()
    db.session.expunge(passkey)
    apps.factor_removed(account, now=now)
    record_everywhere(events.PASSKEY_REMOVED, account=account, by=by, now=now, name=name)
    outbox.post(mail.removed(account, name, by=by.account, now=now), now=now)


def ask_to_sign_in(*, ip: str, now: datetime) -> tuple[dict[str, object], str]:
    """Return what a stranger's browser is asked, whoever they are, and the key that only it keeps.
    Raises PasskeysOff, TooManyPasskeyTries.
    """
    place = site()
    place.ensure_usable()
    SIGN_INS_FROM.take(ip)
    question, browser = questions.ask(Purpose.SIGN_IN, account=None, now=now)
    return ceremony.request(place, challenge=question.challenge, verified=True), browser


def sign_in(answer: str, *, browser: str, ip: str, now: datetime) -> Account:
    """Return the account of the passkey that answered; its owner showed their device who they are.

    Raises QuestionOver, NotThisPasskey, CopiedPasskey. Whether they may come in is the caller's to
    ask.
    """
    return _prove(None, answer, Purpose.SIGN_IN, browser=browser, ip=ip, now=now).account


def forget_tries(ip: str) -> None:
    """Give back the try of somebody who got in. Call it after the commit."""
    SIGN_INS_FROM.give_back(ip)


def ask_to_prove(
    account: Account, purpose: Purpose, *, now: datetime
) -> tuple[dict[str, object], str]:
    """Return what the browser of somebody known is asked: to sign with one of their passkeys.
    Raises PasskeysOff, TooManyTries.
    """
    place = site()
    place.ensure_usable()
    QUESTIONS_FOR.take(account.id)
    question, browser = questions.ask(purpose, account=account, now=now)
    return (
        ceremony.request(
            place, challenge=question.challenge, known=queries.of(account), verified=False
        ),
        browser,
    )


def prove(
    account: Account, answer: str, purpose: Purpose, *, browser: str, ip: str, now: datetime
) -> Passkey:
    """Return which of an account's passkeys answered.

    Raises QuestionOver, NotThisPasskey, CopiedPasskey.
    """
    return _prove(account, answer, purpose, browser=browser, ip=ip, now=now)


def _prove(
    account: Account | None, answer: str, purpose: Purpose, *, browser: str, ip: str, now: datetime
) -> Passkey:
    """Take the question, find the passkey that the answer names, check it; the log tells of what
    was no good.
    """
    question = questions.take(browser, purpose, account=account, now=now)
    passkey: Passkey | None = None
    try:
        said = ceremony.read_answer(answer)
        passkey = _named(said, account)
        signed = ceremony.check_answer(
            site(), said, passkey, challenge=question.challenge, verified=purpose is Purpose.SIGN_IN
        )
        _count(passkey, signed, now=now)
    except (NotThisPasskey, CopiedPasskey) as refusal:
        is_copy = isinstance(refusal, CopiedPasskey)
        if is_copy or purpose is not Purpose.PROOF:  # of a proof, security.proving tells
            whose = account or (passkey.account if passkey else None)
            failure = "passkey_copied" if is_copy else "passkey"
            record_everywhere(
                events.SIGN_IN_FAILED, account=whose, by=None, now=now, failure=failure, ip=ip
            )
        raise
    return passkey


def _named(said: AuthenticationCredential, account: Account | None) -> Passkey:
    """Return the passkey that an answer names: one of this account's, or of whomever it names, too.
    Raises NotThisPasskey.
    """
    passkey = queries.find(bytes_to_base64url(said.raw_id))
    is_nobodys = account is None and said.response.user_handle is None
    if (
        passkey is None
        or passkey.account.is_service
        or is_nobodys
        or account not in (None, passkey.account)
    ):
        raise NotThisPasskey()
    return passkey


def _count(passkey: Passkey, signed: Signed, *, now: datetime) -> None:
    """Note the use where the count grew, or the passkey keeps none."""
    grew = Passkey.sign_count < signed.sign_count if signed.sign_count else Passkey.sign_count == 0
    used = (
        update(Passkey)
        .where(Passkey.id == passkey.id, grew)
        .values(sign_count=signed.sign_count, last_used_at=now, is_synced=signed.is_synced)
    )
    if (
        db.session.scalar(
            used.returning(Passkey.id), execution_options={"synchronize_session": False}
        )
        is not None
    ):
        return
    raise CopiedPasskey() if queries.exists(passkey) else NotThisPasskey()


def _well_formed(name: str) -> str:
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or has_control_characters(name):
        raise NoPasskeyName(max=NAME_LENGTH)
    return name
