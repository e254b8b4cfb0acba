"""The list of accounts: its rows, columns, orders and filters.

Here: what is offered, what its cells are given. Not here: how these look
(templates/accounts/_cells.html), the screens (accounts.views), statements (accounts.queries).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select

from app.access.context import current_seat
from app.accounts import locking, queries
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.models import Account
from app.screens.interface import PlatformInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import by_state

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

    def scoped(self) -> Select[Any]:
        return super().scoped().where(Account.is_service.is_(False))


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
    filters=(by_state(STATES, queries.in_states, everything=lazy("Show the suspended")),),
    cells="accounts/_cells.html",
    cells_of=lambda rows: queries.listed(rows, for_whom=current_seat(), now=utcnow()),
    search=queries.found,
    is_searched_by_index=True,
    search_label=lazy("Name, reading, e-mail or ID"),
)
