"""The list of an organization's invitations: order, narrowing, sorting, cost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models import InviteStatus
from tests import factories
from tests.invites.conftest import LIST


def test_the_list_is_ordered_by_state_and_leaves_out_accepted_ones(as_, cast, now):
    """S1-06, S1-07, S1-08, S3-30, S3-31, S3-32"""
    factories.invite(
        cast.aozora, "late@example.com", cast.tanaka, expires_at=now - timedelta(days=2)
    )
    factories.invite(cast.aozora, "no@example.com", cast.tanaka, status=InviteStatus.DECLINED)
    factories.invite(cast.aozora, "open@example.com", cast.tanaka)
    factories.invite(cast.aozora, "joined@example.com", cast.tanaka, status=InviteStatus.ACCEPTED)
    factories.invite(cast.minato, "elsewhere@example.com", cast.yamada)
    page = as_(cast.tanaka).get(LIST).get_data(as_text=True)
    assert (
        page.index("open@example.com")
        < page.index("no@example.com")
        < page.index("late@example.com")
    )
    assert "joined@example.com" not in page and "elsewhere@example.com" not in page
    assert 'class="due"' in page and "2 days ago" in page and "Invite again" in page
    assert "Pending, expired" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("status=pending", {"open@example.com"}),
        ("status=expired", {"late@example.com"}),
        ("status=declined", {"no@example.com"}),
        ("status=pending&status=expired", {"open@example.com", "late@example.com"}),
        (
            "inviter=TANAKA@aozora.example",
            {"open@example.com", "late@example.com", "no@example.com"},
        ),
        ("inviter=tanaka@aozora", set()),
        ("q=open", {"open@example.com"}),
        ("q=%25", set()),
        ("type=power", set()),
        ("status=accepted", {"open@example.com", "late@example.com", "no@example.com"}),
        (
            "sort=nonsense&page=99&page_size=7",
            {"open@example.com", "late@example.com", "no@example.com"},
        ),
    ],
)
def test_the_list_narrows(as_, cast, now, query, shown):
    """S3-29, S3-30"""
    factories.invite(
        cast.aozora, "late@example.com", cast.tanaka, expires_at=now - timedelta(days=2)
    )
    factories.invite(cast.aozora, "no@example.com", cast.tanaka, status=InviteStatus.DECLINED)
    factories.invite(cast.aozora, "open@example.com", cast.tanaka)
    page = as_(cast.tanaka).get(f"{LIST}?{query}").get_data(as_text=True)
    assert {
        one
        for one in ("open@example.com", "late@example.com", "no@example.com")
        if f">{one}<" in page
    } == shown


@pytest.mark.parametrize(
    "sort",
    ["address", "-address", "inviter", "type", "status", "-status", "expires_at", "-expires_at"],
)
def test_the_list_sorts_by_each_column_that_offers_it(as_, cast, sort):
    factories.invite(cast.aozora, "open@example.com", cast.tanaka)
    assert as_(cast.tanaka).get(f"{LIST}?sort={sort}").status_code == 200


def test_the_list_takes_the_same_few_statements_whatever_its_length(as_, cast, statements):
    browser = as_(cast.tanaka)
    counts = []
    for rows in (1, 30, 70):
        for number in range(rows):
            factories.invite(
                cast.aozora,
                f"p{rows}-{number}@example.com",
                cast.tanaka,
                roles=[factories.role(cast.aozora, f"R{rows}-{number}")],
            )
        browser.get(LIST)
        statements()
        browser.get(f"{LIST}?page_size=100")
        counts.append(len(statements()))
    assert counts[0] == counts[1] == counts[2] <= 8
