"""Accounts' verbs: register, edit; and finding one.

Here: what happens to an identity. Not here: whether it may be one (accounts.identity), suspending
and deleting (accounts.suspension), membership (memberships.service), passwords (passwords.service).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Unpack, cast

from sqlalchemy import or_, select

from app.access.locks import lock_account
from app.access.seat import Seat
from app.accounts import email_undo_links, mail
from app.accounts.identity import EmailTaken, LoginIdTaken, ensure_possible
from app.accounts.policy import Identity, IdentityEdit, tidied
from app.activity import events, two_factor_events
from app.activity import service as activity
from app.activity.events import Event
from app.activity.service import record_everywhere
from app.extensions import db
from app.http.rate_limit import Limit, TooManyTries
from app.kernel.addresses import email_key, identifier_key
from app.kernel.clock import zone_names
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.kernel.unique import unless_taken
from app.models import Account, EmailChange, LinkPurpose, Organization
from app.outbox import service as outbox
from app.passwords import first_letters, links
from app.passwords import service as passwords

By = Seat | Account | None


class TooManyEdits(TooManyTries):
    """Letters tell of each change, so that somebody else makes only so many."""

    text = lazy("This account was changed too many times. Wait %(wait)s, then try again.")


EDITS_OF = Limit("account-edits-of", "20 per hour", TooManyEdits)


def register_account(
    *,
    zone_is_chosen: bool = False,
    managed_by: Organization | None = None,
    by: By = None,
    now: datetime,
    **identity: Unpack[Identity],
) -> Account:
    """Make an account that cannot sign in yet: it has no password. Raises the refusals of
    accounts.policy, LoginIdTaken, EmailTaken.

    An organization that registers somebody manages their identity (D-C3): `managed_by`.
    """
    wanted = tidied(cast("IdentityEdit", identity))
    ensure_possible(wanted, now=now)
    [account] = register_accounts([wanted], managed_by=managed_by, by=by, now=now)
    account.zone_is_chosen = zone_is_chosen
    return account


def register_accounts(
    identities: Iterable[IdentityEdit],
    *,
    managed_by: Organization | None = None,
    by: By = None,
    now: datetime,
) -> list[Account]:
    """Make several, which the caller has found possible (accounts.identity)."""
    made = [
        Account(
            **tidied(identity),
            managed_by=managed_by,
            created_at=now,
            suspended_at=None,
            suspended_reason="",
        )
        for identity in identities
    ]
    db.session.add_all(made)
    _flush()
    for account in made if by is not None else ():
        _record(events.ACCOUNT_REGISTERED, account, managed_by, by=by, now=now)
    return made


def edit_identity(
    account: Account,
    *,
    by: By,
    now: datetime,
    organization: Organization | None = None,
    change: EmailChange | None = None,
    undoable: bool = True,
    **wanted: Unpack[IdentityEdit],
) -> None:
    """Change what is named of an account's identity, and tell its old and new address what changed.

    It stands in the log of the organization in which it happens, else of each that the account
    belongs to. Links that were sent to an old address die; it gets a way back
    (accounts.email_undo_links), `change` being the row of the link that confirmed the new one.
    Doors ask D-C3 (who may) first.

    Those who manage an account change its address at once, without the owner's confirmation: they
    vouch for it, and do it when the owner cannot read the old address any more. The old address
    hears of it and may undo it all the same.
    """
    changed = _differing(account, wanted)
    if not changed:
        return
    ensure_possible(changed, but=account, now=now)
    _count(account, by=by)
    before = {name: getattr(account, name) for name in changed}
    was_verified = account.email_verified_at is not None
    is_moved = _put(account, changed)
    former, undo = before["email"] if is_moved else account.email, ""
    if is_moved:
        passwords.end_links(account, now=now)
        is_open = undoable and was_verified
        undo = email_undo_links.leave(account, former, change=change, is_open=is_open, now=now)
    _tell(account, before, changed, organization, by=by, now=now)
    told = mail.identity_changed(account, set(changed), old_email=former, undo=undo, by=by, now=now)
    outbox.post_each(told, now=now)
    if is_moved and account.last_sign_in_at is None and by is not account:
        _lead_in(account, former, now=now)


def look_again(account: Account) -> None:
    """Wait for every other change to this account, then read it as it is now.

    Raises NotFound where it is gone.
    """
    lock_account(account.id)
    if db.session.get(Account, account.id, populate_existing=True) is None:
        raise NotFound()


def find(email_or_login_id: str) -> Account | None:
    """Return the person's account with exactly this e-mail address or login ID, however it is
    written, or None.
    """
    key = identifier_key(email_or_login_id)
    named = or_(Account.login_id_key == key, Account.email_key == key)
    return db.session.scalars(
        select(Account).where(named, Account.is_service.is_(False))
    ).one_or_none()


def _count(account: Account, *, by: By) -> None:
    if isinstance(by, Seat) and by.account.id != account.id:
        EDITS_OF.spend(account.id)


def _differing(account: Account, wanted: IdentityEdit) -> IdentityEdit:
    named = tidied(wanted).items()
    return cast(
        "IdentityEdit", {name: value for name, value in named if value != getattr(account, name)}
    )


def _put(account: Account, changed: IdentityEdit) -> bool:
    """Write what changed; return whether the address is another one, which counts as unverified."""
    old_key = email_key(account.email)
    for name, value in changed.items():
        setattr(account, name, value)
    account.zone_is_chosen = account.zone_is_chosen or "time_zone" in changed
    is_moved = email_key(account.email) != old_key
    if is_moved:
        account.email_verified_at = None
    if is_moved or "login_id" in changed:
        _flush()
    return is_moved


def _lead_in(account: Account, old_email: str, *, now: datetime) -> None:
    """Send the letter of the first sign-in to a corrected address, not to the one before."""
    outbox.withdraw_first_sign_in(old_email, now=now)
    if account.managed_by is not None:
        links.send_first_sign_in(account, account.managed_by, None, now=now)
        return
    first_letters.LETTERS.spend(account.id)
    token = links.new_link(account, LinkPurpose.FIRST, now=now)
    life = links.LIVES[LinkPurpose.FIRST]
    outbox.post(mail.registered(account, token, life=life, now=now), now=now)


def _tell(
    account: Account,
    before: dict[str, Any],
    changed: IdentityEdit,
    organization: Organization | None,
    *,
    by: By,
    now: datetime,
) -> None:
    if set(changed) - {"two_factor"}:
        told = activity.changes(before, changed)
        told.pop("two_factor", None)
        _record(events.ACCOUNT_EDITED, account, organization, by=by, now=now, changes=told)
    if "two_factor" in changed:
        event = (
            two_factor_events.TWO_FACTOR_ON
            if account.two_factor
            else two_factor_events.TWO_FACTOR_OFF
        )
        _record(event, account, organization, by=by, now=now)


def _record(
    event: Event,
    account: Account,
    organization: Organization | None,
    *,
    by: By,
    now: datetime,
    **details: Any,
) -> None:
    if organization is None:
        record_everywhere(event, account=account, by=by, now=now, **details)
    else:
        activity.record(
            event, now=now, by=by, organization=organization, subject=account, **details
        )


def _flush() -> None:
    """Write; where somebody took the name between our look and our write, the database says so and
    we say it in words.
    """
    emails, login_ids = ("email", "email_key"), ("username", "login_id_key")
    taken = dict.fromkeys(emails, EmailTaken) | dict.fromkeys(login_ids, LoginIdTaken)
    with unless_taken(**taken):
        db.session.flush()


def adopt_zone(account: Account, named: str) -> bool:
    """Let an account have the zone of its owner's browser, unless somebody chose one (D-C14);
    return whether it does. A browser that hides its zone says UTC, which is believed of nobody.
    """
    if account.zone_is_chosen or named not in zone_names():
        return False
    account.time_zone, account.zone_is_chosen = named, True
    return True
