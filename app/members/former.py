"""Former members: memberships that ended, and bringing them back as they were (D-C12).

Here: the verb, and what it gives back. Not here: ending (members.leaving), finding former members
(members.queries).
"""

from __future__ import annotations

from datetime import datetime

from app.access.guard import ensure_person, wait_turn
from app.access.seat import Seat
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import lazy
from app.members import leaving, mail, queries
from app.members.offer import Offer
from app.members.service import AlreadyMember, told
from app.models import Activity, Membership
from app.outbox import service as outbox


class NothingLeft(Refusal):
    """Every role that the member had was deleted meanwhile."""

    status = 409
    text = lazy(
        "Every role that this member had was deleted since. Add the person again, with other roles."
    )


def bring_back(
    membership: Membership, *, by: Seat, now: datetime, undoes: Activity | None = None
) -> None:
    """Give a former member the membership that ended: the same row, with its dates, the roles that
    are still there, and its suspension.

    Raises NotFound, AlreadyMember, NothingLeft, AboveYourself, NotAPerson.
    """
    account, organization = membership.account, membership.organization
    wait_turn(organization, by=by)
    db.session.refresh(membership)
    if not membership.has_ended:
        raise NotFound()
    _ensure_can_return(membership, Offer.of(membership), by=by, undone=undoes is not None)
    membership.ended_at = membership.ended_reason = membership.ended_by = None
    db.session.flush()
    db.session.expire(account, ["memberships"])
    activity.record(
        events.MEMBER_BROUGHT_BACK,
        now=now,
        by=by,
        organization=organization,
        subject=membership,
        undoes=undoes,
        **told(Offer.of(membership)),
    )
    leaving.cancel_received(account, organization, by=by, now=now)
    if account.notifications and not membership.is_suspended:
        outbox.post(mail.added(membership, by=by, now=now), now=now)


def _ensure_can_return(membership: Membership, offer: Offer, *, by: Seat, undone: bool) -> None:
    account, organization = membership.account, membership.organization
    if queries.is_member(account, organization):
        raise AlreadyMember()
    if offer.is_empty and not undone:
        raise NothingLeft()
    if offer.settled(organization, by=by).is_power:
        ensure_person(account)
