"""The list of invitations: its rows, columns, orders and filters.

Here: what is offered, what its cells are given. Not here: the screens (invites.views),
statements (invites.queries).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import joinedload, selectinload

from app.invites import cells, queries
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.models import Invite, MemberType
from app.screens.counts import MenuCount
from app.screens.interface import OrganizationInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import Filter


def _in_states(query: Select[Any], states: Sequence[str]) -> Select[Any]:
    return queries.in_states(query, states, now=utcnow())


FILTERS = (
    Filter(
        "status",
        lazy("State"),
        lambda: [
            (queries.PENDING, lazy("Pending")),
            (queries.DECLINED, lazy("Declined")),
            (queries.EXPIRED, lazy("Expired")),
        ],
        _in_states,
        multiple=True,
        always=True,
    ),
    Filter(
        "type",
        lazy("Type"),
        lambda: [(MemberType.GENERAL, lazy("General")), (MemberType.POWER, lazy("Power"))],
        queries.of_types,
    ),
    Filter("inviter", lazy("Invited by"), list, queries.sent_by, text=True),
)


class InviteInterface(OrganizationInterface):
    """The invitations of the organization in the address, each cell given the whole invitation and
    its newest letter.
    """

    def get_values(self, lst: Iterable[Any], list_columns: Iterable[str]) -> list[dict[str, Any]]:
        rows = list(lst)
        letters = queries.letters(rows)
        return [dict.fromkeys(list_columns, (row, letters.get(row.id))) for row in rows]


INVITES = ListDefinition(
    InviteInterface(Invite),
    route_base="/o/<organization>/invites",
    class_permission_name="Invite",
    list_columns=tuple(cells.CELLS),
    label_columns=cells.LABELS,
    order_columns={
        "address": Invite.address_key,
        "inviter": Invite.inviter_email,
        "type": Invite.type,
        "status": (queries.by_state(), Invite.expires_at),
        "expires_at": Invite.expires_at,
    },
    base_order=("status", "asc"),
    filters=FILTERS,
    search=queries.search,
    search_label=lazy("Search the invited address"),
    eager=(joinedload(Invite.inviter), selectinload(Invite.roles)),
    menu_count=MenuCount("invites", queries.pending),
)
