"""Finding members in the list: search, filters, order, pages. It …"""

from __future__ import annotations

import re
import threading
from contextvars import Context
from datetime import datetime

import pytest

from app.extensions import db
from app.models import Account
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, NAMES, As, built_in, listed, text


@pytest.mark.parametrize(
    "words",
    [
        "sato",
        "ＳＡＴＯ",
        "ｓａｔｏ",
        "サトウ",
        "ｻﾄｳ",
        "さとう",
        "さとうみさき",
        "佐藤",
        "佐藤美咲",
        "佐藤 美咲",
        "美咲",
        "Misaki",
        "misaki sato",
        "sato@example.com",
        "@example",
    ],
)
def test_finds_a_member_however_it_is_written(tanaka: PortalClient, words: str) -> None:
    """S2-05, S3-13, S3-14: part of a name, reading, Latin name, address, domain or login ID."""
    assert "佐藤 美咲" in listed(tanaka, f"q={words}&status=suspended")


@pytest.mark.parametrize("words", ["nobody", "%", "_", "\\", "sato%", "'", "佐藤 太郎"])
def test_finds_nobody_else(tanaka: PortalClient, words: str) -> None:
    """S2-05: signs of the database are letters like others."""
    page = text(
        tanaka,
        "/list/?status=suspended&status=active&status=never&q="
        + words.replace("%", "%25").replace("\\", "%5C"),
    )
    assert NAMES.findall(page) == []
    assert "Nothing matches" in page
    assert "Clear all" in page


def test_hides_the_suspended_until_they_are_asked_for(tanaka: PortalClient) -> None:
    """S2-06."""
    assert "佐藤 美咲" not in listed(tanaka)
    assert listed(tanaka, "status=suspended") == ["佐藤 美咲"]
    assert len(listed(tanaka, "status=suspended&status=active&status=never")) == 4


def test_counts_a_suspended_account_as_suspended(
    tanaka: PortalClient, cast: Cast, now: datetime
) -> None:
    """D-3: whoever suspended it."""
    cast.smith.suspended_at = now
    assert "John Smith" not in listed(tanaka)
    assert "John Smith" in listed(tanaka, "status=suspended")


def test_narrows_by_role_type_and_state(
    tanaka: PortalClient, crowd: list[Account], cast: Cast
) -> None:
    """S3-12, S3-15: filters and the search hold together; several roles mean any of them."""
    night = crowd[2].memberships[0].roles[1].id
    viewer = built_in("viewer").id
    everybody = "status=active&status=never&status=suspended&page_size=100"
    assert listed(tanaka, f"role={night}&{everybody}") == [
        f"Member{n:02}" for n in range(60) if n % 3 == 2
    ]
    assert listed(tanaka, f"role={night}&role={viewer}&{everybody}") == [
        f"Member{n:02}" for n in range(60) if n % 3
    ]
    assert listed(tanaka, "type=power") == ["田中 太郎"]
    assert listed(tanaka, "status=active&page_size=100&q=member") == [
        f"Member{n:02}" for n in range(60) if n % 3 == 0 and n % 4
    ]
    assert listed(tanaka, f"role={night}&q=a.example&{everybody}") == [
        f"Member{n:02}" for n in range(60) if n % 3 == 2 and n % 2
    ]


def test_sorts_by_every_head_both_ways(tanaka: PortalClient, crowd: list[Account]) -> None:
    """S2-08."""
    numbers = [n for n in range(60) if n % 4]
    names = [f"Member{n:02}" for n in numbers]

    def order(sort: str) -> list[str]:
        return listed(tanaka, f"q=member&page_size=100&sort={sort}")

    assert order("name") == names
    assert order("-name") == names[::-1]
    assert order("email") == names
    assert order("-email") == names[::-1]
    assert order("joined_at") == names[::-1]
    assert order("-joined_at") == names
    seen = [f"Member{n:02}" for n in numbers if n % 3 == 0]
    assert order("-last_access_at")[: len(seen)] == seen
    assert order("last_access_at")[: len(seen)] == seen[::-1], (
        "who was never here comes last, either way"
    )
    assert listed(tanaka, "sort=-type")[0] == "田中 太郎"


def test_sorts_japanese_names_by_their_reading(tanaka: PortalClient) -> None:
    """S2-08: さとう, すずき, スミス, たなか."""
    assert listed(tanaka, "status=active&status=never&status=suspended") == [
        "佐藤 美咲",
        "鈴木 一郎",
        "John Smith",
        "田中 太郎",
    ]


def test_marks_the_sorted_head_and_turns_it_around(tanaka: PortalClient) -> None:
    page = text(tanaka, "/list/?sort=joined_at")
    assert re.search(r'aria-sort="ascending">\s*<a class="sort" href="[^"]*sort=-joined_at', page)


def test_goes_through_pages_of_a_chosen_size(tanaka: PortalClient, crowd: list[Account]) -> None:
    """S2-07, S3-22: 25, 50 or 100."""
    everybody = "q=member&status=active&status=never&status=suspended"
    assert [len(listed(tanaka, f"{everybody}&page_size={size}")) for size in (25, 50, 100)] == [
        25,
        50,
        60,
    ]
    pages = [listed(tanaka, f"{everybody}&page={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [25, 25, 10]
    assert sorted(name for page in pages for name in page) == [
        f"Member{n:02}" for n in range(60)
    ], "everybody once"
    assert "26–50 of 60" in text(tanaka, f"/list/?{everybody}&page=2")
    assert len(listed(tanaka, f"{everybody}&page=99")) == 10


def test_keeps_search_filters_order_and_size_while_paging(
    tanaka: PortalClient, crowd: list[Account]
) -> None:
    page = text(tanaka, "/list/?q=member&status=never&sort=-name&page_size=25")
    found = re.search(r'rel="next" href="([^"]+)"', page)
    assert found
    link = found[1].replace("&amp;", "&")
    for part in ("q=member", "status=never", "sort=-name", "page=2"):
        assert part in link
    assert not set(listed(tanaka, link.split("?")[1])) & set(
        listed(tanaka, "q=member&status=never&sort=-name")
    )


@pytest.mark.parametrize(
    "query",
    [
        "role=x",
        "role=99999",
        "type=boss",
        "status=gone",
        "sort=password",
        "sort=account.password",
        "page=-1",
        "page=1e9",
        "page_size=7",
        "page_size=1000000",
        "q=%00",
        "q=" + "x" * 3000,
        "give=x",
        "give=999999",
        "_flt_0_account=1",
        "role=1&role=1",
    ],
)
def test_reads_nonsense_as_nothing(tanaka: PortalClient, query: str) -> None:
    text(tanaka, f"/list/?{query}")


def test_offers_only_roles_of_this_organization_as_filters(
    tanaka: PortalClient, cast: Cast
) -> None:
    """S0-01."""
    foreign = factories.role(cast.minato, "Harbour", "billing_viewer")
    page = text(tanaka, f"/list/?role={foreign.id}")
    assert "Harbour" not in page
    assert len(NAMES.findall(page)) == 3, "a role that is not offered narrows nothing"


def test_does_not_mix_what_different_readers_asked_for(
    tanaka: PortalClient, crowd: list[Account], cast: Cast, as_: As
) -> None:
    """Eight threads, eight filters, each gets its own rows every time."""
    night = crowd[2].memberships[0].roles[1].id
    queries = [
        "type=power",
        "type=general&page_size=50",
        "status=suspended",
        "status=active",
        "status=never&sort=-name",
        f"role={night}",
        "q=Member1",
        "sort=-joined_at",
    ]
    expected = {query: listed(tanaka, query) for query in queries}
    assert len({tuple(names) for names in expected.values()}) == len(queries)
    browsers = {query: as_(cast.tanaka) for query in queries}
    db.session.commit()
    seen: dict[str, list[list[str]]] = {}

    def look(query: str) -> None:
        pages = [
            browsers[query].get(f"{BASE}/list/?{query}").get_data(as_text=True) for _ in range(6)
        ]
        seen[query] = [NAMES.findall(page) for page in pages]

    threads = [
        threading.Thread(target=lambda query=query: Context().run(look, query)) for query in queries
    ]  # type: ignore[misc]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {query: [expected[query]] * 6 for query in queries}
