"""Finding lines of the activity log: filters, words, days, whom and what. It …"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.activity import events
from app.extensions import db
from app.models import Activity
from tests import factories
from tests.activity_log.conftest import LIST, As, happened, plain, text
from tests.cast import Cast

# finding


def test_tells_the_newest_first_under_the_readers_dates(cast: Cast, as_: As, now: datetime) -> None:
    at = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    for number, moment in enumerate((at, at + timedelta(hours=1), at - timedelta(days=1))):
        happened(
            cast, events.ROLE_DELETED, moment, subject=factories.role(cast.aozora, f"Role {number}")
        )
    page = plain(text(as_(cast.tanaka)))
    assert (
        page.index("20 November 2026")
        < page.index("Role 1")
        < page.index("Role 0")
        < page.index("19 November 2026")
        < page.index("Role 2")
    )
    cast.tanaka.time_zone, cast.tanaka.language = "Asia/Tokyo", "ja_JP"
    page = plain(text(as_(cast.tanaka)))
    assert page.index("2026年11月21日") < page.index("Role 0") < page.index("2026年11月20日")


LINES = ("suspended", "created the role", "invited", "signed out")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", (1, 1, 1, 1)),
        ("group=members", (1, 0, 0, 0)),
        ("group=roles&group=invites", (0, 1, 1, 0)),
        ("group=signing_in", (0, 0, 0, 1)),
        ("q=night", (0, 1, 0, 0)),
        ("q=guest@", (0, 0, 1, 0)),
        ("q=smith", (1, 0, 0, 1)),
        ("q=%25", (0, 0, 0, 0)),
        ("from=2026-11-11", (0, 1, 1, 1)),
        ("to=2026-11-11", (1, 1, 0, 0)),
        ("from=2026-11-11&to=2026-11-12", (0, 1, 1, 0)),
        ("q=&actor=&from=&to=2026-11-10", (1, 0, 0, 0)),
        ("from=2027-01-01", (0, 0, 0, 0)),
        ("group=members&from=2026-11-11", (0, 0, 0, 0)),
    ],
)
def test_narrows_by_kind_words_and_days(
    varied: Cast, as_: As, query: str, found: tuple[int, ...]
) -> None:
    page = plain(text(as_(varied.tanaka), f"{LIST}?{query}"))
    assert tuple(int(words in page) for words in LINES) == found
    assert ("Nothing that happened matches this search." in page) is (not any(found))


def test_narrows_by_who_acted(varied: Cast, as_: As) -> None:
    page = plain(text(as_(varied.tanaka), f"{LIST}?actor={varied.smith.id}"))
    assert tuple(words in page for words in LINES) == (False, False, False, True)


def test_shows_the_days_that_were_asked_for(varied: Cast, as_: As) -> None:
    page = text(as_(varied.tanaka), f"{LIST}?from=2026-11-11")
    assert (
        '<input class="form-control form-control-sm w-auto" type="date" id="day-from" name="from"'
        ' value="2026-11-11">' in page
    )
    assert page.count('name="from"') == 1, "the day is asked once"


@pytest.mark.parametrize(
    "query",
    [
        "group=nonsense",
        "actor=x",
        "actor=999999",
        "actor=-1",
        "from=yesterday",
        "to=2026-02-30",
        "from=0001-01-01&to=9999-12-31",
        "sort=event",
        "page=0",
        "page=99",
        "page_size=1000",
        "q=%00",
        "from=%00",
    ],
)
def test_reads_nonsense_as_nothing(varied: Cast, as_: As, query: str) -> None:
    text(as_(varied.tanaka), f"{LIST}?{query}")


def test_turns_pages(cast: Cast, as_: As, now: datetime) -> None:
    for number in range(30):
        happened(cast, events.SIGNED_OUT, now - timedelta(minutes=number))
    browser = as_(cast.tanaka)
    assert [text(browser, f"{LIST}?page={page}").count('<li class="line">') for page in (1, 2)] == [
        25,
        5,
    ]
    assert text(browser, f"{LIST}?page_size=100").count('<li class="line">') == 30


def test_says_when_nothing_has_happened(cast: Cast, as_: As) -> None:
    assert "Nothing has happened yet" in text(as_(cast.tanaka))


# whom and what, and around it


@pytest.mark.parametrize("name", ["target", "about"])
def test_narrows_to_whom_or_what_it_happened(varied: Cast, as_: As, name: str) -> None:
    """B-80: a person, a role, an invitation; by the choices, or by a link that the choices need not
    know.
    """
    role, invite = (
        line.subject_id
        for line in (
            db.session.query(Activity)
            .filter(Activity.event.in_(["role_created", "invite_sent"]))
            .order_by(Activity.id)
        )
    )
    tanaka = as_(varied.tanaka)
    for asked, found in (
        (f"{varied.smith.id}", (1, 0, 0, 0)),
        (f"role-{role}", (0, 1, 0, 0)),
        (f"invite-{invite}", (0, 0, 1, 0)),
    ):
        page = plain(text(tanaka, f"{LIST}?{name}={asked}"))
        assert tuple(int(words in page) for words in LINES) == found, asked
    assert "About: Night shift" in plain(text(tanaka, f"{LIST}?about=role-{role}"))
    for nonsense in ("role-x", "planet-1", "role--1", "-1", "role-99999999999", "%00"):
        text(tanaka, f"{LIST}?{name}={nonsense}")


def test_offers_whom_and_what_it_happened_to_lately(varied: Cast, as_: As) -> None:
    page = plain(text(as_(varied.tanaka), f"{LIST}?filter=target"))
    for name in ("Night shift", "guest@example.com", "Smith John"):
        assert name in page


def test_narrows_to_what_somebody_did_by_a_link(varied: Cast, as_: As) -> None:
    tanaka = as_(varied.tanaka)
    page = plain(text(tanaka, f"{LIST}?by={varied.smith.id}"))
    assert tuple(words in page for words in LINES) == (False, False, False, True)
    assert "Who: Smith John" in page
    text(tanaka, f"{LIST}?by=role-1")
    text(tanaka, f"{LIST}?by=9999999")
