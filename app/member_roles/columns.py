"""Columns: roles that somebody has or is offered, as files and programs are told them.

Here: one column for every list whose rows have roles. Not here: the roles themselves
(member_roles.lists).
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from app.exchange.columns import BY_NAME, Column, role_names
from app.member_roles.builtin import role_name
from app.models import MemberRole
from app.rest.schemas import Shape


class NamedRole(Shape):
    """A role by id, with its name in the reader's language."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


def named(role: MemberRole) -> dict[str, Any]:
    """A role as answers name it."""
    return {"id": role.id, "name": role_name(role)}


def roles_of(label: Any) -> Column:
    """The roles of a row: by name in a file, by id and name for programs."""
    return Column(
        "roles",
        label,
        lambda row: role_names(row.roles),
        BY_NAME,
        field=fields.List(fields.Nested(NamedRole)),
        answer=lambda row: [named(role) for role in row.roles],
    )
