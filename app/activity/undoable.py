"""What of the log can be taken back, and for how long.

Here: what the log's pages and the verbs share: which events, how each is planned, what such a plan
says. Not here: the plans (undo.service, model_views.writing.undo).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.activity import events
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import Activity, MemberType

POSSIBLE_FOR = timedelta(days=30)
EVENTS: dict[str, tuple[str, str]] = dict.fromkeys(
    (
        event.name
        for event in (
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


class NobodyThere(Refusal):
    """The account, or the membership, is gone."""

    status = 410
    text = lazy("%(name)s is no longer there to change.")


class NotSoAnyMore(Refusal):
    """What the line left behind is not there any more, for another reason than a change of the
    member.
    """

    status = 409
    text = lazy("This is no longer as the line left it: %(what)s. Change it by hand.")


@dataclass(frozen=True)
class Undoing:
    """What taking a line back changes now: values as they are and as they will be, by the names the
    log has for them.
    """

    changes: dict[str, list[Any]]
    act: Callable[..., Any]
    removes: bool = False
    """Whether nothing would be left of the membership, and the member goes; then `act` asks whether
    that is `sure` (D-C13).
    """

    @property
    def makes_power(self) -> bool:
        """Whether somebody becomes a power user by it."""
        return bool(self.changes.get("type", [None, None])[1] == MemberType.POWER)


PLANS: dict[str, Callable[..., Undoing]] = {}
"""By the name of an event: who plans taking it back; features add theirs."""
