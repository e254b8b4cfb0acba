"""Roles and authorities for machines: what can be given, by id and key.

Here: two lists. Not here: changing roles, which is done on the screens.
"""

from __future__ import annotations

from typing import Any

from flask_appbuilder import expose
from marshmallow import fields

from app.access.authorities import CATALOGUE, GROUP_LABELS, Use
from app.http.context import organization
from app.kernel.i18n import lazy
from app.member_roles import queries
from app.member_roles.builtin import role_description, role_name
from app.rest.api import PortalApi, operation
from app.rest.schemas import Shape, Word


class Role(Shape):
    """A role that the key's organization can give."""

    id = fields.Integer(required=True)
    key = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": lazy(
                "What a built-in role is called in every Meibo; null for the others."
            )
        },
    )
    name = fields.String(required=True)
    description = fields.String(required=True)
    authorities = fields.List(fields.String(), required=True)


class Roles(Shape):
    """All roles: an organization's own by name, then the built-in ones."""

    items = fields.List(fields.Nested(Role), required=True)


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
        metadata={
            "description": lazy(
                "Whether only people who hold it can give it, or edit members who have it."
            )
        },
    )
    requires = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": lazy(
                "Authorities without which this one is of no use; they are given with it."
            )
        },
    )


class Authorities(Shape):
    """All authorities, in the catalogue's order."""

    items = fields.List(fields.Nested(AuthorityLine), required=True)


class RolesApi(PortalApi):
    """Roles, built-in and the organization's own."""

    resource_name = "roles"
    class_permission_name = "MemberRole"
    method_permission_name = {"list": "read"}

    @expose("", methods=["GET"])
    @operation(lazy("List roles"), answers=Roles)
    def list(self) -> dict[str, Any]:
        return {
            "items": [
                {
                    "id": role.id,
                    "key": role.key,
                    "name": role_name(role),
                    "description": role_description(role) or "",
                    "authorities": sorted(role.authorities),
                }
                for role in queries.available(organization())
            ]
        }


class AuthoritiesApi(PortalApi):
    """The catalogue of authorities."""

    resource_name = "authorities"
    class_permission_name = "Api"
    method_permission_name = {"list": "read"}

    @expose("", methods=["GET"])
    @operation(lazy("List authorities"), answers=Authorities)
    def list(self) -> dict[str, Any]:
        return {
            "items": [
                {
                    "key": one.key,
                    "name": str(one.name),
                    "description": str(one.description),
                    "group": str(one.group),
                    "group_name": str(GROUP_LABELS.get(one.group, one.group)),
                    "use": str(one.use),
                    "administrative": one.is_administrative,
                    "requires": sorted(one.requires),
                }
                for one in CATALOGUE.values()
            ]
        }
