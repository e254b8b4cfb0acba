"""Passkeys' verbs: add, rename, remove.

Here: making and removing them, letters and log. Not here: what browsers are asked
(passkeys.ceremony), signing in with one (passkeys.authentication).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from app.access.guard import hold_account
from app.access.seat import Seat
from app.activity import two_factor_events
from app.activity.service import changes, record_everywhere
from app.extensions import db
from app.http.rate_limit import Limit
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import lazy
from app.kernel.text import has_control_characters
from app.kernel.tokens import new_token
from app.models import Account, AccountSession, Passkey
from app.outbox import service as outbox
from app.passkeys import ceremony, challenges, mail, queries
from app.passkeys.challenges import Purpose
from app.passkeys.relying_party import relying_party
from app.screens.formatters import display_name
from app.two_factor import apps, recovery

MOST = 10
NAME_LENGTH = 64


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


def ask_to_register(account: Account, *, now: datetime) -> tuple[dict[str, object], str]:
    """Return what a browser is asked to make a passkey for an account, and the key that only the
    browser keeps.

    Raises PasskeysOff, NoPasskeys, TooManyTries, TooManyPasskeys.
    """
    place, known = relying_party(), queries.list_for(account)
    place.ensure_usable()
    if account.is_service:
        raise NoPasskeys()
    QUESTIONS_FOR.hit(account.id)
    if len(known) >= MOST:
        raise TooManyPasskeys(max=MOST)
    handle = known[0].user_handle if known else new_token()
    question, browser = challenges.issue(
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
    name, new_codes = _well_formed(name), recovery.new_codes_if_none(account)
    question = challenges.redeem(browser, Purpose.REGISTER, account=account, now=now)
    made = ceremony.read_creation(relying_party(), answer, challenge=question.challenge)
    hold_account(account, session)  # of two at once, the later one counts the earlier
    _ensure_addable(made.credential_id, account)
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
    record_everywhere(
        two_factor_events.PASSKEY_ADDED, account=account, by=account, now=now, name=name
    )
    outbox.post(mail.added(passkey, now=now), now=now)
    return recovery.ensure_codes(account, new_codes, now)


def rename(passkey: Passkey, name: str, *, by: Seat, now: datetime) -> None:
    """Call a passkey something else. Raises NoPasskeyName."""
    before = {"name": passkey.name}
    passkey.name = _well_formed(name)
    if changed := changes(before, {"name": passkey.name}):
        record_everywhere(
            two_factor_events.PASSKEY_RENAMED,
            account=passkey.account,
            by=by,
            now=now,
            changes=changed,
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
    record_everywhere(two_factor_events.PASSKEY_REMOVED, account=account, by=by, now=now, name=name)
    outbox.post(mail.removed(account, name, by=by.account, now=now), now=now)


def _ensure_addable(credential_id: str, account: Account) -> None:
    if queries.find(credential_id) is not None:
        raise KnownPasskey()
    if len(queries.list_for(account)) >= MOST:
        raise TooManyPasskeys(max=MOST)


def _well_formed(name: str) -> str:
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or has_control_characters(name):
        raise NoPasskeyName(max=NAME_LENGTH)
    return name
