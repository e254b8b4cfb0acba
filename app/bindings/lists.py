"""The list of role bindings: its rows, columns, orders and filters.

Here: what is offered, what its cells are given. Not here: the screens (bindings.views), statements
(bindings.queries).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from app.bindings import cells, queries
from app.kernel.i18n import lazy
from app.models import MemberType, RoleBinding
from app.screens.counts import JOINING, MenuCount
from app.screens.interface import OrganizationInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import Filter

FILTERS = (
    Filter(
        "status",
        lazy("State"),
        lambda: [
            (queries.WAITING, lazy("Joins at the next sign-in")),
            (queries.DECLINED, lazy("Declined")),
            (queries.VOID, lazy("Void")),
        ],
        queries.in_states,
        multiple=True,
        always=True,
    ),
    Filter(
        "type",
        lazy("Type"),
        lambda: [(MemberType.GENERAL, lazy("General")), (MemberType.POWER, lazy("Power"))],
        queries.of_types,
    ),
)


class BindingInterface(OrganizationInterface):
    """The role bindings of the organization in the address, each cell given the whole."""

    def get_values(self, lst: Iterable[Any], list_columns: Iterable[str]) -> list[dict[str, Any]]:
        return [dict.fromkeys(list_columns, row) for row in lst]


BINDINGS = ListDefinition(
    BindingInterface(RoleBinding),
    route_base="/o/<organization>/bindings",
    class_permission_name="Binding",
    list_columns=tuple(cells.CELLS),
    label_columns=cells.LABELS,
    order_columns={
        "address": RoleBinding.address_key,
        "made_by": RoleBinding.made_by_email,
        "type": RoleBinding.type,
        "status": RoleBinding.status,
        "created_at": RoleBinding.created_at,
    },
    base_order=("created_at", "desc"),
    filters=FILTERS,
    search=queries.search,
    search_label=lazy("Search the address or login ID"),
    eager=(joinedload(RoleBinding.made_by), selectinload(RoleBinding.roles)),
    menu_count=MenuCount(JOINING, queries.joining),
)
