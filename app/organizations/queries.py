"""Which rows: what an organization holds, and what its home tells.

Here: reading, always of one organization or of a page of them, in bounded statements. Not here:
changing (organizations.service).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from app.enforcement.queries import is_ready
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import (
    Account,
    Invite,
    InviteStatus,
    Letter,
    LetterState,
    MemberRole,
    Membership,
    MemberType,
    Organization,
    PortalKey,
)
from app.screens.counts import capped

UNSEEN_AFTER = timedelta(days=90)
TEST_LETTER = "test"


class NoSuchOrganization(Refusal):
    """No organization has this code."""

    status = 404
    text = lazy("There is no organization “%(code)s”.")


def called(code: str) -> Organization:
    """The organization with this code. Raises NoSuchOrganization."""
    found = db.session.scalars(select(Organization).where(Organization.code == code)).one_or_none()
    if found is None:
        raise NoSuchOrganization(code=code)
    return found


@dataclass(frozen=True)
class Figures:
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


def is_service() -> ColumnElement[bool]:
    """The condition that a membership is a service account's."""
    return Membership.account_id.in_(select(Account.id).where(Account.is_service))


def only_here(organization: Organization, query: Select[Any]) -> Select[Any]:
    """Narrow a query for accounts to the service accounts that belong, or belonged, to this
    organization and to no other.
    """

    def among(model: Any) -> ColumnElement[bool]:
        return exists().where(
            model.account_id == Account.id, model.organization_id == organization.id
        )

    elsewhere = exists().where(
        Membership.account_id == Account.id, Membership.organization_id != organization.id
    )
    return query.where(Account.is_service, or_(among(Membership), among(PortalKey)), ~elsewhere)


def member_counts(organization_ids: Iterable[int]) -> dict[int, int]:
    """How many members each of these organizations has: people, suspended ones included."""
    counted = (
        select(Membership.organization_id, func.count(Membership.id))
        .join(Membership.account)
        .where(
            Membership.organization_id.in_(list(organization_ids)), Account.is_service.is_(False)
        )
        .group_by(Membership.organization_id)
    )
    return dict(db.session.execute(counted).all())


def without_two_factor(organization: Organization) -> int:
    """How many active members have no second factor of their own, of the kinds that the
    organization asks for.
    """
    return (
        db.session.scalar(
            select(capped(active_members(organization).where(_has_none(organization))))
        )
        or 0
    )


def figures(
    organization: Organization, *, members: bool, invites: bool, manage: bool, now: datetime
) -> Figures:
    """Return the numbers that this reader may see, in one statement."""
    asked: dict[str, Any] = {}
    if members or manage:
        asked |= _about_members(organization, now)
    if invites or manage:
        asked |= _about_invites(organization, now)
    if manage:
        asked |= _about_running(organization)
    if not asked:
        return Figures()
    row = db.session.execute(select(*(query.label(name) for name, query in asked.items()))).one()
    return Figures(**row._mapping)


def _about_members(organization: Organization, now: datetime) -> dict[str, Any]:
    active = active_members(organization)
    seen = func.coalesce(Membership.last_access_at, Membership.joined_at)
    return {
        "members": capped(active),
        "power_users": capped(active.where(Membership.type == MemberType.POWER)),
        "without_two_factor": capped(active.where(_has_none(organization))),
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


def active_members(organization: Organization) -> Select[Any]:
    """The query for the people who can enter: neither they nor their accounts are suspended, and no
    service accounts.
    """
    return (
        select(Membership.id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.organization_id == organization.id,
            Membership.suspended_at.is_(None),
            Account.suspended_at.is_(None),
            Account.is_service.is_(False),
        )
    )


def _has_none(organization: Organization) -> ColumnElement[bool]:
    return ~is_ready(strong=organization.two_factor_strong)
