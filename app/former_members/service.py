"""Former members: memberships that ended, and bringing them back as they were (D-C12).

Here: the verb, and what it gives back. Not here: ending (memberships.service), finding former
members (former_members.queries).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.access.locks import wait_turn
from app.access.persons import ensure_person
from app.access.seat import Seat
from app.activity import events
from app.extensions import db
from app.former_members import queries as former_queries
from app.http.rate_limit import Limit, TooManyTries
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import lazy
from app.kernel.signals import membership_began
from app.memberships import mail
from app.memberships.joining import AlreadyMember
from app.memberships.service import log_fields, record
from app.models import Activity, Membership, Organization
from app.offers.offer import Offer
from app.outbox import service as outbox


class NothingLeft(Refusal):
    """Every role that the member had was deleted meanwhile."""

    status = 409
    text = lazy(
        "All roles of this member have been deleted. Add the person again, with other roles."
    )


class TooManyReturns(TooManyTries):
    """Letters tell the person of each, so nobody is removed and brought back by the dozen."""

    text = lazy("This person was reinstated too many times today. Wait %(wait)s, then try again.")


RETURNS_OF = Limit("returns-of", "5 per day", TooManyReturns)


class WereMembers(Refusal):
    """Somebody who was a member gets the rights of then back, or starts afresh: which is meant?"""

    status = 409
    field = "afresh"
    text = lazy(
        "Some of these people are former members. Reinstate them as they were, or start over."
    )

    def __init__(self, former: Sequence[Membership]) -> None:
        super().__init__()
        self.former = former


def bring_back(
    membership: Membership, *, by: Seat, now: datetime, undoes: Activity | None = None
) -> None:
    """Give a former member the membership that ended: the same row, with its dates, the roles that
    are still there, and its suspension.

    Raises NotFound, AlreadyMember, NothingLeft, AboveYourself, NotAPerson, TooManyReturns.
    """
    account, organization = membership.account, membership.organization
    wait_turn(organization, by=by)
    db.session.refresh(membership)
    if not membership.has_ended:
        raise NotFound()
    ensure_can_return(membership, by=by, undone=undoes is not None)
    RETURNS_OF.spend(membership.id)
    membership.ended_at = membership.ended_reason = membership.ended_by = None
    db.session.flush()
    db.session.expire(account, ["memberships"])
    record(
        events.MEMBER_BROUGHT_BACK,
        membership,
        by=by,
        now=now,
        undoes=undoes,
        **log_fields(Offer.of(membership)),
    )
    membership_began.send(membership, by=by, now=now)
    if account.notifications and not membership.is_suspended:
        outbox.post(mail.added(membership, by=by, now=now), now=now)


def ensure_can_return(membership: Membership, *, by: Seat, undone: bool = False) -> None:
    """Raise what `bring_back` refuses."""
    account, organization = membership.account, membership.organization
    offer = Offer.of(membership)
    if former_queries.is_member(account, organization):
        raise AlreadyMember()
    if offer.is_empty and not undone:
        raise NothingLeft()
    if offer.settled(organization, by=by).is_power:
        ensure_person(account)


def ensure_meant(organization: Organization, names: Iterable[str], *, afresh: bool) -> None:
    """Raise WereMembers where former members are about to start anew and nobody said so."""
    found = [] if afresh else former_queries.named(organization, names)
    if found:
        raise WereMembers(found)
