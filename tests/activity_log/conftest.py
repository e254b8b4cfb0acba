"""What the tests of the log share: lines with every field filled in, the screen as text,
the chain."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.activity import events
from app.activity import service as activity
from app.activity.events import Event
from app.extensions import db
from app.models import Account, Activity
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
LIST = "/o/aozora/activity/list/"
SAMPLES: dict[str, Any] = {
    "type": "power",
    "roles": ["Viewer", "経理担当"],
    "authorities": ["user_viewer", "billing_viewer"],
    "reason": "休職",
    "two_factor": True,
    "failure": "password",
    "ip": "192.0.2.7",
    "count": 3,
    "replacement": "Viewer",
    "members": 4,
    "screen": "MemberView",
    "role_ids": [[1], [2]],
    "suspended": None,
    "before_at": "2026-08-21T00:00:00+00:00",
    "view": "Member",
    "permission": "manage",
    "needed": ["member_manager", "platform administrator"],
    "rows": 56,
    "format": "csv",
    "filter": "q=佐藤; status=active",
    "changes": {
        "name": ["Old", "New"],
        "type": ["general", "power"],
        "roles": [["Viewer"], ["Admin", "Desk"]],
        "authorities": [["user_viewer"], ["billing_viewer"]],
        "language": ["en", "ja_JP"],
        "password_policy": ["classic", "length"],
        "first_login": ["link", "password"],
        "two_factor_required": [False, True],
        "expires_at": ["2026-11-21T01:00:00+00:00", "2026-11-28T01:00:00+00:00"],
        "email": ["", "new@example.com"],
        "hide_inviter": [True, False],
    },
}


def sample(key: str) -> Any:
    """A value for a detail, the same plain one where no other is named."""
    return SAMPLES.get(key, "2026-11-28T01:00:00+00:00" if key.endswith("_at") else "7")


def happened(cast: Cast, event: Event, at: datetime, **more: Any) -> Activity:
    """One line of aozora's log, every field filled in."""
    values: dict[str, Any] = {
        "by": cast.tanaka,
        "organization": cast.aozora,
        "subject": cast.smith,
    } | more
    line = activity.record(event, now=at, **values, **{key: sample(key) for key in event.fields})
    db.session.commit()
    return line


def text(browser: PortalClient, path: str = LIST) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page[page.index("<main") :]).split())


@pytest.fixture
def varied(cast: Cast) -> Cast:
    """Four lines: a member, a role, an invitation, a sign-in; by tanaka and smith; on four days."""
    at = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
    happened(cast, events.MEMBER_SUSPENDED, at)
    happened(
        cast,
        events.ROLE_CREATED,
        at + timedelta(days=1),
        subject=factories.role(cast.aozora, "Night shift"),
    )
    happened(
        cast,
        events.INVITE_SENT,
        at + timedelta(days=2),
        subject=factories.invite(cast.aozora, "guest@example.com", cast.tanaka)[0],
    )
    happened(cast, events.SIGNED_OUT, at + timedelta(days=3), by=cast.smith)
    return cast
