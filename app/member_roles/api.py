"""Roles and authorities for machines: what can be given, by id and key.

Here: two lists. Not here: changing roles, which is done on the screens; what is told of a role
(member_roles.lists).
"""

from __future__ import annotations

from typing import Any

from flask_appbuilder import expose
from marshmallow import fields

from app.access.authorities import CATALOGUE, Use
from app.http.context import organization
from app.kernel.i18n import lazy
from app.member_roles import lists, queries
from app.rest.api import PortalApi, operation
from app.rest.rows import answer, answer_shape, items_shape
from app.rest.schemas import Keys, Shape, Word


class AuthorityLine(Shape):
    """One authority of the catalogue."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    group = fields.String(required=True)
    group_name = fields.String(required=True)
    use = Word(*map(str, Use), required=True)
    administrative = fields.Boolean(
        required=True,
        attribute="is_administrative",
        metadata={
            "description": lazy(
                "Whether only people who hold it can give it, or edit members who have it."
            )
        },
    )
    requires = Keys(
        required=True,
        metadata={
            "description": lazy(
                "Authorities without which this one is of no use; they are given with it."
            )
        },
    )


class RolesApi(PortalApi):
    """Roles, built-in and the organization's own."""

    resource_name = "roles"
    class_permission_name = "MemberRole"
    method_permission_name = {"list": "read"}

    @expose("", methods=["GET"])
    @operation(
        lazy("List roles"), answers=items_shape(answer_shape("Role", lists.COLUMNS), "Roles")
    )
    def list(self) -> dict[str, Any]:
        these = queries.available(organization())
        return {"items": [answer(lists.COLUMNS, role) for role in these]}


class AuthoritiesApi(PortalApi):
    """The catalogue of authorities."""

    resource_name = "authorities"
    class_permission_name = "Api"
    method_permission_name = {"list": "read"}

    @expose("", methods=["GET"])
    @operation(lazy("List authorities"), answers=items_shape(AuthorityLine, "Authorities"))
    def list(self) -> dict[str, Any]:
        return {"items": CATALOGUE.values()}
