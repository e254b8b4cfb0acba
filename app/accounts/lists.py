"""The list of accounts: its rows, columns, orders and filters.

Here: what is offered, what its cells are given. Not here: how these look
(templates/accounts/_cells.html), the screens (accounts.views), statements (accounts.queries).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm.descriptor_props import SynonymProperty

from app.access.context import current_seat
from app.accounts import locking, queries
from app.accounts.queries import Listed
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.models import Account
from app.screens.interface import PlatformInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import Filter

LABELS: dict[str, Any] = {
    "name": lazy("Name"),
    "email": lazy("E-mail address"),
    "login_id": lazy("Login ID"),
    "organizations": lazy("Organizations"),
    "last_sign_in_at": lazy("Latest sign-in"),
    "state": lazy("State"),
}
STATES: dict[str, Any] = {
    locking.ACTIVE: lazy("Active"),
    locking.NEVER: lazy("Never signed in"),
    locking.SUSPENDED: lazy("Suspended"),
    locking.LOCKED: lazy("Locked"),
}


class ListedAccounts(PlatformInterface):
    """All people's accounts. Service accounts are their organization's."""

    list_properties: dict[str, Any]

    def __init__(self, obj: type[Account]) -> None:
        """Leave out the model's second names, which FAB takes for columns."""
        super().__init__(obj)
        self.list_properties = {
            name: attribute
            for name, attribute in self.list_properties.items()
            if not isinstance(attribute, SynonymProperty)
        }

    def scoped(self) -> Select[Any]:
        return super().scoped().where(Account.is_service.is_(False))


@dataclass(frozen=True)
class ShownAccount(Listed):
    """A row of the list as its reader sees it now."""

    is_you: bool
    state: str


def shown(accounts: Sequence[Account]) -> list[ShownAccount]:
    """What each cell of the list is given."""
    seat, now = current_seat(), utcnow()
    return [
        ShownAccount(
            **vars(row),
            is_you=seat is not None and seat.account.id == row.account.id,
            state=locking.state_of(row.account, now=now),
        )
        for row in queries.listed(accounts)
    ]


ACCOUNTS = ListDefinition(
    ListedAccounts(Account),
    route_base="/accounts",
    class_permission_name="Account",
    label_columns=LABELS,
    order_columns=[
        ("name", Account.sort_key),
        ("email", Account.email_key),
        ("login_id", Account.login_id_key),
        "last_sign_in_at",
    ],
    base_order=("name", "asc"),
    filters=(
        Filter(
            "status",
            lazy("State"),
            lambda: list(STATES.items()),
            queries.in_states,
            multiple=True,
            always=True,
            everything=lazy("Show the suspended"),
        ),
    ),
    cells="accounts/_cells.html",
    cells_of=shown,
    search=queries.search,
    search_label=lazy("Name, reading, e-mail or ID"),
)
