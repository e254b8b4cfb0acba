"""Roles' verbs: create, edit, delete.

Here: an organization's own roles, their names, D-1. Not here: built-in ones (member_roles.builtin),
giving them (members.service).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, insert, literal, select
from sqlalchemy.exc import IntegrityError

from app.access.authorities import with_required
from app.access.granting import Doing
from app.access.guard import wait_turn
from app.access.seat import Seat, standing_authorities
from app.accounts import sent
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import lazy
from app.kernel.text import fold
from app.member_roles import builtin, promised, queries
from app.member_roles.policy import ensure_listable
from app.models import MemberRole, Membership, Organization
from app.models.member_role import HELD_IN, membership_role


class RoleNameTaken(Refusal):
    """Two roles of one name would be mistaken for each other."""

    status = 409
    field = "name"
    text = lazy("There is already a role with this name. Choose a different one.")


class BuiltInRole(Refusal):
    """Built-in roles stay as the documents have them."""

    status = 403
    text = lazy("Built-in roles cannot be edited or deleted. Make a role of your own instead.")


class ReplacementNeeded(Refusal):
    """Members hold the role: what should they hold instead?"""

    status = 409
    field = "replacement"
    text = lazy("This role is held or promised. Choose what takes its place.")


class TooManyRoles(Refusal):
    """More roles than one can choose from."""

    text = lazy("An organization can have %(limit)s roles of its own.")


def create(
    organization: Organization,
    *,
    name: str,
    description: str,
    authorities: Iterable[str],
    by: Seat,
    now: datetime,
) -> MemberRole:
    """Make a role of an organization's own. Raises AboveYourself, RoleNameTaken, TooManyRoles."""
    wait_turn(organization, by=by)
    given = with_required(authorities)
    by.must_cover(given)
    _ensure_free(name, organization)
    if queries.count_own(organization) >= queries.MOST_ROLES:
        raise TooManyRoles(limit=queries.MOST_ROLES)
    role = MemberRole(
        organization_id=organization.id,
        name=name,
        description=description.strip(),
        authorities=given,
        created_at=now,
    )
    db.session.add(role)
    _flush()
    activity.record(
        events.ROLE_CREATED,
        now=now,
        by=by,
        organization=organization,
        subject=role,
        authorities=given,
    )
    return role


def edit(
    role: MemberRole,
    organization: Organization,
    *,
    name: str,
    description: str,
    authorities: Iterable[str],
    by: Seat,
    now: datetime,
) -> None:
    """Change a role and with it everybody who holds it; what it holds and what it will hold must be
    the editor's to give (D-1).
    """
    look_again(role, organization, by=by)
    given, before = (
        settled(role, organization, name=name, authorities=authorities, by=by),
        _told(role),
    )
    role.name, role.description, role.authorities = name, description.strip(), given
    changed = activity.changes(before, _told(role))
    _flush()
    for one in promised.senders(role, organization):
        sent.cancel_beyond(one, by=by, now=now)
    if changed:
        activity.record(
            events.ROLE_EDITED,
            now=now,
            by=by,
            organization=organization,
            subject=role,
            changes=changed,
        )


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
    held, senders = (
        queries.holder_counts(organization, [role.id]).get(role.id, 0),
        promised.senders(role, organization),
    )
    if replacement is None and not without and (held or queries.promised_count(organization, role)):
        raise ReplacementNeeded()
    invited = promised.promises(role, organization)
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
    for one in senders:
        db.session.expire(one, ["roles"])
        sent.cancel_beyond(one, by=by, now=now)


def settled(
    role: MemberRole, organization: Organization, *, name: str, authorities: Iterable[str], by: Seat
) -> frozenset[str]:
    """Return what a role would hold: what the chosen ones need is added (S0-25). Raises
    AboveYourself, RoleNameTaken.
    """
    given = with_required(authorities)
    ensure_may_change(role, by=by)
    by.must_cover(given)
    _ensure_not_to_oneself(role, given, by=by)
    _ensure_free(name, organization, but=role)
    return given


def ensure_own(role: MemberRole) -> None:
    """Raise BuiltInRole for the roles that ship."""
    if role.is_built_in:
        raise BuiltInRole()


def ensure_may_change(role: MemberRole, *, by: Seat) -> None:
    """Raise BuiltInRole, or AboveYourself for a role with what only others give (D-1)."""
    ensure_own(role)
    by.must_cover(role.authorities, to=Doing.CHANGE_ROLE)


def look_again(role: MemberRole, organization: Organization, *, by: Seat) -> None:
    """Wait for every other change to the organization, then read the role as it is now."""
    ensure_own(role)
    wait_turn(organization, by=by)
    if (
        role.organization_id != organization.id
        or db.session.get(MemberRole, role.id, populate_existing=True) is None
    ):
        raise NotFound()


def _ensure_free(name: str, organization: Organization, *, but: MemberRole | None = None) -> None:
    if but is None or name != but.name:
        ensure_listable(name)
    key = fold(name)
    taken = queries.available_query(organization.id).where(
        MemberRole.name_key == key, MemberRole.id != (but.id if but else -1)
    )
    if db.session.scalars(taken.limit(1)).first() or key in builtin.name_keys():
        raise RoleNameTaken()


def _ensure_can_replace(
    replacement: MemberRole, role: MemberRole, organization: Organization, *, by: Seat
) -> None:
    if replacement is role or replacement.organization_id not in (None, organization.id):
        raise NotFound()
    by.must_cover(replacement.authorities)
    _ensure_not_to_oneself(role, replacement.authorities, by=by)


def _ensure_not_to_oneself(role: MemberRole, given: frozenset[str], *, by: Seat) -> None:
    """Raise AboveYourself where the actor holds the role and would gain by its change."""
    own = by.membership
    if own is not None and role in own.roles:
        by.must_hold(given - standing_authorities(own), to=Doing.GIVE_YOURSELF)


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


def _told(role: MemberRole) -> dict[str, object]:
    return {"name": role.name, "description": role.description, "authorities": role.authorities}


def _flush() -> None:
    """Write; where somebody took the name between our look and our write, the database says so and
    we say it in words.
    """
    try:
        db.session.flush()
    except IntegrityError as error:
        raise RoleNameTaken() from error
