"""Joining: how somebody becomes a member, by whichever way they came.

Here: the verb behind all of them. Not here: registering somebody new
(managed_accounts.registering), coming back (former_members.service), a membership's further life
(memberships.service).
"""

from __future__ import annotations

from collections.abc import Sequence
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
    [membership] = join_many(
        organization, [(account, offer)], by=by, invited_by=invited_by, undoes=undoes, now=now
    )
    return membership


def join_many(
    organization: Organization,
    these: Sequence[tuple[Account, Offer]],
    *,
    now: datetime,
    by: Seat | None = None,
    invited_by: Account | None = None,
    undoes: Activity | None = None,
) -> list[Membership]:
    """The same for several, each with what is offered to them."""
    lock_organization(organization.id)
    _ensure_outside([account for account, _offer in these], organization)
    made = [
        Membership(
            account=account,
            organization=organization,
            type=offer.type,
            roles=list(offer.roles),
            authorities=offer.authorities,
            joined_at=now,
            suspended_reason="",
            invited_by=invited_by,
        )
        for account, offer in these
    ]
    db.session.add_all(made)
    db.session.flush()
    event = events.MEMBER_ADDED if by is not None else events.MEMBER_JOINED
    with membership_began.foreseen(made):
        for membership, (account, offer) in zip(made, these, strict=True):
            who: Seat | Account = by or account
            record(event, membership, by=who, now=now, undoes=undoes, **log_fields(offer))
            record_at_home(membership, by=who, now=now)
            membership_began.send(membership, by=who, now=now)
    return made


def _ensure_outside(accounts: Sequence[Account], organization: Organization) -> None:
    if db.session.scalar(
        select(Membership.id)
        .where(
            Membership.account_id.in_([account.id for account in accounts]),
            Membership.organization_id == organization.id,
        )
        .limit(1)
    ):
        raise AlreadyMember()
