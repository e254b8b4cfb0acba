"""The list of roles: its rows, columns and orders.

Here: what is offered, what its cells show. Not here: the screens (member_roles.views), statements
(member_roles.queries).
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy import Select

from app.activity.events import ROLE_LIST_EXPORTED
from app.exchange.columns import TEXT, authorities_of, same
from app.exchange.files import File
from app.http.context import organization
from app.kernel.i18n import lazy
from app.member_roles import queries
from app.member_roles.builtin import role_description, role_name
from app.member_roles.cells import with_holders
from app.models import MemberRole
from app.screens.counts import MenuCount
from app.screens.interface import PlatformInterface
from app.screens.list_definition import ListDefinition


class RoleInterface(PlatformInterface):
    """The roles an organization can give: its own and the built-in ones."""

    def scoped(self) -> Select[Any]:
        return queries.available_query(organization().id)


COLUMNS = (
    same("id", lazy("Role ID"), fields.Integer()),
    same(
        "key",
        lazy("Key of a built-in role"),
        fields.String(allow_none=True),
        about=lazy("What a built-in role is called in every Meibo; null for the others."),
    ),
    same("name", lazy("Name"), TEXT, answer=role_name),
    same(
        "description", lazy("Description"), TEXT, answer=lambda role: role_description(role) or ""
    ),
    authorities_of(lazy("Authorities")),
)

ROLES = ListDefinition(
    RoleInterface(MemberRole),
    route_base="/o/<organization>/roles",
    class_permission_name="MemberRole",
    list_columns=("name", "description", "authorities", "members"),
    label_columns={"members": lazy("Members")},
    order_columns={"name": MemberRole.name_key},
    search=queries.named,
    search_label=lazy("Search roles"),
    cells="member_roles/_cells.html",
    cells_of=with_holders,
    file=File("roles", MemberRole, COLUMNS, ROLE_LIST_EXPORTED),
    menu_count=MenuCount(
        "roles", lambda here: queries.available_query(here).with_only_columns(MemberRole.id)
    ),
)
