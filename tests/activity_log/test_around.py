"""A line's own page, with what happened around it. It …"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.activity import events
from app.activity import service as activity
from app.activity.events import CATALOGUE
from app.activity_log.around import EACH_SIDE, around
from app.extensions import db
from app.models import Activity
from tests.activity_log.conftest import As, plain, text
from tests.cast import Cast


def written(cast: Cast, now: datetime, count: int) -> list[Activity]:
    """Lines of one person, all of the same moment."""
    lines = [
        activity.record(
            events.INVITE_RESENT, now=now, by=cast.tanaka, organization=cast.aozora, subject=None
        )
        for _number in range(count)
    ]
    db.session.commit()
    return lines


@pytest.mark.parametrize("place", [0, 25, 59])
def test_always_opens_with_the_nearest_lines(
    cast: Cast, as_: As, now: datetime, place: int
) -> None:
    """T2-90: 20 later lines of the same ten minutes pushed the line itself off its page."""
    lines = written(cast, now, 60)
    line = lines[place]
    nearest = lines[max(0, place - EACH_SIDE) : place + EACH_SIDE + 1]
    assert [one.id for one in around(line)] == [one.id for one in reversed(nearest)]
    page = text(as_(cast.tanaka), f"/o/aozora/activity/show/{line.id}")
    assert page.count('class="line this"') == 1
    assert plain(page).count("sent the invitation of") == len(nearest) + 1


def test_opens_where_nobody_is_named(cast: Cast, as_: As, now: datetime) -> None:
    """T2-90: the portal's own lines are about nobody."""
    lines = [
        activity.record(
            events.LOG_PRUNED, now=now, by=None, organization=cast.aozora, count=1, before_at=now
        )
        for _number in range(2)
    ]
    db.session.commit()
    assert around(lines[0]) == [lines[0]]
    text(as_(cast.tanaka), f"/o/aozora/activity/show/{lines[0].id}")


VALUES = ["", None, 0, 7, True, "x", "2026-13-45", "2026-11-21", "%(actor)s", [], ["a"], {}]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_tells_every_event_whatever_its_details_hold(
    cast: Cast, as_: As, now: datetime, value: object
) -> None:
    """T2-83: no line makes the page an error, though what is called a moment or a language, or a
    list, is none.
    """
    for event in CATALOGUE.values():
        line = activity.record(
            event, now=now, by=cast.tanaka, organization=cast.aozora, subject=cast.smith
        )
        line.details = dict.fromkeys(event.fields - {"changes"}, value) | {
            "changes": {
                name: [value, value]
                for name in ("repaired_at", "language", "two_factor_deadline", "type", "roles")
            }
        }
    db.session.commit()
    browser = as_(cast.tanaka)
    for page in range(10):
        text(browser, f"/o/aozora/activity/list/?page={page}")
    text(browser, f"/o/aozora/activity/show/{line.id}")


def test_keeps_to_ten_minutes(cast: Cast, now: datetime) -> None:
    [line] = written(cast, now, 1)
    written(cast, now + timedelta(minutes=11), 1)
    [near] = written(cast, now - timedelta(minutes=10), 1)
    assert around(line) == [line, near]
