"""The list of accounts: its rows, columns, orders and filters, and how its cells look.

Here: what is offered, one listed account to Markup, one function per column. Not here: the screens
(accounts.views), statements (accounts.queries).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import get_template_attribute
from markupsafe import Markup
from sqlalchemy import Select
from sqlalchemy.orm.descriptor_props import SynonymProperty

from app.access.context import current_seat
from app.accounts import locking, queries
from app.accounts.queries import Listed
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.models import Account
from app.screens.formatters import when
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
    """All people's accounts; each cell of the list gets the account and what is counted for it.
    Service accounts are their organization's.
    """

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
    list_columns=tuple(LABELS),
    label_columns=LABELS,
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
            lambda: list(STATES.items()),
            queries.in_states,
            multiple=True,
            always=True,
            everything=lazy("Show the suspended"),
        ),
    ),
    search=queries.search,
    search_label=lazy("Name, reading, e-mail or ID"),
)


def name(row: Listed) -> Markup:
    """Picture, name as a link; below it the reading, and whether it is the reader or runs the
    platform.
    """
    return _cell("name", row, _is_you(row))


def email(row: Listed) -> Markup:
    """The address, cut where the column ends."""
    return _cell("email", row.account)


def login_id(row: Listed) -> Markup:
    """The login ID, cut where the column ends."""
    return _cell("login_id", row.account)


def organizations(row: Listed) -> Markup:
    """How many organizations the account belongs to."""
    return _cell("organizations", row.organizations)


def last_sign_in(row: Listed) -> Markup:
    """When somebody last signed in with it; "never" before the first time."""
    return when(row.account.last_sign_in_at)


def state(row: Listed) -> Markup:
    """Active, suspended, or never signed in."""
    return _cell("status", locking.state_of(row.account, now=utcnow()))


def _cell(macro: str, *words: Any) -> Markup:
    return Markup(get_template_attribute("accounts/_cells.html", macro)(*words))


def _is_you(row: Listed) -> bool:
    seat = current_seat()
    return seat is not None and seat.account.id == row.account.id


CELLS = {
    "name": name,
    "email": email,
    "login_id": login_id,
    "organizations": organizations,
    "last_sign_in_at": last_sign_in,
    "state": state,
}
