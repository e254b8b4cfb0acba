"""What becomes of role bindings that wait when their maker goes or may give less, or when their
person came in another way.

Here: when. Not here: how one ends otherwise (bindings.service).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.access.difference import held_by
from app.access.seat import Seat
from app.activity import binding_events
from app.bindings import service as bindings
from app.bindings.queries import waiting
from app.extensions import db
from app.kernel import signals
from app.kernel.signals import Hook
from app.models import Account, BindingStatus, Membership, RoleBinding
from app.models.subjects import rows_of
from app.offers.offer import Offer


def connect() -> None:
    """Say what becomes of role bindings."""
    for gone in (
        signals.membership_suspended,
        signals.membership_ended,
        signals.account_suspended,
        signals.account_deleted,
    ):
        gone.hooks["bindings"] = Hook(_void, concerns=_makers)
    signals.authorities_narrowed.hooks["bindings"] = Hook(_narrow)
    signals.membership_began.hooks["bindings"] = Hook(_withdraw, concerns=_asked)


def _void(maker: Membership | Account, *, now: datetime, **_told: Any) -> None:
    bindings.void(_made_by(maker), now=now)


def _makers(members: Sequence[Membership]) -> Iterable[int]:
    made = rows_of(members, RoleBinding.made_by_id, RoleBinding.organization_id)
    query = select(RoleBinding.made_by_id).where(made, RoleBinding.status == BindingStatus.WAITING)
    return [one for one in db.session.scalars(query) if one is not None]


def _narrow(maker: Membership, *, now: datetime, **_told: Any) -> None:
    held, here = held_by(maker), maker.organization
    falling = (
        binding for binding in _made_by(maker) if not Offer.of(binding).may_be_promised(held, here)
    )
    bindings.void(falling, now=now)


def _withdraw(membership: Membership, *, by: Seat | Account, now: datetime) -> None:
    """Whoever is removed afterwards does not let themselves in again by them."""
    for binding in waiting(
        rows_of([membership], RoleBinding.account_id, RoleBinding.organization_id)
    ):
        binding.settle(BindingStatus.CANCELLED, now=now)
        bindings.record(binding_events.BINDING_CANCELLED, binding, by=by, now=now)


def _asked(members: Sequence[Membership]) -> Iterable[int]:
    asked = rows_of(members, RoleBinding.account_id, RoleBinding.organization_id)
    query = select(RoleBinding.account_id).where(asked, RoleBinding.status == BindingStatus.WAITING)
    return [one for one in db.session.scalars(query) if one is not None]


def _made_by(maker: Membership | Account) -> list[RoleBinding]:
    return waiting(rows_of([maker], RoleBinding.made_by_id, RoleBinding.organization_id))
