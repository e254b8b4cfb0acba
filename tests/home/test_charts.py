"""Members and invitations over time on an organization's home: drawn, and as a table. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.home import charts
from app.home.charts import BOTTOM, TOP, TrendChart, round_up
from app.kernel.i18n import in_language
from app.models import Account, InviteStatus
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, Statements

As = Callable[[Account], PortalClient]
TOKYO = ZoneInfo("Asia/Tokyo")
HOME = "/o/aozora/"


def text(browser: PortalClient) -> str:
    return " ".join(browser.get(HOME).get_data(as_text=True).split())


# counting


def test_counts_who_had_joined_by_the_end_of_each_month(cast: Cast) -> None:
    """In the reader's zone: 1 October in Tokyo begins on 30 September in UTC. Suspended members are
    not among them.
    """
    now = datetime(2026, 11, 21, 1, tzinfo=UTC)
    for joined in (
        datetime(2020, 1, 1, tzinfo=UTC),
        datetime(2026, 9, 30, 14, 59, tzinfo=UTC),
        datetime(2026, 9, 30, 15, 1, tzinfo=UTC),
    ):
        factories.membership(factories.account(), cast.aozora, joined_at=joined)
    factories.membership(
        factories.account(), cast.minato, joined_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    with in_language("en"):
        chart = charts.members(cast.aozora, now=now, zone=TOKYO)
    assert list(chart.values) == [1] * 9 + [2, 3, 6], (
        "tanaka, suzuki and smith joined on 21 November"
    )
    assert (chart.labels[0], chart.labels[-1], chart.short[0], len(chart.labels)) == (
        "December 2025",
        "November 2026",
        "Dec",
        12,
    )


def test_counts_the_months_of_a_year_that_has_just_begun(cast: Cast) -> None:
    with in_language("ja_JP"):
        chart = charts.members(cast.aozora, now=datetime(2027, 1, 1, tzinfo=UTC), zone=UTC)
    assert (chart.labels[0], chart.labels[-1], chart.short[-1]) == ("2026年2月", "2027年1月", "1月")


def test_counts_invitations_by_week_and_the_accepted_ones_among_them(cast: Cast) -> None:
    """Weeks begin on Mondays; what is older or another organization's is left out."""
    now = datetime(2026, 11, 21, 1, tzinfo=UTC)  # a Saturday
    made = {"a": 0, "b": 4, "c": 5, "d": 6, "e": 54, "f": 55}
    for name, days in made.items():
        status = InviteStatus.ACCEPTED if name in "ad" else InviteStatus.DECLINED
        factories.invite(
            cast.aozora,
            f"{name}@example.com",
            cast.tanaka,
            sent_at=now - timedelta(days=days),
            status=status,
        )
    factories.invite(cast.minato, "x@example.com", cast.yamada, sent_at=now)
    with in_language("en"):
        chart = charts.invitations(cast.aozora, now=now, zone=UTC)
    assert (list(chart.values), list(chart.parts)) == (
        [1, 0, 0, 0, 0, 0, 1, 3],
        [0, 0, 0, 0, 0, 0, 1, 1],
    )
    assert (chart.labels[-1], chart.short[-1]) == ("Week of 16 November 2026", "this week")
    assert (chart.total, chart.total_part) == (5, 2)


def test_is_empty_where_there_is_nothing(cast: Cast) -> None:
    chart = charts.invitations(cast.aozora, now=factories.NOW, zone=UTC)
    assert (chart.total, chart.top) == (0, 2)


# drawing


@pytest.mark.parametrize(
    ("number", "top"),
    [
        (0, 2),
        (1, 2),
        (2, 2),
        (3, 4),
        (9, 10),
        (11, 20),
        (56, 60),
        (99, 100),
        (101, 200),
        (10_000, 10_000),
    ],
)
def test_ends_at_a_round_number_whose_half_is_whole(number: int, top: int) -> None:
    assert round_up(number) == top
    assert round_up(number) % 2 == 0


def test_puts_each_number_where_it_belongs() -> None:
    chart = TrendChart(["a", "b", "c"], ["a", "b", "c"], [0, 5, 10], [0, 5, 0])
    assert [y for _x, y in chart.points] == [BOTTOM, (TOP + BOTTOM) / 2, TOP]
    assert chart.line == "M4 80.5 146 46.5 288 12.5"
    assert [(bar.height, bar.part_height) for bar in chart.bars] == [(0, 0), (34, 34), (68, 0)]


# the page


def test_draws_both_with_a_sentence_and_a_table(cast: Cast, as_: As) -> None:
    factories.invite(cast.aozora, "a@example.com", cast.tanaka)
    page = text(as_(cast.tanaka))
    sentences = re.findall(r'role="img" aria-label="([^"]+)"', page)
    assert sentences[0].startswith("Today’s members by when they joined: ")
    assert sentences[1] == "Invitations of the last 8 weeks: 1 sent, 0 of them accepted"
    assert page.count('<caption class="visually-hidden">') == 2
    assert page.count('<th scope="row"') == 12 + 8
    assert "style=" not in page, "the content security policy forbids it"


def test_draws_only_what_the_reader_may_see(cast: Cast, as_: As) -> None:
    factories.invite(cast.aozora, "a@example.com", cast.tanaka)
    cast.suzuki.language = "en"
    page = text(as_(cast.suzuki))
    assert "by when they joined" in page
    assert "last 8 weeks" not in page
    assert 'role="img"' not in text(as_(cast.smith))


def test_draws_no_line_through_a_single_member(cast: Cast, as_: As) -> None:
    assert "by when they joined" not in " ".join(
        as_(cast.yamada).get("/o/minato/").get_data(as_text=True).split()
    )


def test_costs_two_statements(cast: Cast, statements: Callable[[], Statements]) -> None:
    for number in range(20):
        factories.membership(factories.account(), cast.aozora)
        factories.invite(cast.aozora, f"p{number}@example.com", cast.tanaka)
    statements()
    charts.members(cast.aozora, now=factories.NOW, zone=UTC)
    charts.invitations(cast.aozora, now=factories.NOW, zone=UTC)
    assert len(statements()) == 2
