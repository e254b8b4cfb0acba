"""What is shown of accounts, and how their states are called.

Here: tables of words. Not here: how values are drawn (accounts.cells), which rows
(accounts.queries).
"""

from __future__ import annotations

from typing import Any

from app.kernel.i18n import lazy

ACTIVE, NEVER, SUSPENDED, LOCKED = "active", "never", "suspended", "locked"

LIST: dict[str, Any] = {
    "name": lazy("Name"),
    "email": lazy("E-mail address"),
    "login_id": lazy("Login ID"),
    "organizations": lazy("Organizations"),
    "last_sign_in_at": lazy("Latest sign-in"),
    "state": lazy("State"),
}

STATES: dict[str, Any] = {
    ACTIVE: lazy("Active"),
    NEVER: lazy("Never signed in"),
    SUSPENDED: lazy("Suspended"),
    LOCKED: lazy("Locked"),
}
