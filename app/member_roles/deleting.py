"""Deleting a role, and what takes its place.

Here: the verb, for members and pending invitations. Not here: creating and editing
(member_roles.service), what is promised (member_roles.promised).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, insert, literal, select

from app.access.seat import Seat
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import lazy
from app.kernel.signals import authorities_narrowed
from app.member_roles import promised, queries
from app.member_roles.service import ensure_may_change, ensure_not_to_oneself, look_again
from app.models import MemberRole, Membership, Organization
from app.models.member_role import HELD_IN, membership_role


class ReplacementNeeded(Refusal):
    """Members hold the role: what should they hold instead?"""

    status = 409
    field = "replacement"
    text = lazy("This role is held or promised. Choose what takes its place.")


def delete(
    role: MemberRole,
    organization: Organization,
    *,
    replacement: MemberRole | None = None,
    without: bool = False,
    by: Seat,
    now: datetime,
) -> None:
    """Delete a role; whoever holds it, or was promised it, gets the replacement, or nothing where
    that is wanted (`without`).

    Raises BuiltInRole, AboveYourself, ReplacementNeeded.
    """
    look_again(role, organization, by=by)
    ensure_may_change(role, by=by)
    held = queries.holder_counts(organization, [role.id]).get(role.id, 0)
    is_used = held or queries.promised_count(organization, role)
    if is_used and replacement is None and not without:
        raise ReplacementNeeded()
    invited, senders = promised.promises(role, organization), promised.senders(role, organization)
    if replacement is not None:
        _ensure_can_replace(replacement, role, organization, by=by)
        _replace(role, replacement)
    activity.record(
        events.ROLE_DELETED,
        now=now,
        by=by,
        organization=organization,
        subject=role,
        replacement=replacement.name if replacement else "",
        members=held,
    )
    db.session.delete(role)
    db.session.flush()
    promised.tell(invited, by=by, now=now)
    for member in senders:
        db.session.expire(member, ["roles"])
        authorities_narrowed.send(member, keep=False, by=by, now=now)


def _ensure_can_replace(
    replacement: MemberRole, role: MemberRole, organization: Organization, *, by: Seat
) -> None:
    if replacement is role or replacement.organization_id not in (None, organization.id):
        raise NotFound()
    by.must_cover(replacement.authorities)
    ensure_not_to_oneself(role, replacement.authorities, by=by)


def _replace(role: MemberRole, replacement: MemberRole) -> None:
    """Put one role in another's place, for members, invitations and bindings, none held twice;
    former members get nothing that they did not have.
    """
    members = select(Membership.id).where(Membership.ended_at.is_(None))
    for table, owner in HELD_IN:
        other = table.alias()
        has_it = exists().where(other.c[owner] == table.c[owner], other.c.role_id == replacement.id)
        gaining = select(table.c[owner], literal(replacement.id)).where(
            table.c.role_id == role.id, ~has_it
        )
        if table is membership_role:
            gaining = gaining.where(table.c[owner].in_(members))
        db.session.execute(insert(table).from_select([owner, "role_id"], gaining))
