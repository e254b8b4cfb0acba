"""Suspending a member, and reinstating them.

Here: both verbs, D-C1. Not here: editing and removing (memberships.service), what goes with a
member (hooks of membership_suspended), suspending an account everywhere (accounts.suspension).
"""

from __future__ import annotations

from datetime import datetime

from app.access.last_power_user import ensure_not_last_power_user
from app.access.locks import look_again
from app.access.seat import Seat
from app.activity import events
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.signals import membership_suspended
from app.memberships import mail
from app.memberships.service import _tell, ensure_not_yourself, record
from app.models import Activity, Membership


class AlreadySuspended(Refusal):
    """Suspending twice would lose the first reason."""

    status = 409
    text = lazy("This member is already suspended.")


class NotSuspended(Refusal):
    """Only the suspended can be reinstated."""

    status = 409
    text = lazy("This member is not suspended.")


def suspend(
    membership: Membership,
    *,
    reason: str,
    keep: bool = False,
    by: Seat,
    now: datetime,
    undoes: Activity | None = None,
) -> None:
    """Close the organization to a member at once, until reinstated (D-3, D-C1); `keep` takes over
    their pending invitations.

    Raises AboveYourself, LastPowerUser, Yourself.
    """
    look_again(membership, by=by)
    ensure_not_yourself(membership, by=by)
    by.must_cover_member(membership)
    if membership.is_suspended:
        raise AlreadySuspended()
    ensure_not_last_power_user(membership)
    membership.suspended_at, membership.suspended_reason = now, reason.strip()
    membership_suspended.send(membership, keep=keep, by=by, now=now)
    record(
        events.MEMBER_SUSPENDED, membership, by=by, now=now, undoes=undoes, reason=reason.strip()
    )
    _tell(membership, lambda: mail.suspended(membership, by=by, now=now), by=by, now=now)


def reinstate(
    membership: Membership, *, by: Seat, now: datetime, undoes: Activity | None = None
) -> None:
    """Open the organization to a suspended member again (S2-28); sessions from before stay shut out
    (D-C1).
    """
    look_again(membership, by=by)
    by.must_cover_member(membership)
    if not membership.is_suspended:
        raise NotSuspended()
    membership.suspended_at, membership.suspended_reason, membership.access_from = None, "", now
    record(events.MEMBER_REINSTATED, membership, by=by, now=now, undoes=undoes)
    _tell(membership, lambda: mail.reinstated(membership, by=by, now=now), by=by, now=now)
