"""The board of an organization's 2-step rule as a list: its rows, columns, orders and filters.

Here: what is offered, what its cells are given. Not here: the screen (two_factor_rule.views),
statements (two_factor_rule.queries).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import contains_eager, selectinload

from app.access.context import current_seat
from app.access.policy import may
from app.accounts import queries as accounts
from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.kernel.errors import obstacle
from app.kernel.i18n import lazy, listed
from app.models import Membership
from app.screens.interface import OrganizationInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import Filter
from app.two_factor.methods import LABELS as METHODS
from app.two_factor_rule import queries, service
from app.two_factor_rule.queries import EXCEPTED, HAS, MISSING, RuleStanding

LABELS: dict[str, Any] = {
    "name": lazy("Name"),
    "methods": lazy("Second factors"),
    "last_access_at": lazy("Last access"),
    "standing": lazy("2-step verification"),
    "exception": lazy("Exception"),
}
STATES: dict[str, Any] = {MISSING: lazy("Missing"), HAS: lazy("Set up"), EXCEPTED: lazy("Excepted")}
WHOLE = (contains_eager(Membership.account), selectinload(Membership.roles))


class MembersUnderRule(OrganizationInterface):
    """The members whom the rule concerns."""

    whole = WHOLE

    def scoped(self) -> Select[Any]:
        there = current_seat()
        return (
            super().scoped()
            if there is None or there.organization is None
            else queries.people(there.organization)
        )


@dataclass(frozen=True)
class ShownStanding(RuleStanding):
    """A line of the board as its reader sees it now."""

    is_you: bool
    is_linked: bool
    """Whether the reader may see members."""
    methods: str
    """What the member has, the safest first; names only."""
    label: str
    why_not: str
    """Why the reader can make no exception, "" where they can."""


def shown(memberships: Sequence[Membership]) -> list[ShownStanding]:
    """What each cell of the board is given."""
    reader = seat()
    return [
        ShownStanding(
            **vars(row),
            is_you=row.membership.account_id == reader.account.id,
            is_linked=may(reader, "read", "Member"),
            methods=listed(label for method, label in METHODS.items() if method in row.factors),
            label=STATES[row.state],
            why_not=obstacle(partial(service.ensure_may, row.membership, by=reader)),
        )
        for row in queries.standings(organization(), memberships, now=utcnow())
    ]


def _in_states(query: Select[Any], chosen: Sequence[str]) -> Select[Any]:
    return queries.in_states(query, organization(), chosen, utcnow())


BOARD = ListDefinition(
    MembersUnderRule(Membership),
    route_base="/o/<organization>/settings/two-factor",
    class_permission_name="Settings",
    label_columns=LABELS,
    order_columns={"name": Membership.sort_key, "last_access_at": Membership.last_access_at},
    base_order=("name", "asc"),
    filters=(
        Filter(
            "standing",
            lazy("2-step verification"),
            lambda: list(STATES.items()),
            _in_states,
            multiple=True,
        ),
    ),
    cells="two_factor_rule/_cells.html",
    cells_of=shown,
    search=accounts.search,
    search_label=lazy("Name, reading, e-mail or ID"),
    eager=WHOLE,
)
