"""Words of the log: how the details of an event are called, and under which heading an event is
found.

Here: tables. Not here: sentences (activity.events), putting them together (activity_log.rendering).
"""

from __future__ import annotations

from typing import Any

from app.kernel.i18n import lazy
from app.models import FirstLogin, MemberType, PasswordPolicyName

LABELS: dict[str, Any] = {
    "type": lazy("Type"),
    "roles": lazy("Roles"),
    "authorities": lazy("Authorities"),
    "preset": lazy("Authority preset"),
    "inviter": lazy("Invited by"),
    "reason": lazy("Reason"),
    "failure": lazy("Reason"),
    "name": lazy("Name"),
    "description": lazy("Description"),
    "family_name": lazy("Family name"),
    "given_name": lazy("Given name"),
    "reading": lazy("Reading"),
    "latin_name": lazy("Name in Latin letters"),
    "email": lazy("E-mail"),
    "login_id": lazy("Login ID"),
    "language": lazy("Language"),
    "time_zone": lazy("Time zone"),
    "notifications": lazy("E-mail notifications"),
    "power_notifications": lazy("Letters to power users"),
    "code": lazy("Organization code"),
    "password_policy": lazy("Password rules"),
    "first_login": lazy("First sign-in"),
    "two_factor_required": lazy("2-step verification required"),
    "two_factor_strong": lazy("Authenticator app or passkey required"),
    "two_factor_deadline": lazy("Last day to set up 2-step verification"),
    "excepted_until_at": lazy("Excepted until"),
    "session_idle_minutes": lazy("Minutes until an unused session ends"),
    "session_hours": lazy("Hours until a session ends"),
    "grant_only_held": lazy("Managers give only authorities they hold"),
    "two_factor": lazy("2-step verification"),
    "hide_inviter": lazy("Inviter hidden"),
    "expires_at": lazy("Valid until"),
    "replacement": lazy("Replaced by"),
    "members": lazy("Members"),
    "key": lazy("API key"),
    "count": lazy("Sessions"),
    "ip": lazy("IP address"),
    "method": lazy("Second step"),
    "left": lazy("Recovery codes left"),
    "removed": lazy("Removed"),
    "refused": lazy("Refused"),
    "rows": lazy("Rows"),
    "format": lazy("Format"),
    "filter": lazy("Narrowed by"),
    "screen": lazy("List"),
    "suspension": lazy("Suspension"),
    "invitation": lazy("Invitation"),
    "before_at": lazy("Older than"),
    "made_at": lazy("Backup made"),
    "place": lazy("Number in the chain"),
    "former": lazy("Former key"),
    "head": lazy("Last hash in the chain"),
    "proved": lazy("Previous signature verified"),
    "log_kept_days": lazy("Days that the log is kept"),
    "view": lazy("About"),
    "permission": lazy("Wanted to"),
    "needed": lazy("Authorities needed"),
    "elsewhere": lazy("Other organization"),
}

SERVICE = "service"
TYPES: dict[str, Any] = {
    MemberType.POWER: lazy("Power user"),
    MemberType.GENERAL: lazy("General user"),
    SERVICE: lazy("Service account"),
}
POLICIES: dict[str, Any] = {
    PasswordPolicyName.CLASSIC: lazy("Mixed characters"),
    PasswordPolicyName.LENGTH: lazy("Long"),
}
FIRST_LOGINS: dict[str, Any] = {
    FirstLogin.LINK: lazy("A link by mail"),
    FirstLogin.PASSWORD: lazy("A password by mail"),
}
FAILURES: dict[str, Any] = {
    "password": lazy("Wrong password"),
    "code": lazy("Too many wrong codes"),
    "suspended": lazy("Suspended"),
    "expired": lazy("Temporary password expired"),
}
FAILURES |= {
    "passkey": lazy("Passkey not accepted"),
    "passkey_copied": lazy("Passkey may have been copied"),
}

SCREENS: dict[str, Any] = {
    "MemberView": lazy("Members"),
    "InviteView": lazy("Invitations"),
    "BindingView": lazy("People who join at the next sign-in"),
    "MemberRoleView": lazy("Roles"),
    "ActivityView": lazy("Activity log"),
}

METHODS: dict[str, Any] = {
    "password": lazy("None, the password only"),
    "mail": lazy("Code by mail"),
    "app": lazy("Authenticator app"),
    "recovery": lazy("Recovery code"),
    "passkey": lazy("Passkey"),
    "device": lazy("Trusted device"),
}

NOUNS: dict[str, Any] = {
    "Member": lazy("Members"),
    "Invite": lazy("Invitations"),
    "Binding": lazy("People who join at the next sign-in"),
    "MemberRole": lazy("Roles"),
    "Activity": lazy("Activity log"),
    "SavedView": lazy("Saved views"),
    "Settings": lazy("Settings"),
    "Key": lazy("API keys"),
    "Webhook": lazy("Webhooks"),
    "Email": lazy("Emails"),
    "Batch": lazy("Batches"),
    "PlatformBatch": lazy("Batches"),
    "MyInvite": lazy("Invitations to you"),
    "Profile": lazy("Profile"),
    "Organization": lazy("Organizations"),
    "Account": lazy("Accounts"),
    "Outbox": lazy("Outbox"),
    "Home": lazy("Home"),
    "PlatformActivity": lazy("Platform log"),
}
PERMISSIONS: dict[str, Any] = {
    "read": lazy("look"),
    "manage": lazy("make changes"),
    "send": lazy("make changes"),
    "undo": lazy("take back"),
    "export": lazy("export everything"),
    "leave": lazy("leave"),
}
NEEDED: dict[str, Any] = {
    "platform administrator": lazy("Platform administrator"),
    "power user": lazy("Power user"),
    "member": lazy("Membership"),
}

VALUES: dict[str, dict[str, Any]] = {
    "type": TYPES,
    "password_policy": POLICIES,
    "first_login": FIRST_LOGINS,
    "failure": FAILURES,
    "screen": SCREENS,
    "view": NOUNS,
    "permission": PERMISSIONS,
    "method": METHODS,
    "removed": METHODS,
}
"""Details whose values are words of an enum."""

SWITCHES = frozenset(
    {
        "suspension",
        "two_factor",
        "two_factor_required",
        "two_factor_strong",
        "notifications",
        "power_notifications",
        "hide_inviter",
        "proved",
    }
)
"""Details that are on or off."""

DAYS = frozenset({"two_factor_deadline", "excepted_until_at"})
"""Details that end with a day, and are told as that day."""

HIDDEN = frozenset({"role_ids", "suspended", "kind"})
"""Details that are kept for taking something back, not for reading."""

GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "members": (lazy("Members"), ("member_", "members_", "binding_", "batch_", "rows_")),
    "invites": (lazy("Invitations"), ("invite_", "invites_")),
    "roles": (lazy("Roles"), ("role_",)),
    "accounts": (lazy("Accounts"), ("account_", "accounts_")),
    "keys": (lazy("API keys"), ("key_", "keys_")),
    "signing_in": (lazy("Signing in"), ("sign", "session", "password_", "two_factor_", "passkey_")),
    "views": (lazy("Saved views"), ("view_",)),
    "organization": (
        lazy("Organization"),
        ("organization_", "platform_", "test_letter_", "activity_", "log_"),
    ),
    "refused": (lazy("Refused pages"), ("access_",)),
}
"""Headings: what they are called, and how the names of their events begin."""


def group_of(event: str) -> str:
    """Return the heading an event is found under, "" for one that has none."""
    return next(
        (key for key, (_label, beginnings) in GROUPS.items() if event.startswith(beginnings)), ""
    )
