"""Role bindings' verbs: add, edit, cancel.

Here: D-C11. While a binding waits, nothing of the account is read, shown or changed for the
organization. Not here: the person's answer (answering), the screens (views, my_views), the letter
(mail), who is not asked (policy).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.access.guard import wait_turn
from app.access.seat import Seat
from app.accounts import service as accounts
from app.activity import binding_events
from app.activity import service as activity
from app.activity.events import Event
from app.bindings import mail
from app.bindings.policy import joins_at_once
from app.bindings.refusals import (
    AlreadyAdded,
    BindingOver,
    TooManyForPerson,
)
from app.extensions import db
from app.http.rate_limit import Limit
from app.kernel.errors import NotFound
from app.managed_accounts.registering import NoSuchAccount, ensure_proved
from app.memberships import joining
from app.memberships import mail as member_mail
from app.models import Account, BindingStatus, Membership, Organization, RoleBinding
from app.offers.offer import NothingGiven, Offer
from app.outbox import service as outbox

PER_PERSON = Limit("bindings-to", "5 per day", TooManyForPerson)
"""Letters that one organization sends to one person in this way."""


def add(
    organization: Organization, *, who: str, offer: Offer, by: Seat, now: datetime
) -> RoleBinding:
    """Add the account with exactly this e-mail address or login ID (S3-35, S4-10, S4-13): it joins
    at its next sign-in, or at once where nobody needs to be asked.

    Raises NoSuchAccount, AddressUnproven, AlreadyMember, AlreadyAdded, NothingGiven, AboveYourself,
    RoleElsewhere, TooManyForPerson.
    """
    wait_turn(organization, by=by)
    settled = offer.settled(organization, by=by)
    if settled.is_empty:
        raise NothingGiven()
    account = ensure_proved(accounts.find(who), who)
    if membership_of(organization, account) is not None:
        raise joining.AlreadyMember(field="who")
    if _waiting(organization, account) is not None:
        raise AlreadyAdded()
    PER_PERSON.spend(f"{organization.id}:{account.id}")
    binding = RoleBinding(
        organization=organization,
        address=who.strip()[:320],
        account=account,
        type=settled.type,
        roles=list(settled.roles),
        authorities=settled.authorities,
        status=BindingStatus.WAITING,
        made_by=by.account,
        made_by_email=by.account.email,
        created_at=now,
    )
    db.session.add(binding)
    _flush()
    if joins_at_once(account, organization, by=by):
        _join_at_once(binding, settled, by=by, now=now)
    else:
        record(binding_events.BINDING_ADDED, binding, by=by, now=now, **_kept(settled))
        outbox.post(mail.waiting(binding, now=now), now=now)
    return binding


def edit(binding: RoleBinding, *, offer: Offer, by: Seat, now: datetime) -> None:
    """Change what somebody is given when they join. Raises BindingOver, NothingGiven,
    AboveYourself, RoleElsewhere.
    """
    by_now = _hold(binding, by=by)
    settled = offer.settled(binding.organization, by=by)
    if settled.is_empty:
        raise NothingGiven()
    changed = activity.changes(_kept(by_now), _kept(settled))
    if not changed:
        return
    binding.type, binding.roles, binding.authorities = (
        settled.type,
        list(settled.roles),
        settled.authorities,
    )
    binding.made_by, binding.made_by_email = by.account, by.account.email
    record(binding_events.BINDING_EDITED, binding, by=by, now=now, changes=changed)


def cancel(binding: RoleBinding, *, by: Seat, now: datetime) -> None:
    """Take an addition back while it waits: the person is asked no more. Raises BindingOver,
    AboveYourself.
    """
    _hold(binding, by=by)
    binding.settle(BindingStatus.CANCELLED, now=now)
    record(binding_events.BINDING_CANCELLED, binding, by=by, now=now)


def void(bindings: Iterable[RoleBinding], *, now: datetime) -> None:
    """End role bindings whose ground is gone; the list says so, and nobody is asked (D-C11)."""
    for binding in bindings:
        binding.settle(BindingStatus.VOID, now=now)
        record(binding_events.BINDING_VOID, binding, by=None, now=now)


def look_again(binding: RoleBinding, *, by: Seat) -> None:
    """Wait for every other change to the organization, then read a binding as it is now."""
    wait_turn(binding.organization, by=by)
    refresh(binding)


def _join_at_once(binding: RoleBinding, offer: Offer, *, by: Seat, now: datetime) -> None:
    account, organization = binding.account, binding.organization
    is_own = account.id == by.account.id
    binding.status, binding.settled_at = BindingStatus.JOINED, now
    binding.answered_at = now if is_own else None
    membership = joining.join(organization, account, offer=offer, by=by, now=now)
    if account.notifications and not is_own:
        outbox.post(member_mail.added(membership, by=by, now=now), now=now)


def membership_of(organization: Organization, account: Account) -> Membership | None:
    return db.session.scalars(
        select(Membership)
        .where(Membership.account_id == account.id, Membership.organization_id == organization.id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _waiting(organization: Organization, account: Account) -> int | None:
    return db.session.scalar(
        select(RoleBinding.id).where(
            RoleBinding.organization_id == organization.id,
            RoleBinding.account_id == account.id,
            RoleBinding.status == BindingStatus.WAITING,
        )
    )


def ensure_may_change(binding: RoleBinding, *, by: Seat) -> Offer:
    """Raise BindingOver, or AboveYourself for what this person may not give (D-1); return what is
    given.
    """
    if not binding.is_waiting:
        raise BindingOver()
    offer = Offer.of(binding)
    by.must_cover(offer.given, power=offer.is_power)
    return offer


def _hold(binding: RoleBinding, *, by: Seat) -> Offer:
    look_again(binding, by=by)
    return ensure_may_change(binding, by=by)


def refresh(binding: RoleBinding) -> None:
    if db.session.get(RoleBinding, binding.id, populate_existing=True) is None:
        raise NotFound()
    db.session.refresh(binding, ["roles"])


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:  # added by two doors at once, or the account was just deleted
        raise (AlreadyAdded if "uniq" in str(error.orig).lower() else NoSuchAccount)() from error


def _kept(offer: Offer) -> dict[str, Any]:
    return {"type": offer.type, "roles": list(offer.roles), "authorities": offer.authorities}


def record(
    event: Event,
    binding: RoleBinding,
    *,
    by: Seat | Account | None,
    now: datetime,
    **details: Any,
) -> None:
    activity.record(
        event, now=now, by=by, organization=binding.organization, subject=binding, **details
    )
