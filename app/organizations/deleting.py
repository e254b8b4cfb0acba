"""Deleting an organization.

Here: the verb. Not here: what goes with it (hooks of organization_deleted), creating and settings
(organizations.service).
"""

from __future__ import annotations

from datetime import datetime

from app.access.locks import lock_organization
from app.activity import events
from app.activity import service as activity
from app.activity.service import Actor
from app.extensions import db
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import lazy
from app.kernel.signals import organization_deleted
from app.models import Organization
from app.organizations import queries


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
    members = queries.member_counts([organization.id]).get(organization.id, 0)
    organization_deleted.send(organization, by=by, now=now)
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
