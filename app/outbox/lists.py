"""The lists of letters: the platform's outbox, and an organization's own emails.

Here: their rows, columns, orders and filters. Not here: the screens (outbox.views).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Select, or_

from app.kernel.i18n import lazy
from app.models import Letter, LetterState
from app.outbox import columns
from app.screens.interface import OrganizationInterface, PlatformInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import Filter


class EmailInterface(OrganizationInterface):
    """The letters of the organization in the address; not those that ask somebody to join, whose
    address it does not know before the answer (D-C11).
    """

    def scoped(self) -> Select[Any]:
        return super().scoped().where(Letter.kind != "binding_waiting")


def search(query: Select[Any], words: str) -> Select[Any]:
    """Find letters by part of their recipient or subject."""
    return query.where(
        or_(
            Letter.recipient.icontains(words, autoescape=True),
            Letter.subject.icontains(words, autoescape=True),
        )
    )


OUTBOX = ListDefinition(
    PlatformInterface(Letter),
    route_base="/outbox",
    class_permission_name="Outbox",
    list_columns=tuple(columns.LIST),
    label_columns=columns.ITEM,
    order_columns={
        "recipient": Letter.recipient,
        "attempts": Letter.attempts,
        "next_try_at": Letter.due_at,
        "created_at": Letter.created_at,
    },
    base_order=("created_at", "desc"),
    filters=(
        Filter(
            "state",
            lazy("State"),
            options=lambda: list(columns.STATES.items()),
            multiple=True,
            apply=lambda query, chosen: query.where(
                Letter.state.in_([LetterState(one) for one in chosen])
            ),
        ),
    ),
    search=search,
    search_label=lazy("Recipient or subject"),
)

EMAILS = replace(
    OUTBOX,
    datamodel=EmailInterface(Letter),
    route_base="/o/<organization>/emails",
    class_permission_name="Email",
    list_columns=("recipient", "subject", "state", "refusal", "created_at"),
    label_columns=columns.ITEM | {"refusal": columns.ITEM["reason"]},
)
