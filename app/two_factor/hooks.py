"""What becomes of trusted devices when their owner goes: they are trusted no more once no
organization is left that the owner can enter (D-C1).

Here: when. Not here: how (two_factor.devices).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.kernel import signals
from app.kernel.signals import Hook
from app.models import Account, Membership, TrustedDevice
from app.sessions import service as sessions
from app.two_factor import devices


def connect() -> None:
    """Say what becomes of trusted devices."""
    for left in (signals.membership_suspended, signals.membership_ended):
        left.hooks["devices"] = Hook(_end_if_outside, concerns=_trusting)
    signals.account_suspended.hooks["devices"] = Hook(_end)


def _end_if_outside(membership: Membership, *, now: datetime, **_told: Any) -> None:
    if not sessions.enters_somewhere(membership.account):
        devices.end_all(membership.account, now)


def _trusting(members: Sequence[Membership]) -> Iterable[int]:
    ids = [one.account_id for one in members]
    query = select(TrustedDevice.account_id).where(
        TrustedDevice.account_id.in_(ids), TrustedDevice.ended_at.is_(None)
    )
    return db.session.scalars(query)


def _end(account: Account, *, now: datetime, **_told: Any) -> None:
    devices.end_all(account, now)
