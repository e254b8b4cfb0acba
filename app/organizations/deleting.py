"""Deleting an organization, and what goes with it.

Here: the verb. Not here: what the page says goes along (organizations.queries), creating and
settings (organizations.service).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.access.guard import lock_organization
from app.accounts import keys
from app.activity import events
from app.activity import service as activity
from app.activity.service import Actor
from app.extensions import db
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import lazy
from app.models import Account, Invite, InviteStatus, Organization, PortalKey
from app.models.portal_key import is_working
from app.organizations import queries
from app.outbox import service as outbox


class CodeNotRepeated(Refusal):
    """Whoever deletes an organization types its code."""

    field = "typed"
    text = lazy("That is not the code of this organization. Type %(code)s to delete it.")


def delete(organization: Organization, *, typed: str, by: Actor, now: datetime) -> None:
    """Delete an organization, its memberships, invitations, roles, keys and service accounts;
    people's accounts stay. `typed` must be its code.

    The keys and service accounts leave a line each in its log. Raises CodeNotRepeated, NotFound.
    """
    if not lock_organization(organization.id):
        raise NotFound()
    db.session.refresh(organization)
    if typed.strip() != organization.code:
        raise CodeNotRepeated(code=organization.code)
    members = queries.going_with(organization, now=now).members
    _withdraw_invitations(organization, now=now)
    _revoke_keys(organization, by=by, now=now)
    _delete_service_accounts(organization, by=by, now=now)
    activity.record(
        events.ORGANIZATION_DELETED,
        now=now,
        by=by,
        organization=organization,
        subject=organization,
        members=members,
    )
    db.session.flush()
    db.session.delete(organization)
    db.session.flush()


def _withdraw_invitations(organization: Organization, *, now: datetime) -> None:
    for invite in db.session.scalars(
        select(Invite).where(
            Invite.organization_id == organization.id, Invite.status == InviteStatus.PENDING
        )
    ):
        outbox.withdraw(invite, now=now)


def _revoke_keys(organization: Organization, *, by: Actor, now: datetime) -> None:
    working = select(PortalKey).where(PortalKey.organization_id == organization.id, is_working(now))
    keys.revoke(db.session.scalars(working), by=by, now=now)


def _delete_service_accounts(organization: Organization, *, by: Actor, now: datetime) -> None:
    for account in db.session.scalars(
        queries.only_here(organization, select(Account)).order_by(Account.id)
    ):
        activity.record(
            events.ACCOUNT_DELETED, now=now, by=by, organization=organization, subject=account
        )
        db.session.delete(account)
