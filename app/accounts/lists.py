"""The list of accounts: which there are, and what its cells are given.

Here: its rows. Not here: the screens (accounts.views), statements (accounts.queries).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm.descriptor_props import SynonymProperty

from app.accounts import queries
from app.models import Account
from app.screens.interface import PlatformInterface


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
