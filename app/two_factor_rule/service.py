"""Exceptions' verbs: except a member from the 2-step rule for a while, end that.

Here: end dates, reasons, D-1. Not here: the rule (access.two_factor), the board
(two_factor_rule.views).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.access.locks import look_again
from app.access.seat import Seat
from app.activity import service as activity
from app.activity import two_factor_events
from app.extensions import db
from app.kernel.clock import day_of, end_of_day, zone_of
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import Membership, TwoFactorException
from app.two_factor_rule import queries

LONGEST = timedelta(days=90)
REASON_LENGTH = 500


class OwnException(Refusal):
    """Nobody spares themselves."""

    status = 409
    text = lazy("You cannot except yourself. Ask another manager.")


class ReasonMissing(Refusal):
    """An exception nobody can judge later."""

    status = 422
    field = "reason"
    text = lazy("Say why, so that others can judge it later.")


class EndImpossible(Refusal):
    """An exception that has ended already, or lasts too long."""

    status = 422
    field = "until"
    text = lazy("An exception ends within %(days)s days from today.")


class NotExcepted(Refusal):
    """Nothing to end."""

    status = 409
    text = lazy("This member is not excepted any more.")


def grant(
    membership: Membership, *, until: datetime, reason: str, by: Seat, now: datetime
) -> TwoFactorException:
    """Let the rule not hold for a member until a moment.

    Raises OwnException, AboveYourself, ReasonMissing, EndImpossible.
    """
    look_again(membership, by=by)
    ensure_may(membership, by=by)
    if not reason.strip():
        raise ReasonMissing()
    zone = zone_of(membership.organization.time_zone)
    if not now < until <= end_of_day(day_of(now, zone) + LONGEST, zone):
        raise EndImpossible(days=LONGEST.days)
    row = queries.exception_of(membership)
    before = row.until if row is not None and row.until > now else None
    if row is None:
        row = TwoFactorException(membership_id=membership.id)
        db.session.add(row)
    row.until, row.reason, row.created_at = until, reason.strip()[:REASON_LENGTH], now
    row.granted_by = by.account.written_name
    db.session.flush()
    activity.record(
        two_factor_events.TWO_FACTOR_EXCEPTED,
        now=now,
        by=by,
        organization=membership.organization,
        subject=membership,
        changes={"excepted_until_at": [before.isoformat() if before else None, until.isoformat()]},
        reason=row.reason,
    )
    return row


def end(membership: Membership, *, by: Seat, now: datetime) -> None:
    """Let the rule hold for a member again, at once.

    Raises OwnException, AboveYourself, NotExcepted.
    """
    look_again(membership, by=by)
    ensure_may(membership, by=by)
    row = queries.exception_of(membership)
    if row is None or row.until <= now:
        raise NotExcepted()
    db.session.delete(row)
    db.session.flush()
    activity.record(
        two_factor_events.TWO_FACTOR_EXCEPTION_ENDED,
        now=now,
        by=by,
        organization=membership.organization,
        subject=membership,
        changes={"excepted_until_at": [row.until.isoformat(), None]},
    )


def ensure_may(membership: Membership, *, by: Seat) -> None:
    """Raise OwnException or AboveYourself where this person may not decide over this
    member (D-1)."""
    if membership.account_id == by.account.id:
        raise OwnException()
    by.must_cover_member(membership)
