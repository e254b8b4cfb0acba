"""Leaving: what goes with a member who is removed, suspended or leaves.

Here: sessions and the invitations they sent, and the counts of both for the page that asks first. Not here: the verbs
(members.service).
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.access.seat import Seat
from app.accounts import queries as accounts
from app.accounts import sent
from app.extensions import db
from app.models import Account, AccountSession, Invite, InviteStatus, Membership, Organization
from app.models.session import is_live
from app.sessions import service as sessions


@dataclass(frozen=True)
class Baggage:
    """What members would lose."""

    sessions: int
    invites: int
    roles: int
    authorities: int
    managed: int


def baggage(these: Sequence[Membership], *, now: datetime) -> Baggage:
    """Count what goes with members of one organization, in one statement however many they are."""
    theirs, organization_id = [one.account_id for one in these], these[0].organization_id if these else 0
    live = select(func.count(AccountSession.id)).where(
        AccountSession.account_id.in_(theirs), is_live(now)
    )
    waiting = select(func.count(Invite.id)).where(
        Invite.inviter_id.in_(theirs), Invite.organization_id == organization_id, Invite.status == InviteStatus.PENDING
    )
    managed = select(func.count(Account.id)).where(Account.id.in_(theirs), Account.managed_by_id == organization_id)
    counted = db.session.execute(select(live.scalar_subquery(), waiting.scalar_subquery(), managed.scalar_subquery())).one()
    return Baggage(counted[0], counted[1], sum(len(one.roles) for one in these), sum(len(one.authorities) for one in these), counted[2])


def cut_off(account: Account, *, now: datetime) -> None:
    """End the sessions of somebody who can enter no organization any more (D-C1); the platform administrator needs none."""
    db.session.flush()
    if not accounts.is_platform_administrator(account):
        sessions.end_without_membership(account, now=now)


def cancel_sent(account: Account, organization: Organization, *, by: Seat, now: datetime) -> None:
    """Cancel the pending invitations that somebody sent for an organization."""
    sent.cancel(db.session.scalars(sent.pending_of(account, organization)), by=by, now=now)


def cancel_received(account: Account, organization: Organization, *, by: Seat, now: datetime) -> None:
    """Cancel what waits for somebody who became a member another way."""
    waiting = select(Invite).where(
        Invite.organization_id == organization.id, Invite.address_key == account.email_key, Invite.status == InviteStatus.PENDING
    )
    sent.cancel(db.session.scalars(waiting), by=by, now=now)
