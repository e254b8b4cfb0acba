"""The platform administrator's list of organizations: its rows, columns and orders.

Here: what is offered, what its cells are given. Not here: the screen (organizations.views),
statements (organizations.queries).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.kernel.i18n import lazy
from app.models import Organization
from app.organizations import columns, queries
from app.screens.interface import PlatformInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import containing


class CountedOrganizations(PlatformInterface):
    """All organizations, each with how many members it has."""

    def get_values(
        self, lst: Sequence[Organization], list_columns: Sequence[str]
    ) -> Iterator[dict[str, Any]]:
        """FAB's way to a list's cells; members are counted in one statement."""
        counts = queries.member_counts(row.id for row in lst)
        for row, values in zip(
            lst,
            super().get_values(lst, [name for name in list_columns if name != "members"]),
            strict=True,
        ):
            yield values | {"members": counts.get(row.id, 0)}


ORGANIZATIONS = ListDefinition(
    CountedOrganizations(Organization),
    route_base="/organizations",
    class_permission_name="Organization",
    list_columns=("name", "code", "members", "language", "created_at"),
    label_columns=columns.LABELS,
    order_columns=["name", "code", "created_at"],
    base_order=("name", "asc"),
    search=containing(Organization.name, Organization.latin_name, Organization.code),
    search_label=lazy("Name or code"),
)
