"""Roles' verbs: create, edit.

Here: an organization's own roles, their names, D-1. Not here: built-in ones
(member_roles.builtin), deleting (member_roles.deleting), giving them (memberships.service).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.access.authorities import with_required
from app.access.granting import Doing
from app.access.locks import wait_turn
from app.access.seat import Seat, standing_authorities
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import lazy
from app.kernel.signals import authorities_narrowed
from app.kernel.text import fold
from app.kernel.unique import unless_taken
from app.member_roles import builtin, promised, queries
from app.member_roles.policy import ensure_name
from app.models import MemberRole, Organization


class RoleNameTaken(Refusal):
    """Two roles of one name would be mistaken for each other."""

    status = 409
    field = "name"
    text = lazy("There is already a role with this name. Choose a different one.")


class BuiltInRole(Refusal):
    """Built-in roles stay as the documents have them."""

    status = 403
    text = lazy("Built-in roles cannot be edited or deleted. Make a role of your own instead.")


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
        _kept(role),
    )
    role.name, role.description, role.authorities = name, description.strip(), given
    changed = activity.changes(before, _kept(role))
    _flush()
    for member in promised.senders(role, organization):
        authorities_narrowed.send(member, keep=False, by=by, now=now)
    if changed:
        activity.record(
            events.ROLE_EDITED,
            now=now,
            by=by,
            organization=organization,
            subject=role,
            changes=changed,
        )


def settled(
    role: MemberRole, organization: Organization, *, name: str, authorities: Iterable[str], by: Seat
) -> frozenset[str]:
    """Return what a role would hold: what the chosen ones need is added (S0-25). Raises
    AboveYourself, RoleNameTaken.
    """
    given = with_required(authorities)
    ensure_may_change(role, by=by)
    by.must_cover(given)
    ensure_not_to_oneself(role, given, by=by)
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
        ensure_name(name)
    key = fold(name)
    taken = queries.available_query(organization.id).where(
        MemberRole.name_key == key, MemberRole.id != (but.id if but else -1)
    )
    if db.session.scalars(taken.limit(1)).first() or key in builtin.name_keys():
        raise RoleNameTaken()


def ensure_not_to_oneself(role: MemberRole, given: frozenset[str], *, by: Seat) -> None:
    """Raise AboveYourself where the actor holds the role and would gain by its change."""
    own = by.membership
    if own is not None and role in own.roles:
        by.must_hold(given - standing_authorities(own), to=Doing.GIVE_YOURSELF)


def _kept(role: MemberRole) -> dict[str, object]:
    return {"name": role.name, "description": role.description, "authorities": role.authorities}


def _flush() -> None:
    """Write; where somebody took the name between our look and our write, the database says so and
    we say it in words.
    """
    with unless_taken(name_key=RoleNameTaken):
        db.session.flush()
