"""The board of an organization's 2-step rule as a list: its rows, columns, orders and filters.

Here: what is offered, what its cells are given. Not here: the screen (two_factor_rule.views),
statements (two_factor_rule.queries).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import contains_eager, selectinload

from app.access.context import current_seat
from app.accounts import queries as accounts
from app.http.context import organization
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.models import Membership
from app.screens.interface import OrganizationInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import Filter
from app.two_factor_rule import cells, queries

WHOLE = (contains_eager(Membership.account), selectinload(Membership.roles))


class MembersUnderRule(OrganizationInterface):
    """The members whom the rule concerns; each cell gets the whole standing."""

    whole = WHOLE

    def scoped(self) -> Select[Any]:
        there = current_seat()
        return (
            super().scoped()
            if there is None or there.organization is None
            else queries.people(there.organization)
        )

    def get_values(
        self, lst: Sequence[Membership], list_columns: Sequence[str]
    ) -> Iterator[dict[str, Any]]:
        """FAB's way to a list's cells."""
        for row in queries.standings(organization(), lst, now=utcnow()):
            yield dict.fromkeys(list_columns, row)


def _in_states(query: Select[Any], chosen: Sequence[str]) -> Select[Any]:
    return queries.in_states(query, organization(), chosen, utcnow())


BOARD = ListDefinition(
    MembersUnderRule(Membership),
    route_base="/o/<organization>/settings/two-factor",
    class_permission_name="Settings",
    list_columns=tuple(cells.LABELS),
    label_columns=cells.LABELS,
    order_columns={"name": Membership.sort_key, "last_access_at": Membership.last_access_at},
    base_order=("name", "asc"),
    filters=(
        Filter(
            "standing",
            lazy("2-step verification"),
            lambda: list(cells.STATES.items()),
            _in_states,
            multiple=True,
        ),
    ),
    search=accounts.search,
    search_label=lazy("Name, reading, e-mail or ID"),
    eager=WHOLE,
)
