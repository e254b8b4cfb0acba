"""Answering with a passkey: signing in, and showing who one is.

Here: whose passkey answers, the count that betrays a copy. Not here: adding and removing passkeys
(passkeys.service), what browsers are asked (passkeys.ceremony), who may come in (security).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.structs import AuthenticationCredential

from app.activity import events
from app.activity.service import record_everywhere
from app.extensions import db
from app.http.rate_limit import Limit, TooManyTries
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import Account, Passkey
from app.passkeys import ceremony, challenges, queries
from app.passkeys.ceremony import NotThisPasskey, SignedAnswer
from app.passkeys.challenges import Purpose
from app.passkeys.relying_party import relying_party
from app.passkeys.service import QUESTIONS_FOR


class TooManyPasskeyTries(TooManyTries):
    """Too many passkeys that were not accepted, from one address; the log tells of it."""

    keep_changes = True


SIGN_INS_FROM = Limit("passkey-sign-ins-from", "100 per 15 minutes", TooManyPasskeyTries)


class CopiedPasskey(Refusal):
    """A passkey whose count did not grow since its last use: two devices hold it."""

    status = 422
    keep_changes = True
    text = lazy(
        "This passkey was refused: it may have been copied. Sign in another way, then remove it"
        " from your profile."
    )


def ask_to_sign_in(*, ip: str, now: datetime) -> tuple[dict[str, object], str]:
    """Return what a stranger's browser is asked, whoever they are, and the key that only it keeps.
    Raises PasskeysOff, TooManyPasskeyTries.
    """
    place = relying_party()
    place.ensure_usable()
    SIGN_INS_FROM.hit(ip)
    question, browser = challenges.issue(Purpose.SIGN_IN, account=None, now=now)
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
    place = relying_party()
    place.ensure_usable()
    QUESTIONS_FOR.hit(account.id)
    question, browser = challenges.issue(purpose, account=account, now=now)
    return (
        ceremony.request(
            place, challenge=question.challenge, known=queries.list_for(account), verified=False
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
    question = challenges.redeem(browser, purpose, account=account, now=now)
    passkey: Passkey | None = None
    try:
        said = ceremony.read_answer(answer)
        passkey = _named(said, account)
        signed = ceremony.check_answer(
            relying_party(),
            said,
            passkey,
            challenge=question.challenge,
            verified=purpose is Purpose.SIGN_IN,
        )
        _count(passkey, signed, now=now)
    except (NotThisPasskey, CopiedPasskey) as refusal:
        is_copy = isinstance(refusal, CopiedPasskey)
        if is_copy or purpose is not Purpose.PROOF:  # of a proof, sign_in.reauthentication tells
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


def _count(passkey: Passkey, signed: SignedAnswer, *, now: datetime) -> None:
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
