"""The numbers that an organization's home tells.

Here: counting, in one statement, no further than a reader needs. Not here: the charts
(home.charts), who sees which (home.views).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select

from app.extensions import db
from app.models import (
    Invite,
    InviteStatus,
    Letter,
    LetterState,
    MemberRole,
    Membership,
    MemberType,
    Organization,
)
from app.organizations.queries import active_members, lacks_factor
from app.screens.counts import capped

UNSEEN_AFTER = timedelta(days=90)
TEST_LETTER = "test"


@dataclass(frozen=True)
class HomeFigures:
    """What a home tells, counted no further than screens.list_query.COUNT_LIMIT."""

    members: int = 0
    power_users: int = 0
    without_two_factor: int = 0
    unseen: int = 0
    open_invites: int = 0
    expired_invites: int = 0
    roles: int = 0
    undelivered: int = 0
    mail_works: bool = False


def figures(
    organization: Organization, *, members: bool, invites: bool, manage: bool, now: datetime
) -> HomeFigures:
    """Return the numbers that this reader may see, in one statement."""
    asked: dict[str, Any] = {}
    if members or manage:
        asked |= _about_members(organization, now)
    if invites or manage:
        asked |= _about_invites(organization, now)
    if manage:
        asked |= _about_running(organization)
    if not asked:
        return HomeFigures()
    row = db.session.execute(select(*(query.label(name) for name, query in asked.items()))).one()
    return HomeFigures(**row._mapping)


def _about_members(organization: Organization, now: datetime) -> dict[str, Any]:
    active = active_members(organization)
    seen = func.coalesce(Membership.last_access_at, Membership.joined_at)
    return {
        "members": capped(active),
        "power_users": capped(active.where(Membership.type == MemberType.POWER)),
        "without_two_factor": capped(active.where(lacks_factor(organization))),
        "unseen": capped(active.where(seen < now - UNSEEN_AFTER)),
    }


def _about_invites(organization: Organization, now: datetime) -> dict[str, Any]:
    pending = select(Invite.id).where(
        Invite.organization_id == organization.id, Invite.status == InviteStatus.PENDING
    )
    return {
        "open_invites": capped(pending.where(Invite.expires_at > now)),
        "expired_invites": capped(pending.where(Invite.expires_at <= now)),
    }


def _about_running(organization: Organization) -> dict[str, Any]:
    letters = select(Letter.id).where(Letter.organization_id == organization.id)
    has_left = exists().where(
        Letter.state == LetterState.SENT,
        or_(Letter.organization_id == organization.id, Letter.kind == TEST_LETTER),
    )
    was_accepted = exists().where(
        Invite.organization_id == organization.id, Invite.status == InviteStatus.ACCEPTED
    )
    return {
        "roles": capped(select(MemberRole.id).where(MemberRole.organization_id == organization.id)),
        "undelivered": capped(letters.where(Letter.state == LetterState.DEAD)),
        "mail_works": or_(has_left, was_accepted),
    }
