"""How the log names people, and tells what they did to themselves. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.access import two_factor as rule
from app.activity import events
from app.activity import service as activity
from app.activity.events import CATALOGUE, Event
from app.activity_log import filter_choices
from app.activity_log.rendering import render_all
from app.extensions import db
from app.kernel.i18n import in_language
from app.models import Account, Activity
from tests import cast as people
from tests.cast import Cast
from tests.conftest import PortalClient, Statements

As = Callable[[Account], PortalClient]
OWN = [event for event in CATALOGUE.values() if event.own]


def line(cast: Cast, event: Event, now: datetime, **more: Any) -> Activity:
    values: dict[str, Any] = {"by": cast.tanaka, "organization": cast.aozora, "subject": cast.sato}
    row = activity.record(event, now=now, **values | more)
    db.session.commit()
    return row


def told(row: Activity, language: str = "en") -> str:
    with in_language(language):
        return render_all([row])[0].sentence.striptags()


def test_adds_the_latin_form_for_readers_of_other_languages(cast: Cast, now: datetime) -> None:
    """B-95."""
    row = line(cast, events.MEMBER_SUSPENDED, now)
    assert told(row) == "田中 太郎 (Taro Tanaka) suspended 佐藤 美咲 (Misaki Sato)."
    assert told(row, "ja_JP") == "田中 太郎が佐藤 美咲を停止しました。"


def test_adds_nothing_to_a_name_that_is_not_theirs_any_more(cast: Cast, now: datetime) -> None:
    row = line(cast, events.MEMBER_SUSPENDED, now)
    cast.sato.last_name = "鈴木"
    cast.tanaka.latin_name = ""
    assert told(row) == "田中 太郎 suspended 佐藤 美咲."
    db.session.delete(cast.sato)
    db.session.commit()
    assert told(row) == "田中 太郎 suspended 佐藤 美咲."


def test_asks_once_for_all_the_people_of_a_page(
    cast: Cast, now: datetime, statements: Callable[[], Statements]
) -> None:
    rows = [
        line(cast, events.MEMBER_SUSPENDED, now, subject=who)
        for who in (cast.sato, cast.suzuki, cast.smith)
    ]
    for row in rows:
        db.session.refresh(row)
    statements()
    render_all(rows)
    assert len(statements()) == 1


def test_names_people_so_in_the_filters_on_both_databases(each_app: Flask, now: datetime) -> None:
    cast = people.assemble()
    line(cast, events.MEMBER_SUSPENDED, now)
    assert filter_choices.actors(cast.aozora) == [(str(cast.tanaka.id), "田中 太郎", "Taro Tanaka")]
    assert filter_choices.targets(cast.aozora) == [(str(cast.sato.id), "佐藤 美咲", "Misaki Sato")]
    cast.sato.last_name = "鈴木"
    db.session.commit()
    assert filter_choices.targets(cast.aozora) == [(str(cast.sato.id), "佐藤 美咲", "")]


def test_offers_the_latin_form_in_the_filter_and_on_the_way_on(
    cast: Cast, as_: As, now: datetime
) -> None:
    row, tanaka = line(cast, events.MEMBER_SUSPENDED, now), as_(cast.tanaka)
    assert "田中 太郎 (Taro Tanaka)" in tanaka.get(
        "/o/aozora/activity/list/?filter=actor"
    ).get_data(as_text=True)
    page = tanaka.get(f"/o/aozora/activity/show/{row.id}").get_data(as_text=True)
    assert "Everything about 佐藤 美咲 (Misaki Sato)" in page
    assert "Everything by 田中 太郎 (Taro Tanaka)" in page


@pytest.mark.parametrize("event", OWN, ids=[event.name for event in OWN])
def test_names_nobody_twice_who_did_it_to_themselves(
    cast: Cast, now: datetime, event: Event
) -> None:
    details = {"key": "Nightly sync"} if "key" in event.fields else {}
    row = line(cast, event, now, subject=cast.tanaka, **details)
    for language in ("en", "ja_JP"):
        assert told(row, language).count("田中 太郎") == 1
    assert told(line(cast, event, now, **details)).count("(") == 2


def test_calls_no_service_account_a_general_user(cast: Cast, now: datetime) -> None:
    """B-91."""
    cast.smith.is_service = True
    row = activity.record(
        events.MEMBER_ADDED,
        now=now,
        by=cast.tanaka,
        organization=cast.aozora,
        subject=cast.smith,
        type="general",
        roles=[],
        authorities=[],
    )
    other = activity.record(
        events.MEMBER_ADDED,
        now=now,
        by=cast.tanaka,
        organization=cast.aozora,
        subject=cast.suzuki,
        type="general",
        roles=[],
        authorities=[],
    )
    db.session.commit()
    with in_language("en"):
        assert [[one.after for one in each.details] for each in render_all([row, other])] == [
            ["Service account"],
            ["General user"],
        ]


def test_tells_a_deadline_as_the_last_day(cast: Cast, as_: As, now: datetime) -> None:
    """B-52: in the log, on the board, on one's home, and on the page that is shown afterwards."""
    deadline = datetime(now.year + 1, 12, 6, tzinfo=UTC)
    row = activity.record(
        events.ORGANIZATION_EDITED,
        now=now,
        by=cast.tanaka,
        organization=cast.aozora,
        subject=cast.aozora,
        changes={"two_factor_deadline": [None, deadline]},
    )
    (
        cast.aozora.two_factor_required,
        cast.aozora.two_factor_strong,
        cast.aozora.two_factor_deadline,
    ) = True, True, deadline
    db.session.commit()
    last_day = f"5 December {deadline.year}"
    assert not rule.bites(cast.aozora, now=now)
    for path in (f"activity/show/{row.id}", "settings/two-factor/", ""):
        page = as_(cast.tanaka).get(f"/o/aozora/{path}").get_data(as_text=True)
        assert last_day in page, path
        assert "6 December" not in page
    cast.aozora.two_factor_deadline = datetime(now.year, now.month, now.day, tzinfo=UTC)
    db.session.commit()
    yesterday = cast.aozora.two_factor_deadline - timedelta(days=1)
    withheld = as_(cast.smith).get("/o/aozora/").get_data(as_text=True)
    assert f"The last day to set it up was {yesterday.day} " in withheld


def test_tells_nothing_twice(cast: Cast, now: datetime) -> None:
    """What the sentence names is no detail beside it, and a method says whether there was a second
    step.
    """
    issued = activity.record(
        events.KEY_ISSUED,
        now=now,
        by=cast.tanaka,
        organization=cast.aozora,
        subject=cast.tanaka,
        key="Sync",
        authorities=[],
    )
    entered = activity.record(
        events.SIGNED_IN,
        now=now,
        by=cast.tanaka,
        organization=cast.aozora,
        subject=cast.tanaka,
        two_factor=True,
        method="app",
        ip="192.0.2.7",
    )
    db.session.commit()
    with in_language("en"):
        told_of = [
            {one.label: one.after for one in each.details} for each in render_all([issued, entered])
        ]
    assert told_of == [{}, {"Second step": "Authenticator app", "IP address": "192.0.2.7"}]
