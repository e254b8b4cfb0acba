"""Leaving: what goes with a member who is removed, suspended or leaves.

Here: the end of the membership, sessions, the invitations they sent, their API keys, and the counts
of these for the page that asks first. Not here: the verbs (members.service), coming back
(members.former).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.access.seat import Seat
from app.accounts import keys, sent
from app.accounts import queries as accounts
from app.extensions import db
from app.models import (
    Account,
    AccountSession,
    Invite,
    InviteStatus,
    Membership,
    MembershipEnd,
    Organization,
    PortalKey,
)
from app.models.portal_key import is_working
from app.models.session import is_live
from app.sessions import service as sessions
from app.two_factor import devices


@dataclass(frozen=True)
class Baggage:
    """What members would lose."""

    sessions: int
    invites: int
    roles: int
    authorities: int
    managed: int
    keys: int


def baggage(these: Sequence[Membership], *, now: datetime) -> Baggage:
    """Count what goes with members of one organization, in one statement however many they are."""
    theirs, organization_id = (
        [one.account_id for one in these],
        these[0].organization_id if these else 0,
    )
    live = select(func.count(AccountSession.id)).where(
        AccountSession.account_id.in_(theirs), is_live(now)
    )
    waiting = select(func.count(Invite.id)).where(
        Invite.inviter_id.in_(theirs),
        Invite.organization_id == organization_id,
        Invite.status == InviteStatus.PENDING,
    )
    managed = select(func.count(Account.id)).where(
        Account.id.in_(theirs), Account.managed_by_id == organization_id
    )
    working = select(func.count(PortalKey.id)).where(
        PortalKey.account_id.in_(theirs),
        PortalKey.organization_id == organization_id,
        is_working(now),
    )
    asked = (one.scalar_subquery() for one in (live, waiting, managed, working))
    counted = db.session.execute(select(*asked)).one()
    roles, authorities = (
        sum(len(one.roles) for one in these),
        sum(len(one.authorities) for one in these),
    )
    return Baggage(counted[0], counted[1], roles, authorities, counted[2], counted[3])


def end(
    membership: Membership, *, how: MembershipEnd, keep: bool = False, by: Seat, now: datetime
) -> None:
    """End a membership; the row stays, with its roles, for whoever brings the member back
    (D-C12). `keep` takes over their pending invitations.
    """
    account, organization = membership.account, membership.organization
    cancel_sent(account, organization, keep=keep, by=by, now=now)
    revoke_keys(account, organization, by=by, now=now)
    if account.managed_by_id == organization.id:
        account.managed_by = None
    membership.ended_at, membership.ended_reason, membership.ended_by = now, how, by.account
    cut_off(account, now=now)
    db.session.expire(account, ["memberships"])


def cut_off(account: Account, *, now: datetime) -> None:
    """End the sessions and the trust in devices of somebody who can enter no organization any more
    (D-C1); the platform administrator needs none.
    """
    db.session.flush()
    if not accounts.is_platform_administrator(account) and not sessions.enters_somewhere(account):
        sessions.end_all(account, now=now)
        devices.end_all(account, now)


def cancel_sent(
    account: Account, organization: Organization, *, keep: bool = False, by: Seat, now: datetime
) -> None:
    """Cancel the pending invitations that somebody sent for an organization, or `keep` those that
    the actor may send; void the role bindings that somebody made there.
    """
    waiting = list(db.session.scalars(sent.pending_of(account, organization)))
    sent.end(waiting, keep=keep, by=by, now=now)
    sent.void(sent.bindings_of(account, organization), now=now)


def keepable(these: Sequence[Membership], *, by: Seat) -> int:
    """How many of the pending invitations of members the actor could keep under their own name."""
    organization_id = these[0].organization_id if these else 0
    waiting = (
        select(Invite)
        .where(
            Invite.inviter_id.in_([one.account_id for one in these]),
            Invite.inviter_id != by.account.id,
            Invite.organization_id == organization_id,
            Invite.status == InviteStatus.PENDING,
        )
        .options(selectinload(Invite.roles), joinedload(Invite.organization))
    )
    return len(sent.keepable(db.session.scalars(waiting), by=by))


def revoke_keys(account: Account, organization: Organization, *, by: Seat, now: datetime) -> None:
    """Revoke the API keys that somebody holds for an organization; a reinstatement does not revive
    them (B-73).
    """
    keys.revoke_all(account, organization, by=by, now=now)


def cancel_received(
    account: Account, organization: Organization, *, by: Seat | Account, now: datetime
) -> None:
    """Cancel what waits for somebody who became a member another way."""
    waiting = select(Invite).where(
        Invite.organization_id == organization.id,
        Invite.address_key == account.email_key,
        Invite.status == InviteStatus.PENDING,
    )
    sent.cancel(db.session.scalars(waiting), by=by, now=now)
