"""Joining: how somebody becomes a member, by whichever way they came.

Here: the verb behind all of them. Not here: registering somebody new
(managed_accounts.registering), coming back (former_members.service), a membership's further life
(memberships.service).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.access.locks import lock_organization
from app.access.seat import Seat
from app.activity import events
from app.activity.service import record_at_home
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.signals import membership_began
from app.memberships.service import log_fields, record
from app.models import Account, Activity, Membership, Organization
from app.offers.offer import Offer


class AlreadyMember(Refusal):
    """Nobody is a member twice."""

    status = 409
    field = "email"
    text = lazy("This person is already a member of this organization.")


def join(
    organization: Organization,
    account: Account,
    *,
    offer: Offer,
    now: datetime,
    by: Seat | None = None,
    invited_by: Account | None = None,
    undoes: Activity | None = None,
) -> Membership:
    """Make somebody a member; whoever calls it has settled the offer, and what is answered by it.
    Raises AlreadyMember.
    """
    lock_organization(organization.id)
    _ensure_outside(account, organization)
    membership = Membership(
        account=account,
        organization=organization,
        type=offer.type,
        roles=list(offer.roles),
        authorities=offer.authorities,
        joined_at=now,
        suspended_reason="",
        invited_by=invited_by,
    )
    db.session.add(membership)
    db.session.flush()
    event = events.MEMBER_ADDED if by is not None else events.MEMBER_JOINED
    record(event, membership, by=by or account, now=now, undoes=undoes, **log_fields(offer))
    record_at_home(membership, by=by or account, now=now)
    membership_began.send(membership, by=by or account, now=now)
    return membership


def _ensure_outside(account: Account, organization: Organization) -> None:
    if db.session.scalar(
        select(Membership.id).where(
            Membership.account_id == account.id, Membership.organization_id == organization.id
        )
    ):
        raise AlreadyMember()
