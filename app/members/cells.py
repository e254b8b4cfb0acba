"""Cells: how a member looks in a list.

Here: a membership to Markup, one function per column. Not here: which columns a list has (members.views).
"""
from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import get_template_attribute, request
from markupsafe import Markup

from app.access.policy import may
from app.access.seat import current_seat, standing_authorities
from app.kernel.i18n import lazy
from app.member_roles.builtin import role_name
from app.members.here import roles_here
from app.members.queries import state_of
from app.models import MemberRole, Membership
from app.web.formatters import on_date, when
from app.web.here import seat

SHOWN_ROLES = 2
OPEN_MENU = "give"


def name(membership: Membership) -> Markup:
    """Picture, name as a link, reading below (S0-04)."""
    return _cell("name", membership, _is_you(membership))


def email(membership: Membership) -> Markup:
    """The address, cut where the column ends."""
    return _cell("email", membership)


def kind(membership: Membership) -> Markup:
    """Power users stand out; general is plain text."""
    return _cell("kind", membership)


def roles(membership: Membership) -> Markup:
    """At most two roles and how many more; × takes one away, + opens those that can be given (S4-16, S4-17)."""
    drawn = [(role, role_name(role)) for role in membership.roles]
    if not is_editable(membership):
        return _cell("roles", membership, drawn[:SHOWN_ROLES], drawn[SHOWN_ROLES:], False, "", [])
    is_open = request.args.get(OPEN_MENU) == str(membership.id)
    shown = drawn if is_open else drawn[:SHOWN_ROLES]
    offered = [(role, role_name(role)) for role in roles_to_give(membership)] if is_open else []
    return _cell("roles", membership, shown, drawn[len(shown):], True, _menu_url(membership), offered)


def joined(membership: Membership) -> Markup:
    """The day of joining."""
    return on_date(membership.joined_at)


def last_access(membership: Membership) -> Markup:
    """When the member was last here; "never" before the first time (S0-03)."""
    return when(membership.last_access_at)


def state(membership: Membership) -> Markup:
    """Active, suspended, or never signed in."""
    return _cell("status", state_of(membership))


def is_editable(membership: Membership) -> bool:
    """Whether the reader manages members and stands at least as high as this one (D-1)."""
    seat = current_seat()
    if seat is None or not may(seat, "manage", "Member"):
        return False
    return seat.covers(standing_authorities(membership), power=membership.is_power)


def roles_to_give(membership: Membership) -> list[MemberRole]:
    """The roles that the reader could add to this member (D-1)."""
    return [role for role in roles_here() if role not in membership.roles and seat().covers(role.authorities)]


def _menu_url(membership: Membership) -> str:
    """This list, with the menu of one member's roles open: only one row at a time carries them all."""
    asked = request.args.to_dict(flat=False) | {OPEN_MENU: [str(membership.id)]}
    return f"{request.path}?{urlencode(asked, doseq=True)}#{OPEN_MENU}"


def _cell(macro: str, *words: Any) -> Markup:
    return Markup(get_template_attribute("members/_cells.html", macro)(*words))


def _is_you(membership: Membership) -> bool:
    seat = current_seat()
    return seat is not None and membership.account_id == seat.account.id


CELLS = {"name": name, "email": email, "type": kind, "roles": roles, "joined_at": joined, "last_access_at": last_access, "state": state}

LABELS = {
    "name": lazy("Name"), "email": lazy("E-mail address"), "type": lazy("Type"), "roles": lazy("Roles"), "joined_at": lazy("Joined"),
    "last_access_at": lazy("Last access"), "state": lazy("State"),
}
