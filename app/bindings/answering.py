"""Answering: what somebody who was added does at the next sign-in (D-C11).

Here: joining, declining, and that nobody is given what the adder could not give any more. Not here:
adding (bindings.service), the page (my_views).
"""

from __future__ import annotations

from datetime import datetime

from app.access.locks import lock_organization
from app.access.seat import Seat
from app.accounts import queries as account_queries
from app.activity import binding_events
from app.bindings.policy import manages_members
from app.bindings.refusals import BindingOver, BindingVoid, MemberAlready
from app.bindings.service import membership_of, record, refresh, void
from app.kernel.errors import NotFound, Refusal
from app.memberships import joining
from app.models import Account, BindingStatus, RoleBinding
from app.offers.offer import Offer


def proceed(binding: RoleBinding, *, account: Account, now: datetime) -> None:
    """Join the organization as offered, on the person's own word; or, where they were added without
    being asked, note that they have read it.

    What the adder could not give any more is given to nobody: the binding is void then. Raises
    BindingVoid, MemberAlready, BindingOver, NotFound.
    """
    _hold_own(binding, account)
    if binding.status is BindingStatus.JOINED:
        binding.answered_at = now
        return
    if membership_of(binding.organization, account) is not None:
        binding.settle(BindingStatus.CANCELLED, now=now)
        raise MemberAlready()
    offer = _still_given(binding)
    if offer is None:
        void([binding], now=now)
        raise BindingVoid()
    binding.settle(BindingStatus.JOINED, now=now)
    joining.join(binding.organization, account, offer=offer, now=now, invited_by=binding.made_by)
    record(binding_events.BINDING_CONTINUED, binding, by=account, now=now)


def decline(binding: RoleBinding, *, account: Account, now: datetime) -> None:
    """Say no; the organization sees that. Raises BindingOver, NotFound."""
    _hold_own(binding, account)
    if not binding.is_waiting:
        raise BindingOver()
    binding.settle(BindingStatus.DECLINED, now=now)
    record(binding_events.BINDING_DECLINED, binding, by=account, now=now)


def is_given(binding: RoleBinding) -> bool:
    """Whether the adder could still give it at this moment; without a lock, good enough to show."""
    return _still_given(binding) is not None


def _still_given(binding: RoleBinding) -> Offer | None:
    """The offer, settled for whoever made it as they are now; None where they may not any more."""
    giver = _giver(binding)
    if giver is None:
        return None
    try:
        offer = Offer.of(binding).settled(binding.organization, by=giver)
    except Refusal:
        return None
    return None if offer.is_empty else offer


def _giver(binding: RoleBinding) -> Seat | None:
    """The seat of whoever made a binding, None where they manage no members here any more."""
    maker, organization = binding.made_by, binding.organization
    if maker is None or maker.is_suspended:
        return None
    own = membership_of(organization, maker)
    is_platform = account_queries.is_platform_administrator(maker)
    if not is_platform and (own is None or not manages_members(own)):
        return None
    return Seat(
        account=maker,
        organization=organization,
        membership=own,
        memberships=[own] if own is not None else [],
        is_platform_administrator=is_platform,
    )


def _hold_own(binding: RoleBinding, account: Account) -> None:
    if binding.account_id != account.id or not lock_organization(binding.organization_id):
        raise NotFound()
    refresh(binding)
    if binding.answered_at is not None:
        raise BindingOver()
