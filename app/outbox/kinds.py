"""Kinds of letters, and which of them their reader can switch off.

Here: three tables, in one of which each folder of templates/mail stands, and those of the first
sign-in. Not here: who is told what (each feature's mail), sending (outbox.service).
"""

from __future__ import annotations

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
