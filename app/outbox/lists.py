"""The lists of letters: the platform's outbox, and an organization's own emails.

Here: their rows, columns, orders and filters, how states of letters are called. Never
their content. Not here: the screens (outbox.views).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Select

from app.kernel.i18n import lazy
from app.models import Letter, LetterState
from app.screens.interface import OrganizationInterface, PlatformInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import containing, one_of

STATES: dict[LetterState, Any] = {
    LetterState.WAITING: lazy("Waiting"),
    LetterState.SENT: lazy("Sent"),
    LetterState.DEAD: lazy("Undeliverable"),
    LetterState.DROPPED: lazy("Dropped"),
    LetterState.HELD: lazy("Held"),
}

LIST: dict[str, Any] = {
    "recipient": lazy("Recipient"),
    "subject": lazy("Subject"),
    "state": lazy("State"),
    "reason": lazy("Reason"),
    "attempts": lazy("Tries"),
    "next_try_at": lazy("Next try"),
    "created_at": lazy("Written"),
}

ITEM: dict[str, Any] = LIST | {
    "sent_at": lazy("Sent"),
    "kind": lazy("Kind"),
    "language": lazy("Language"),
    "message_id": lazy("Message ID"),
}


class EmailInterface(OrganizationInterface):
    """The letters of the organization in the address; not those that ask somebody to join, whose
    address it does not know before the answer (D-C11).
    """

    def scoped(self) -> Select[Any]:
        return super().scoped().where(Letter.kind != "binding_waiting")


OUTBOX = ListDefinition(
    PlatformInterface(Letter),
    route_base="/outbox",
    class_permission_name="Outbox",
    list_columns=tuple(LIST),
    label_columns=ITEM,
    order_columns=["recipient", "attempts", ("next_try_at", Letter.due_at), "created_at"],
    base_order=("created_at", "desc"),
    filters=(one_of("state", lazy("State"), STATES, Letter.state),),
    search=containing(Letter.recipient, Letter.subject),
    search_label=lazy("Recipient or subject"),
)

EMAILS = replace(
    OUTBOX,
    datamodel=EmailInterface(Letter),
    route_base="/o/<organization>/emails",
    class_permission_name="Email",
    list_columns=("recipient", "subject", "state", "refusal", "created_at"),
    label_columns=ITEM | {"refusal": ITEM["reason"]},
)
