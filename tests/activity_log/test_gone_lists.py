"""Lines about an added screen whose package was taken out. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from app.activity_log.rendering import render_all
from app.extensions import db
from app.models import Activity
from tests.cast import Cast
from tests.portal_client import PortalClient


def line(cast: Cast, verb: str, **details: object) -> Activity:
    row = Activity(
        happened_at=datetime.now(UTC),
        organization_id=cast.aozora.id,
        event=f"gadgets_{verb}",
        actor_id=cast.tanaka.id,
        actor_name=cast.tanaka.written_name,
        subject_id=7,
        subject_name="Camera",
        details=details,
    )
    db.session.add(row)
    db.session.commit()
    return row


def test_are_told_as_they_were_kept(cast: Cast) -> None:
    row = {"holder": {"id": 3, "name": "Sato"}, "tags": [{"id": 1, "name": "old"}], "lost": True}
    [told] = render_all([line(cast, "created", row=row)])
    assert told.sentence.striptags().endswith("added Camera to Gadgets.")
    assert {one.label: one.after for one in told.details} == {
        "Holder": "Sato",
        "Tags": "old",
        "Lost": "Yes",
    }
    changed = line(cast, "updated", changes={"holder": [{"id": 3, "name": "Sato"}, None]})
    [told] = render_all([changed])
    assert [(one.before, one.after) for one in told.details] == [("Sato", "none")]


def test_can_be_read_on_the_log_s_pages(cast: Cast, as_: Callable[..., PortalClient]) -> None:
    row = line(cast, "deleted", row={"holder": {"id": 3, "name": "Sato"}})
    tanaka = as_(cast.tanaka)
    for path in ("list/", f"show/{row.id}"):
        answer = tanaka.get(f"/o/aozora/activity/{path}")
        assert answer.status_code == 200 and "{'id'" not in answer.get_data(as_text=True)
