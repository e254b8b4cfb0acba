"""What becomes of role bindings that wait when their maker or their person's way in changes.

Here: when. Not here: how (bindings.ending).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement

from app.access.difference import held_by
from app.access.seat import Seat
from app.bindings import ending
from app.kernel import signals
from app.members.offer import Offer
from app.models import Account, Membership, RoleBinding


def connect() -> None:
    """Register what becomes of role bindings."""
    for left in (signals.membership_suspended, signals.membership_ended):
        left.register("bindings", _void_here)
    for gone in (signals.account_suspended, signals.account_deleted):
        gone.register("bindings", _void_all)
    signals.authorities_narrowed.register("bindings", _narrow)
    signals.membership_began.register("bindings", _withdraw)


def _void_here(membership: Membership, *, now: datetime, **_told: Any) -> None:
    ending.void(ending.waiting(*_made_by(membership)), now=now)


def _void_all(account: Account, *, now: datetime, **_told: Any) -> None:
    ending.void(ending.waiting(RoleBinding.made_by_id == account.id), now=now)


def _narrow(membership: Membership, *, now: datetime, **_told: Any) -> None:
    held, here = held_by(membership), membership.organization
    made = ending.waiting(*_made_by(membership))
    ending.void([one for one in made if not Offer.of(one).may_be_promised(held, here)], now=now)


def _withdraw(membership: Membership, *, by: Seat | Account, now: datetime) -> None:
    theirs = ending.waiting(
        RoleBinding.account_id == membership.account_id,
        RoleBinding.organization_id == membership.organization_id,
    )
    ending.withdraw(theirs, by=by, now=now)


def _made_by(membership: Membership) -> tuple[ColumnElement[bool], ...]:
    return (
        RoleBinding.made_by_id == membership.account_id,
        RoleBinding.organization_id == membership.organization_id,
    )
