"""Sent: the invitations that somebody sent and that still wait.

Here: finding and cancelling them when their sender goes. Not here: an invitation's own life (invites.service).
"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select

from app.activity import events
from app.activity import service as activity
from app.activity.service import Actor
from app.models import Account, Invite, InviteStatus, Organization
from app.outbox import service as outbox


def pending_of(account: Account, organization: Organization | None = None) -> Select[tuple[Invite]]:
    """The query for the pending invitations that an account sent, for one organization or for all."""
    query = select(Invite).where(Invite.inviter_id == account.id, Invite.status == InviteStatus.PENDING)
    return query if organization is None else query.where(Invite.organization_id == organization.id)


def cancel(invites: Iterable[Invite], *, by: Actor | Account, now: datetime) -> None:
    """Cancel invitations whose ground is gone: their links die, letters that have not left are withdrawn."""
    for invite in list(invites):
        invite.status, invite.answered_at = InviteStatus.CANCELLED, now
        outbox.withdraw(invite, now=now)
        activity.record(events.INVITE_CANCELLED, now=now, by=by, organization=invite.organization, subject=invite)
