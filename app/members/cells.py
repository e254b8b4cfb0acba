"""Cells: how a member looks in a list.

Here: a membership to Markup, one function per column. Not here: which columns a list has (members.views).
"""
from __future__ import annotations

from typing import Any

from flask import get_template_attribute
from markupsafe import Markup

from app.access.policy import may
from app.access.seat import current_seat, standing_authorities
from app.kernel.i18n import lazy
from app.member_roles.builtin import role_name
from app.members.queries import state_of
from app.models import Membership
from app.web.formatters import on_date, when

SHOWN_ROLES = 2


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
    """At most two roles and how many more; × takes one away, + leads to the rest (S4-16, S4-17)."""
    drawn = [(role, role_name(role)) for role in membership.roles]
    shown, more = drawn[:SHOWN_ROLES], drawn[SHOWN_ROLES:]
    return _cell("roles", membership, shown, more, is_editable(membership))


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
