"""Registering: making somebody a member without an invitation.

Here: a new account that the organization manages (S2-11…S2-12), and why somebody cannot be added.
Not here: adding an account that exists already (bindings.service), a membership's further life
(memberships.service), the first-sign-in letter (passwords.links).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Unpack, cast

from app.access.locks import wait_turn
from app.access.seat import Seat
from app.accounts import service as accounts
from app.accounts.identity import ensure_registrable as ensure_account
from app.accounts.policy import Identity, IdentityEdit
from app.accounts.taken import Taken
from app.http.rate_limit import Limit, TooManyTries
from app.kernel.addresses import email_key
from app.kernel.errors import Refusal, all_at_once
from app.kernel.i18n import lazy
from app.memberships.joining import AlreadyMember, join_many
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
    [membership] = register_many(
        organization, [Newcomer(identity, offer, password)], by=by, now=now
    )
    return membership


@dataclass
class Newcomer:
    """Somebody who is to be registered; `hashed` is the password’s hash where it was made before,
    outside of the transaction.
    """

    identity: Identity
    offer: Offer
    password: str | None = None
    hashed: str = ""


def register_many(
    organization: Organization, newcomers: Sequence[Newcomer], *, by: Seat, now: datetime
) -> list[Membership]:
    """Register several: all of them, in the number of statements of one. Raises what the first one
    refuses.
    """
    wait_turn(organization, by=by)
    offers = [*(one.offer for one in newcomers)]
    settled = {offer: offer.settled(organization, by=by) for offer in dict.fromkeys(offers)}
    taken = Taken.among([one.identity for one in newcomers], now=now)
    for one in newcomers:
        one.identity.setdefault("time_zone", organization.time_zone)
        ensure_registrable(organization, one.identity, password=one.password, taken=taken, now=now)
        taken.add(one.identity)
    made = accounts.register_accounts(
        [cast("IdentityEdit", one.identity) for one in newcomers],
        managed_by=organization,
        by=by,
        now=now,
    )
    given = [(account, settled[offer]) for account, offer in zip(made, offers, strict=True)]
    joined = join_many(organization, given, by=by, now=now)
    for account, one in zip(made, newcomers, strict=True):
        if one.password:
            passwords.set_password(account, one.password, by=by, now=now, hashed=one.hashed)
    letters = [(made[at], one.password or None) for at, one in enumerate(newcomers)]
    links.send_first_sign_ins(letters, organization, now=now)
    return joined


def ensure_registrable(
    organization: Organization,
    identity: Identity,
    *,
    password: str | None,
    taken: Taken | None = None,
    now: datetime,
) -> None:
    """Raise at once all that would be refused of somebody to be registered; of a known person, the
    login ID they have is no fault beside that. Of many, `taken` was found for all of them.
    """
    known = _known(identity.get("email", ""), taken or Taken.among([identity], now=now))
    all_at_once(
        lambda: _ensure_unknown(known, organization),
        lambda: ensure_account(
            identity,
            password=password or None,
            organizations=(organization,),
            but=known,
            taken=taken,
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


def _known(email: str, taken: Taken) -> Account | None:
    is_there = "@" in email and email_key(email) in taken.emails
    return accounts.find(email) if is_there else None


def _ensure_unknown(known: Account | None, organization: Organization) -> None:
    if known is None:
        return
    if any(held.organization_id == organization.id for held in known.memberships):
        raise AlreadyMember()
    raise HasAccount()
