"""The platform administrator's list of accounts, as shown (S2-03…S2-08). It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.extensions import db
from tests import factories
from tests.accounts.conftest import As
from tests.cast import Cast
from tests.conftest import PortalClient, Statements

ALL = "status=active&status=never&status=suspended"
STATEMENTS = 8


def rows(browser: PortalClient, query: str = "") -> list[str]:
    """The login IDs of the rows, in order."""
    answer = browser.get(f"/accounts/list/?{query}")
    assert answer.status_code == 200
    return re.findall(r'<code class="[^"]*" title="([^"]*)">', answer.get_data(as_text=True))


def cells(browser: PortalClient, login_id: str, query: str = "") -> dict[str, str]:
    """What the row of a login ID shows, by column."""
    page = browser.get(f"/accounts/list/?{ALL}&{query}").get_data(as_text=True)
    row = next(one for one in page.split("<tr") if f'title="{login_id}"' in one)
    return {
        label: " ".join(re.sub(r"<[^>]+>", " ", cell).split())
        for label, cell in re.findall(r'<td data-label="([^"]*)">(.*?)</td>', row, re.S)
    }


def test_stands_in_the_menu_of_the_platform_administrator_alone(cast: Cast, as_: As) -> None:
    """S2-01, S2-03."""
    assert 'href="/accounts/list/"' in as_(cast.root).get("/profile/").get_data(as_text=True)
    for who in (cast.tanaka, cast.suzuki, cast.yamada, cast.newcomer):
        assert 'href="/accounts/list/"' not in as_(who).get("/profile/").get_data(as_text=True)


def test_is_closed_to_everybody_else(cast: Cast, as_: As, client: PortalClient) -> None:
    for path in ("/accounts/list/", f"/accounts/show/{cast.smith.id}"):
        for who in (cast.tanaka, cast.suzuki, cast.yamada, cast.newcomer):
            assert as_(who).get(path).status_code == 403
        assert client.get(path).location.startswith("/login/")


def test_lists_everybody_of_every_organization_and_of_none_but_hides_the_suspended_until_asked(
    root: PortalClient, cast: Cast, now: datetime
) -> None:
    """S2-04, S2-06."""
    cast.smith.suspended_at = now
    assert sorted(rows(root)) == ["newcomer", "root", "sato", "suzuki", "tanaka", "yamada"]
    assert rows(root, "status=suspended") == ["smith"]
    assert len(rows(root, ALL)) == 7


def test_shows_identity_state_organizations_and_latest_sign_in(
    root: PortalClient, cast: Cast, now: datetime
) -> None:
    factories.membership(cast.yamada, cast.aozora)
    cast.yamada.last_sign_in_at, cast.smith.suspended_at, cast.smith.last_sign_in_at = (
        now - timedelta(days=3),
        now,
        now - timedelta(days=1),
    )
    assert cells(root, "yamada") == {
        "E-mail address": "yamada@minato.example",
        "Login ID": "yamada",
        "Organizations": "2",
        "Latest sign-in": "3 days ago",
        "State": "Active",
    }
    assert cells(root, "newcomer")["Organizations"] == "None"
    assert cells(root, "newcomer")["State"] == "Never signed in"
    assert cells(root, "newcomer")["Latest sign-in"] == "never"
    assert cells(root, "smith")["State"] == "Suspended"
    page = root.get("/accounts/list/").get_data(as_text=True)
    assert (
        f'<a class="d-block text-truncate clip" href="/accounts/show/{cast.tanaka.id}" title="田中'
        ' 太郎">' in page
    )
    assert "you · platform administrator" in page


def test_shows_readings_to_readers_of_japanese(root: PortalClient, cast: Cast) -> None:
    cast.root.language = "ja_JP"
    page = root.get("/accounts/list/").get_data(as_text=True)
    assert "たなか たろう" in page
    assert "スミス ジョン" in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("田中", ["tanaka"]),
        ("中太", ["tanaka"]),
        ("たなか", ["tanaka"]),
        ("タナカ", ["tanaka"]),
        ("ﾀﾅｶ", ["tanaka"]),
        ("TARO", ["tanaka"]),
        ("ＪＯＨＮ", ["smith"]),
        ("スミス", ["smith"]),
        ("minato.EXAMPLE", ["yamada"]),
        ("YaMa", ["yamada"]),
        ("newc", ["newcomer"]),
        ("clark emma", ["newcomer"]),
        ("100%", []),
        ("_", []),
        ("nobody at all", []),
    ],
)
def test_finds_by_part_of_name_reading_address_and_login_id_however_written(
    root: PortalClient, words: str, found: list[str]
) -> None:
    """S2-05."""
    assert rows(root, f"{ALL}&q={words.replace('%', '%25')}") == found


def test_offers_to_look_among_the_suspended_where_nobody_else_matches(
    root: PortalClient, cast: Cast, now: datetime
) -> None:
    """S2-06: hidden, not lost."""
    cast.smith.suspended_at = now
    page = root.get("/accounts/list/?q=smith").get_data(as_text=True)
    offered = re.search(r'href="/accounts/list/\?([^"]*)">[^\n]*Include suspended', page)
    assert offered
    assert rows(root, offered[1].replace("&amp;", "&")) == ["smith"]
    assert "Include suspended" not in root.get(f"/accounts/list/?q=nobody&{ALL}").get_data(
        as_text=True
    )


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("name", "newcomer", "yamada"),
        ("-name", "yamada", "newcomer"),
        ("email", "newcomer", "yamada"),
        ("login_id", "newcomer", "yamada"),
        ("-login_id", "yamada", "newcomer"),
    ],
)
def test_sorts_by_what_the_heads_offer(
    root: PortalClient, sort: str, first: str, last: str
) -> None:
    """S2-08."""
    found = rows(root, f"sort={sort}")
    assert (found[0], found[-1]) == (first, last)


def test_sorts_by_the_latest_sign_in_with_those_who_never_did_last(
    root: PortalClient, cast: Cast, now: datetime
) -> None:
    cast.tanaka.last_sign_in_at, cast.suzuki.last_sign_in_at = (
        now - timedelta(days=9),
        now - timedelta(days=4),
    )
    db.session.commit()
    assert rows(root, "sort=last_sign_in_at&status=active")[:2] == ["tanaka", "suzuki"]
    assert rows(root, "sort=-last_sign_in_at")[:3] == ["root", "suzuki", "tanaka"]


@pytest.mark.parametrize(
    "sort", ["password", "password_hash", "two_factor", "organizations", "x'--"]
)
def test_sorts_by_nothing_else(root: PortalClient, sort: str) -> None:
    assert rows(root, f"sort={sort}") == rows(root)


def test_offers_25_50_or_100_rows_to_a_page(root: PortalClient) -> None:
    """S2-07, S3-22."""
    for _number in range(60):
        factories.account()
    assert [len(rows(root, f"page_size={size}")) for size in (25, 50, 100, 10**6)] == [
        25,
        50,
        67,
        25,
    ]
    assert len(rows(root, "page=3")) == 17


def test_needs_at_most_eight_statements_however_many_rows(
    root: PortalClient, cast: Cast, statements: Callable[[], Statements]
) -> None:
    for _number in range(100):
        person = factories.account()
        factories.membership(person, cast.aozora)
        factories.membership(person, cast.minato)
    root.get("/accounts/list/")
    needed = []
    for size in (25, 100):
        statements()
        assert len(rows(root, f"page_size={size}")) == size
        needed.append(len(statements()))
    assert needed[0] == needed[1] <= STATEMENTS
