"""What is shown of letters, and how states and kinds are called. Never their content.

Here: tables. Not here: which rows, how values are written (outbox.views).
"""

from __future__ import annotations

from typing import Any

from app.kernel.i18n import lazy
from app.models import LetterState

STATES: dict[LetterState, Any] = {
    LetterState.WAITING: lazy("Waiting"),
    LetterState.SENT: lazy("Sent"),
    LetterState.DEAD: lazy("Undeliverable"),
    LetterState.DROPPED: lazy("Dropped"),
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
