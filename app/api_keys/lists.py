"""The list of an organization's API keys: its rows, columns, orders and filters.

Here: what is offered, what its cells are given. Not here: the screen (api_keys.views), statements
(api_keys.queries).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import contains_eager

from app.api_keys import cells, queries
from app.http.context import organization
from app.kernel.i18n import lazy
from app.models import Account, PortalKey
from app.screens.formatters import display_name
from app.screens.interface import OrganizationInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import Choices, Filter, by_state


def _holders() -> Choices:
    return [(str(account.id), display_name(account)) for account in queries.holders(organization())]


FILTERS = (
    by_state(
        cells.STATES, queries.in_states, name="state", everything=lazy("Show those that are over")
    ),
    Filter("holder", lazy("Holder"), _holders, queries.held_by),
)


class KeyInterface(OrganizationInterface):
    """The keys of the organization in the address, with their holders."""

    whole = (contains_eager(PortalKey.account),)

    def scoped(self) -> Select[Any]:
        return super().scoped().join(PortalKey.account)


KEYS = ListDefinition(
    KeyInterface(PortalKey),
    route_base="/o/<organization>/keys",
    class_permission_name="Key",
    label_columns={
        "name": lazy("Name"),
        "holder": lazy("Holder"),
        "scopes": lazy("Authorities"),
        "created_at": lazy("Issued"),
        "expires_at": lazy("Expires"),
        "last_used_at": lazy("Last used"),
        "state": lazy("State"),
    },
    order_columns=[
        "name",
        ("holder", Account.sort_key),
        "created_at",
        "expires_at",
        "last_used_at",
    ],
    base_order=("expires_at", "asc"),
    filters=FILTERS,
    search=queries.search,
    search_label=lazy("Name, beginning or holder"),
    cells="api_keys/_cells.html",
    cells_of=cells.with_holders,
    eager=(contains_eager(PortalKey.account),),
)
