"""Payload: what another program is told of a line of the log.

Here: who and what by number, what changed, names only where the webhook asks for them. Not here:
which lines (webhooks.collecting).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from app.activity.words import group_of
from app.models import Activity, Webhook

LONGEST = 64 * 1024
"""Bytes of a message; what would be longer is sent without its details."""
IMPERSONAL = frozenset(
    {
        "type", "roles", "role_ids", "authorities", "preset", "suspended", "suspension",
        "language", "time_zone", "notifications", "power_notifications", "password_policy",
        "first_login", "two_factor", "two_factor_required", "two_factor_strong",
        "two_factor_deadline", "excepted_until_at", "session_idle_minutes", "session_hours",
        "grant_only_held", "hide_inviter", "expires_at", "members", "count", "method", "rows",
        "format", "screen", "log_kept_days", "place", "proved",
    }
)  # fmt: skip
"""Details that tell nothing of a person but what they may do."""
GROUPS = {
    "members": "members",
    "invites": "invites",
    "roles": "roles",
    "accounts": "accounts",
    "keys": "keys",
    "signing_in": "signing_in",
    "organization": "organization_settings",
    "webhooks": "organization_settings",
    "views": "",
    "refused": "",
}
"""Heading of the log, and the column of a webhook that asks for its lines; "" for what is never
sent. What has no heading here is of a screen that was added."""


def is_wanted(webhook: Webhook, line: Activity) -> bool:
    """Whether a webhook asks for such a line."""
    column = GROUPS.get(group_of(line.event), "added_screens")
    return bool(column and getattr(webhook, column))


def body_of(line: Activity, *, organization: str, with_names: bool) -> str:
    """Return the JSON that is sent of a line of the log."""
    data: dict[str, Any] = {
        "line": line.id,
        "actor": _person(line.actor_id, line.actor_name, with_names),
        "subject": _person(line.subject_id, line.subject_name, with_names),
        "details": dict(line.details) if with_names else _impersonal(line.details),
    }
    for name in ("undoes_id", "batch"):
        if (value := getattr(line, name)) is not None:
            data[name] = value
    message = {
        "type": line.event,
        "timestamp": line.happened_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "organization": organization,
        "data": data,
    }
    written = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    if len(written.encode()) > LONGEST:
        data["details"] = None
        written = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    return written


def _person(number: int | None, name: str, with_names: bool) -> dict[str, Any] | None:
    if number is None:
        return None
    return {"id": number, "name": name} if with_names else {"id": number}


def _impersonal(details: Mapping[str, Any]) -> dict[str, Any]:
    """What may be told of details without naming anybody: of other changes, that they happened."""
    told = {name: value for name, value in details.items() if name in IMPERSONAL}
    changes = details.get("changes")
    if isinstance(changes, Mapping):
        told["changes"] = {
            name: value if name in IMPERSONAL else None for name, value in changes.items()
        }
    return told
