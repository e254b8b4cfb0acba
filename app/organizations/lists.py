"""The platform administrator's list of organizations: its rows, columns and orders.

Here: what is offered, what its cells are given. Not here: the screen (organizations.views),
statements (organizations.queries).
"""

from __future__ import annotations

from app.kernel.i18n import lazy
from app.models import Organization
from app.organizations import columns, queries
from app.screens.interface import PlatformInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import containing

ORGANIZATIONS = ListDefinition(
    PlatformInterface(Organization),
    route_base="/organizations",
    class_permission_name="Organization",
    list_columns=("name", "code", "members", "language", "created_at"),
    counted={"members": queries.member_counts},
    label_columns=columns.LABELS,
    order_columns=["name", "code", "created_at"],
    base_order=("name", "asc"),
    search=containing(Organization.name, Organization.latin_name, Organization.code),
    search_label=lazy("Name or code"),
)
