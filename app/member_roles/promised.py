"""Promised: what becomes of pending invitations when a role changes or goes.

Here: the invitations that promise a role, what the log is told of them, and which holders sent some
themselves. Not here: the role itself (member_roles.service), how an invitation is cancelled or kept
(invites.hooks).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.access.seat import Seat
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.models import Invite, InviteStatus, MemberRole, Membership, Organization
from app.models.member_role import invite_role, membership_role

Promises = list[tuple[Invite, list[str]]]
"""Invitations, each with the names of the roles that it promises."""


def senders(role: MemberRole, organization: Organization) -> list[Membership]:
    """The holders of a role whose invitations wait for an answer."""
    waiting = select(Invite.inviter_id).where(
        Invite.organization_id == organization.id, Invite.status == InviteStatus.PENDING
    )
    holding = select(membership_role.c.membership_id).where(membership_role.c.role_id == role.id)
    found = select(Membership).where(
        Membership.organization_id == organization.id,
        Membership.ended_at.is_(None),
        Membership.id.in_(holding),
        Membership.account_id.in_(waiting),
    )
    return list(db.session.scalars(found))


def promises(role: MemberRole, organization: Organization) -> Promises:
    """The pending invitations that promise a role, as they are now."""
    promising = select(invite_role.c.invite_id).where(invite_role.c.role_id == role.id)
    found = (
        select(Invite)
        .where(
            Invite.organization_id == organization.id,
            Invite.status == InviteStatus.PENDING,
            Invite.id.in_(promising),
        )
        .options(selectinload(Invite.roles))
        .order_by(Invite.id)
    )
    return [(invite, _names(invite)) for invite in db.session.scalars(found)]


def tell(before: Promises, *, by: Seat, now: datetime) -> None:
    """Tell the log of each invitation that promises other roles than before (T2-47)."""
    for invite, names in before:
        db.session.expire(invite, ["roles"])
        changed = activity.changes({"roles": names}, {"roles": _names(invite)})
        if changed:
            activity.record(
                events.INVITE_EDITED,
                now=now,
                by=by,
                organization=invite.organization,
                subject=invite,
                changes=changed,
            )


def _names(invite: Invite) -> list[str]:
    return sorted(role.name for role in invite.roles)
