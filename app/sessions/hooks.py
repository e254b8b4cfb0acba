"""What becomes of sessions when their owner goes: they end once no organization is left that the
owner can enter (D-C1).

Here: when, and the words for the pages that ask. Not here: how (sessions.service).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect

from app.kernel import signals
from app.kernel.i18n import _, ngettext
from app.kernel.signals import Line
from app.models import Account, Membership
from app.sessions import queries
from app.sessions import service as sessions


def connect() -> None:
    """Register what becomes of sessions."""
    for left in (signals.membership_suspended, signals.membership_ended):
        left.register("sessions", _end_if_outside, count=_of_members, say=_lose_access, place=10)
    signals.account_suspended.register("sessions", _end, count=_of_accounts, say=_open, place=10)
    signals.account_deleted.register("sessions", count=_of_accounts, say=_open, place=10)


def _end_if_outside(membership: Membership, *, now: datetime, **_told: Any) -> None:
    if not sessions.enters_somewhere(membership.account):
        sessions.end_all(membership.account, now=now)


def _of_members(memberships: Sequence[Membership], *, now: datetime) -> ScalarSelect[int]:
    return queries.how_many([one.account_id for one in memberships], now=now)


def _lose_access(count: int) -> Line:
    return _("Open sessions"), ngettext(
        "%(num)s, loses access at once", "%(num)s, lose access at once", count
    )


def _end(account: Account, *, now: datetime, **_told: Any) -> None:
    sessions.end_all(account, now=now)


def _of_accounts(accounts: Sequence[Account], *, now: datetime) -> ScalarSelect[int]:
    return queries.how_many([one.id for one in accounts], now=now)


def _open(count: int) -> Line:
    return _("Open sessions"), f"{count}"
