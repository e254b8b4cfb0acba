"""Pages of a long list, from either end: it …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.activity import queries
from app.activity_log.lists import ACTIVITY
from app.extensions import db
from app.jobs import statistics
from app.models import Activity
from app.schedule import SCHEDULE
from app.screens import list_query
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

MEMBERS = "/o/aozora/members/list/"
NAME = re.compile(r"Desk (\d\d)")


@pytest.fixture
def crowded(cast: Cast, now: datetime) -> Cast:
    """More members than are counted, which is few here."""
    for number in range(70):
        who = factories.account(
            f"m{number}", family_name="Aoki", given_name=f"Desk {number:02}", language="en"
        )
        seen = now - timedelta(days=number) if number % 2 else None
        factories.membership(who, cast.aozora, joined_at=now, last_access_at=seen)
    db.session.commit()
    return cast


@pytest.mark.parametrize("sort", ["email", "-email", "last_access_at", "-last_access_at"])
def test_gives_the_same_rows_from_the_end_as_from_the_beginning(
    crowded: Cast, as_: Callable[..., PortalClient], sort: str
) -> None:
    """Rows that are empty stand last, whichever end is counted from."""
    client = as_(crowded.tanaka)

    def names(page: int) -> list[str]:
        found = client.get(f"{MEMBERS}?sort={sort}&page={page}").get_data(as_text=True)
        return re.findall(r'href="?\.\./show/(\d+)', found)

    client.get(MEMBERS)  # the reader has been here by now
    whole = client.get(f"{MEMBERS}?sort={sort}&page_size=100").get_data(as_text=True)
    every = re.findall(r'href="?\.\./show/(\d+)', whole)
    assert len(every) > 70
    assert names(-1) == every[-25:]
    assert names(-2) == every[-50:-25]


def test_leads_to_the_last_page_where_it_counts_no_further(
    crowded: Cast, as_: Callable[..., PortalClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_query, "COUNT_LIMIT", 50)
    page = as_(crowded.tanaka).get(MEMBERS + "?page=3").get_data(as_text=True)
    assert 'href="?page=-1"' in page
    assert 'href="?page=4"' in page
    last = as_(crowded.tanaka).get(MEMBERS + "?page=-1").get_data(as_text=True)
    assert "1–25" in last
    assert 'rel="prev" href="?page=-2"' in last
    assert 'rel="next"' not in last


def test_finds_a_page_without_reading_accounts_that_it_does_not_show(
    crowded: Cast, as_: Callable[..., PortalClient], statements: Callable[[], list[str]]
) -> None:
    client = as_(crowded.tanaka)
    client.get(MEMBERS)
    statements()
    client.get(MEMBERS + "?page=-1")
    [listed] = [one for one in statements() if "page_ids" in one]
    ids = listed.split("JOIN (SELECT", 1)[1].partition(") AS page_ids")[0]
    assert "OFFSET" in ids
    assert "ab_user" not in ids


@pytest.mark.parametrize(
    ("column", "index"),
    [(Activity.actor_id, "ix_activity_actor"), (Activity.subject_id, "ix_activity_subject")],
)
def test_reads_the_log_of_one_person_by_index(cast: Cast, column: object, index: str) -> None:
    """A member's page costs the same however long the log is."""
    lines = queries.select(Activity.id).where(
        Activity.organization_id == cast.aozora.id,
        column == cast.tanaka.id,
    )
    newest = lines.order_by(Activity.happened_at.desc(), Activity.id.desc()).limit(10)
    said = newest.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = " ".join(str(row) for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {said}")))
    assert index in plan
    assert "TEMP B-TREE" not in plan
    assert ACTIVITY.base_order == ("happened_at", "desc")


def test_takes_statistics_every_night(each_app: object, now: datetime) -> None:
    work, when = SCHEDULE[statistics.JOB]
    night = datetime(2026, 11, 29, 3, 27)
    assert when(night)
    assert not when(night + timedelta(hours=1))
    work(now)
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(text("SELECT count(*) FROM sqlite_stat1")) is not None
    else:
        asked = "SELECT count(*) FROM pg_stat_user_tables WHERE last_analyze IS NOT NULL"
        assert db.session.scalar(text(asked))
