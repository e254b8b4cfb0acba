"""Registering: making somebody a member without an invitation.

Here: a new account that the organization manages (S2-11…S2-12), and why somebody cannot be added.
Not here: adding an account that exists already (bindings.service), a membership's further life
(memberships.service), the first-sign-in letter (passwords.links).
"""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from app.access.locks import wait_turn
from app.access.seat import Seat
from app.accounts import service as accounts
from app.accounts.identity import ensure_registrable as ensure_account
from app.accounts.policy import Identity
from app.http.rate_limit import Limit, TooManyTries
from app.kernel.addresses import email_key
from app.kernel.errors import Refusal, all_at_once
from app.kernel.i18n import lazy
from app.memberships.joining import AlreadyMember, join
from app.models import Account, Membership, Organization
from app.offers.offer import Offer
from app.passwords import links
from app.passwords import service as passwords


class HasAccount(Refusal):
    """The address belongs to somebody who has an account."""

    status = 409
    field = "email"
    text = lazy(
        "Somebody with this e-mail address has an account already. Add the existing account, or"
        " send an invitation."
    )


class NoSuchAccount(Refusal):
    """Nobody has exactly this address or login ID; nothing else is said about who has an
    account."""

    status = 404
    field = "who"
    text = lazy(
        "No account has exactly this e-mail address or login ID. Register the person, or send an"
        " invitation."
    )


class AddressUnproven(Refusal):
    """Somebody can sign in with an account that only claims this address: it may not be the person
    who is meant.
    """

    status = 409
    field = "who"
    text = lazy(
        "Nobody has proved yet that this account’s e-mail address is theirs. Send an invitation"
        " instead: its letter proves it."
    )


class TooManyLookups(TooManyTries):
    """Somebody tries out who has an account: registering says whether an address does."""

    text = lazy("Too many people were looked up or added. Wait %(wait)s, then try again.")


LOOKUPS = Limit("account-lookups", "300 per hour", TooManyLookups)
"""Doors take a turn before they register or look somebody up, also for what is then refused: that
is what tells.
"""


def register(
    organization: Organization,
    *,
    offer: Offer,
    password: str | None = None,
    by: Seat,
    now: datetime,
    **identity: Unpack[Identity],
) -> Membership:
    """Register somebody: an account that this organization manages, the membership, and the
    first-sign-in letter; or nothing.

    Raises the refusals of accounts.service.register_account, WeakPassword, AboveYourself,
    RoleElsewhere.
    """
    wait_turn(organization, by=by)
    settled = offer.settled(organization, by=by)
    identity.setdefault("time_zone", organization.time_zone)
    ensure_registrable(organization, identity, password=password, now=now)
    account = accounts.register_account(**identity, managed_by=organization, by=by, now=now)
    membership = join(organization, account, offer=settled, by=by, now=now)
    if password:
        passwords.set_password(account, password, by=by, now=now)
    links.send_first_sign_in(account, organization, password or None, now=now)
    return membership


def ensure_registrable(
    organization: Organization, identity: Identity, *, password: str | None, now: datetime
) -> None:
    """Raise at once all that would be refused of somebody to be registered; of a known person, the
    login ID they have is no fault beside that.
    """
    known = _known(identity.get("email", ""))
    all_at_once(
        lambda: _ensure_unknown(known, organization),
        lambda: ensure_account(
            identity,
            password=password or None,
            organizations=(organization,),
            but=known,
            now=now,
        ),
    )


def ensure_proved(account: Account | None, who: str) -> Account:
    """Return the account that was found for an e-mail address or login ID, if whoever signs in with
    it is surely the person who is meant. Raises NoSuchAccount, AddressUnproven.
    """
    if account is None:
        raise NoSuchAccount()
    if (
        email_key(who) == account.email_key
        and account.email_verified_at is None
        and account.password_hash
    ):
        raise AddressUnproven()
    return account


def _known(email: str) -> Account | None:
    return accounts.find(email) if "@" in email else None


def _ensure_unknown(known: Account | None, organization: Organization) -> None:
    if known is None:
        return
    if any(held.organization_id == organization.id for held in known.memberships):
        raise AlreadyMember()
    raise HasAccount()
