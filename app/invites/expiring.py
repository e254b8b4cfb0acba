"""Expiring: that nobody answered an invitation in time stands in the log, once (B-14).

Here: finding those of which it does not say so yet. Not here: what expired invitations can still do
(invites.service).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import Select, select

from app.access.guard import lock_organization
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.jobs.steps import until_done
from app.models import Activity, Invite, InviteStatus

JOB = "expired_invites"
BATCH = 100


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
        activity.record(
            events.INVITE_EXPIRED,
            now=now,
            by=None,
            organization=invite.organization,
            subject=invite,
            expires_at=invite.expires_at,
        )
    return len(invites)


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
