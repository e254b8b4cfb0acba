"""The list of accounts: its rows, columns, orders and filters.

Here: what is offered, what its cells are given. Not here: the screens
(accounts.views), statements (accounts.queries).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm.descriptor_props import SynonymProperty

from app.accounts import columns, queries
from app.kernel.i18n import lazy
from app.models import Account
from app.screens.interface import PlatformInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import Filter


class ListedAccounts(PlatformInterface):
    """All people's accounts; each cell of the list gets the account and what is counted for it.
    Service accounts are their organization's.
    """

    list_properties: dict[str, Any]

    def __init__(self, obj: type[Account]) -> None:
        """Leave out the model's second names, which FAB takes for columns."""
        super().__init__(obj)
        self.list_properties = {
            name: one
            for name, one in self.list_properties.items()
            if not isinstance(one, SynonymProperty)
        }

    def scoped(self) -> Select[Any]:
        return super().scoped().where(Account.is_service.is_(False))

    def get_values(
        self, lst: Sequence[Account], list_columns: Sequence[str]
    ) -> Iterator[dict[str, Any]]:
        """FAB's way to a list's cells."""
        for row in queries.listed(lst):
            yield dict.fromkeys(list_columns, row)


ACCOUNTS = ListDefinition(
    ListedAccounts(Account),
    route_base="/accounts",
    class_permission_name="Account",
    list_columns=tuple(columns.LIST),
    label_columns=columns.LIST,
    order_columns={
        "name": Account.sort_key,
        "email": Account.email_key,
        "login_id": Account.login_id_key,
        "last_sign_in_at": Account.last_sign_in_at,
    },
    base_order=("name", "asc"),
    filters=(
        Filter(
            "status",
            lazy("State"),
            lambda: list(columns.STATES.items()),
            queries.in_states,
            multiple=True,
            always=True,
            everything=lazy("Show the suspended"),
        ),
    ),
    search=queries.search,
    search_label=lazy("Name, reading, e-mail or ID"),
)
