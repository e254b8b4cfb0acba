"""Kinds of letters, what they are called, and which of them their reader can switch off.

Here: three tables, in one of which each folder of templates/mail stands, those of the first
sign-in, and names. Not here: who is told what (each feature's mail), sending (outbox.service).
"""

from __future__ import annotations

from typing import Any

from app.kernel.i18n import lazy

ASKED_FOR = (
    "account_registered",
    "binding_waiting",
    "email_confirm",
    "first_sign_in_link",
    "first_sign_in_password",
    "invite",
    "password_forgotten",
    "password_link",
    "sign_in_code",
    "test",
    "two_factor_asked",
)
"""What somebody waits for, or cannot go on without: a link, a code, an invitation, a deadline.
Always sent.
"""

WAITED_FOR = (
    "email_confirm",
    "first_sign_in_link",
    "password_forgotten",
    "password_link",
    "sign_in_code",
    "test",
)
"""What somebody may sit before a screen and wait for: sent before all others."""

PROTECTING = (
    "account_changed",
    "account_reinstated",
    "account_suspended",
    "app_added",
    "app_removed",
    "email_change_asked",
    "key_issued",
    "key_revoked",
    "passkey_added",
    "passkey_removed",
    "password_changed",
    "recovery_code_used",
    "recovery_codes_made",
    "second_factor_reset",
)
"""What decides who gets in was changed: when, by whom, and what to do if one did not expect it.
Always sent, whatever the account's `notifications` say: whoever took an account over would switch
them off first."""

OPTIONAL = (
    "administration_given",
    "invite_accepted",
    "invite_declined",
    "invite_expired",
    "key_expiring",
    "member_factor_reset",
    "member_was_removed",
    "membership_added",
    "membership_changed",
    "membership_reinstated",
    "membership_removed",
    "membership_suspended",
    "new_sign_in",
    "power_user_made",
    "webhook_stopped",
)
"""What is good to know. Sent unless the account's `notifications` are off; what power users hear of
each other (app.oversight) unless their `power_notifications` are."""

FIRST_SIGN_IN = ("account_registered", "first_sign_in_link", "first_sign_in_password")
"""What leads somebody who was registered to the first sign-in; of several, the newest counts."""

NAMES: dict[str, Any] = {
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
