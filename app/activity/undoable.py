"""What of the log can be taken back, and for how long.

Here: two facts that the log's pages and the verbs share. Not here: taking back (members.undo).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.activity import events
from app.models import Activity

POSSIBLE_FOR = timedelta(days=30)
EVENTS: dict[str, tuple[str, str]] = dict.fromkeys(
    (
        one.name
        for one in (
            events.MEMBER_EDITED,
            events.MEMBER_SUSPENDED,
            events.MEMBER_REINSTATED,
            events.MEMBER_REMOVED,
        )
    ),
    ("manage", "Member"),
)
"""What can be taken back, and the permission and view that this asks for; features add theirs."""


def is_recent(line: Activity, *, now: datetime) -> bool:
    """Whether a line is young enough."""
    return now - line.happened_at <= POSSIBLE_FOR
