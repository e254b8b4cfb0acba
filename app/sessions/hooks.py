"""What becomes of sessions when their owner goes: they end once no organization is left that the
owner can enter (D-C1).

Here: when, and the words for the pages that ask. Not here: how (sessions.service).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, union

from app.extensions import db
from app.kernel import signals
from app.kernel.i18n import _, ngettext
from app.kernel.signals import Hook, Line
from app.models import Account, AccountSession, LoginCode, Membership
from app.sessions import queries
from app.sessions import service as sessions


def connect() -> None:
    """Say what becomes of sessions; those of an account that is deleted go by foreign key."""
    for left in (signals.membership_suspended, signals.membership_ended):
        left.hooks["sessions"] = Hook(
            _end_if_outside, queries.open_of, _lose_access, place=10, concerns=_signing_in
        )
    signals.account_suspended.hooks["sessions"] = Hook(_end, queries.open_of, _open, place=10)
    signals.account_deleted.hooks["sessions"] = Hook(None, queries.open_of, _open, place=10)


def _end_if_outside(membership: Membership, *, now: datetime, **_told: Any) -> None:
    if not sessions.enters_somewhere(membership.account):
        sessions.end_all(membership.account, now=now)


def _signing_in(members: Sequence[Membership]) -> Iterable[int]:
    """Who has a session, or has begun to sign in."""
    ids = [one.account_id for one in members]
    open_ = select(AccountSession.account_id).where(
        AccountSession.account_id.in_(ids), AccountSession.ended_at.is_(None)
    )
    begun = select(LoginCode.account_id).where(
        LoginCode.account_id.in_(ids), LoginCode.used_at.is_(None)
    )
    return db.session.scalars(union(open_, begun))


def _end(account: Account, *, now: datetime, **_told: Any) -> None:
    sessions.end_all(account, now=now)


def _lose_access(count: int) -> Line:
    return _("Open sessions"), ngettext(
        "%(num)s, loses access at once", "%(num)s, lose access at once", count
    )


def _open(count: int) -> Line:
    return _("Open sessions"), f"{count}"
