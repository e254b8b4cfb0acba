"""Expiring: that nobody answered an invitation in time stands in the log, once (B-14), and whoever
sent it hears of it (T2-111).

Here: finding those of which it does not say so yet, one letter for all of an inviter's. Not here:
what expired invitations can still do (invites.service).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Select, select

from app.access.authorities import Authority
from app.access.guard import lock_organization
from app.access.seat import effective_authorities
from app.activity import events
from app.extensions import db
from app.invites import mail
from app.invites.service import record
from app.jobs.steps import until_done
from app.models import Account, Activity, Invite, InviteStatus, Membership
from app.outbox import service as outbox
from app.outbox.message import UnsendableAddress

JOB = "expired_invites"
BATCH = 100
NEWS = timedelta(days=7)
"""For how long it is worth a letter that an invitation expired."""


def note_due(now: datetime) -> int:
    """Note every invitation whose time is over, organization by organization, committing in
    batches; return how many.
    """
    ids = db.session.scalars(_due(now).with_only_columns(Invite.organization_id).distinct()).all()
    return sum(until_done(partial(_note_some, organization_id, now)) for organization_id in ids)


def _note_some(organization_id: int, now: datetime) -> int:
    """Note some. Whoever looks at the same moment waits, and then finds them noted."""
    lock_organization(organization_id)
    invites = db.session.scalars(
        _due(now).where(Invite.organization_id == organization_id).order_by(Invite.id).limit(BATCH)
    ).all()
    for invite in invites:
        record(events.INVITE_EXPIRED, invite, by=None, now=now, expires_at=invite.expires_at)
    _tell_inviters([one for one in invites if now - one.expires_at < NEWS], now=now)
    return len(invites)


def _tell_inviters(invites: Iterable[Invite], *, now: datetime) -> None:
    theirs: dict[Account, list[Invite]] = {}
    for invite in invites:
        if invite.inviter is not None:
            theirs.setdefault(invite.inviter, []).append(invite)
    for inviter, expired in theirs.items():
        if inviter.notifications and _can_invite_again(inviter, expired[0].organization_id):
            try:
                outbox.post(mail.expired(expired, inviter), now=now)
            except UnsendableAddress:
                continue  # the log has its lines all the same


def _can_invite_again(inviter: Account, organization_id: int) -> bool:
    """Whether they are still there, and still may."""
    membership = db.session.scalars(
        select(Membership).where(
            Membership.account_id == inviter.id, Membership.organization_id == organization_id
        )
    ).one_or_none()
    return (
        membership is not None
        and not inviter.is_suspended
        and Authority.MEMBER_MANAGER in effective_authorities(membership)
    )


def _due(now: datetime) -> Select[tuple[Invite]]:
    is_told = (
        select(Activity.id)
        .where(
            Activity.organization_id == Invite.organization_id,
            Activity.subject_id == Invite.id,
            Activity.event == events.INVITE_EXPIRED.name,
            Activity.happened_at >= Invite.expires_at,
        )
        .exists()
    )
    return select(Invite).where(
        Invite.status == InviteStatus.PENDING, Invite.expires_at <= now, ~is_told
    )
