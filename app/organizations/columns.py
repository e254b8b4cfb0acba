"""What an organization's settings are called, and what each choice means.

Here: tables of words. Not here: forms, rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.kernel.i18n import lazy
from app.models import FirstLogin, PasswordPolicyName


@dataclass(frozen=True)
class SettingChoice:
    """One of a few, with what it demands."""

    value: str
    label: Any
    demands: Any


LABELS: dict[str, Any] = {
    "name": lazy("Name"),
    "latin_name": lazy("Name in Latin letters"),
    "code": lazy("Organization code"),
    "language": lazy("Language"),
    "time_zone": lazy("Time zone"),
    "password_policy": lazy("Password rules"),
    "first_login": lazy("First sign-in"),
    "two_factor_required": lazy("2-step verification"),
    "two_factor_strong": lazy("Don’t accept email codes"),
    "two_factor_deadline": lazy("Last day to set it up"),
    "session_idle_minutes": lazy("Minutes until an unused session ends"),
    "session_hours": lazy("Hours until a session ends"),
    "grant_only_held": lazy("Managers give only authorities they hold"),
    "members": lazy("Members"),
    "created_at": lazy("Created"),
}

PASSWORD_POLICIES: tuple[SettingChoice, ...] = (
    SettingChoice(
        PasswordPolicyName.CLASSIC,
        lazy("Mixed characters"),
        lazy(
            "8 to 255 characters, with an upper-case letter, a lower-case letter, a digit and a"
            " symbol. Common passwords are refused."
        ),
    ),
    SettingChoice(
        PasswordPolicyName.LENGTH,
        lazy("Long"),
        lazy(
            "15 or more characters of any kind, such as a sentence. Common passwords are refused."
        ),
    ),
)

FIRST_LOGINS: tuple[SettingChoice, ...] = (
    SettingChoice(
        FirstLogin.LINK,
        lazy("A link by mail"),
        lazy("A registered member gets a link to set a password. It works once, for 7 days."),
    ),
    SettingChoice(
        FirstLogin.PASSWORD,
        lazy("A password by mail"),
        lazy(
            "The mail contains the password you chose, to be changed at the first sign-in within 7"
            " days. Whoever reads the mail can sign in."
        ),
    ),
)

CHOSEN = {choice.value: choice.label for choice in (*PASSWORD_POLICIES, *FIRST_LOGINS)}
