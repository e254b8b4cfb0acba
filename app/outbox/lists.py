"""The lists of letters: the platform's outbox, and an organization's own emails.

Here: their rows, columns, orders and filters, how states and kinds of letters are called. Never
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

KINDS: dict[str, Any] = {
    "invite": lazy("Invitation"),
    "sign_in_code": lazy("Sign-in code"),
    "first_sign_in_link": lazy("First sign-in"),
    "first_sign_in_password": lazy("First sign-in"),
    "password_forgotten": lazy("Forgotten password"),
    "password_changed": lazy("Password changed"),
    "password_link": lazy("New password"),
    "account_registered": lazy("First sign-in"),
    "account_changed": lazy("Account changed"),
    "account_suspended": lazy("Account suspended"),
    "account_reinstated": lazy("Account reinstated"),
    "two_factor_asked": lazy("2-step verification asked for"),
    "power_user_made": lazy("New power user"),
    "administration_given": lazy("Administrative authority given"),
    "member_factor_reset": lazy("2-step verification of a member reset"),
    "member_was_removed": lazy("Member removed"),
    "invite_expired": lazy("Invitation expired"),
    "test": lazy("Test letter"),
    "binding_waiting": lazy("Asked to join"),
    "invite_accepted": lazy("Invitation accepted"),
    "invite_declined": lazy("Invitation declined"),
    "membership_added": lazy("Member added"),
    "membership_changed": lazy("Rights changed"),
    "membership_suspended": lazy("Member suspended"),
    "membership_reinstated": lazy("Member reinstated"),
    "membership_removed": lazy("Removed from the organization"),
    "key_issued": lazy("API key issued"),
    "key_revoked": lazy("API key revoked"),
    "key_expiring": lazy("API key expires soon"),
}
"""What kinds of letters are called; one that is not named here shows its folder's name."""

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
    order_columns={
        "recipient": Letter.recipient,
        "attempts": Letter.attempts,
        "next_try_at": Letter.due_at,
        "created_at": Letter.created_at,
    },
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
