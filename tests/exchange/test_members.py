"""The list of members as a file: what it holds, which rows, the menu that offers it. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import update

from app.access.authorities import CATALOGUE, Authority
from app.access.roles import BUILT_IN
from app.exchange.columns import MEMBERS
from app.extensions import db
from app.models import AccountSession
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.exchange.conftest import BASE, As, by_login, everything, log, objects, page, read, role

EVERYBODY = "status=active&status=never&status=suspended"


@pytest.fixture
def crowd(cast: Cast, now: datetime) -> None:
    """60 more members: every third signed in, every fourth suspended."""
    for number in range(60):
        account = factories.account(
            f"m{number:02}", family_name=f"Member{number:02}", given_name=""
        )
        account.last_sign_in_at = now if number % 3 == 0 else None
        factories.membership(
            account,
            cast.aozora,
            joined_at=now - timedelta(days=number),
            suspended_at=now if number % 4 == 0 else None,
        )
    db.session.commit()


# what it holds


def test_holds_raw_values(tanaka: PortalClient, cast: Cast, now: datetime) -> None:
    """S3-25, B-03: type, roles, state, joined, last access, 2-step, not their labels."""
    cast.tanaka.language, cast.tanaka.two_factor, cast.tanaka.last_sign_in_at = "ja_JP", True, now
    cast.aozora.two_factor_required = True
    db.session.execute(update(AccountSession).values(method="mail"))
    smith = cast.membership(cast.smith)
    smith.roles, smith.authorities, smith.invited_by = (
        [role("viewer"), role("editor")],
        frozenset({"billing_viewer"}),
        cast.tanaka,
    )
    db.session.commit()
    rows = by_login(page(tanaka))
    assert list(rows["tanaka"]) == [column.key for column in MEMBERS]
    assert rows["tanaka"] | {
        "effective_authorities": "",
        "last_access_at": "",
        "last_sign_in_at": "",
    } == {
        "id": str(cast.membership(cast.tanaka).id),
        "account_id": str(cast.tanaka.id),
        "login_id": "tanaka",
        "email": "tanaka@aozora.example",
        "family_name": "田中",
        "given_name": "太郎",
        "reading": "たなか たろう",
        "latin_name": "Taro Tanaka",
        "language": "ja_JP",
        "type": "power",
        "roles": "",
        "authorities": "",
        "effective_authorities": "",
        "state": "active",
        "suspended_at": "",
        "suspended_reason": "",
        "joined_at": "2026-11-21T01:00:00Z",
        "invited_by": "",
        "last_access_at": "",
        "last_sign_in_at": "",
        "two_factor": "true",
        "two_factor_required": "true",
        "managed": "false",
    }
    assert rows["smith"]["roles"] == "Viewer; Editor"
    assert rows["smith"]["authorities"] == "billing_viewer"
    assert (
        rows["smith"]["state"],
        rows["smith"]["invited_by"],
        rows["smith"]["last_access_at"],
    ) == ("never", "tanaka@aozora.example", "")
    assert rows["tanaka"]["last_access_at"].endswith("Z")
    assert datetime.fromisoformat(rows["tanaka"]["last_access_at"]) >= now - timedelta(minutes=1)


def test_holds_the_effective_authorities(tanaka: PortalClient, cast: Cast, now: datetime) -> None:
    """B-03, D-C8: all of a power user's, the union of the others', none of the suspended."""
    membership = cast.membership(cast.smith)
    membership.roles, membership.authorities = [role("viewer")], frozenset({"billing_viewer"})
    cast.membership(cast.sato).authorities = frozenset({"billing_viewer"})
    cast.membership(cast.suzuki).account.suspended_at = now
    db.session.commit()
    rows = by_login(page(tanaka, EVERYBODY))
    assert rows["tanaka"]["effective_authorities"].split(" ") == sorted(CATALOGUE)
    assert rows["smith"]["effective_authorities"].split(" ") == sorted(
        {"billing_viewer", *BUILT_IN["viewer"].authorities}
    )
    for who in ("sato", "suzuki"):
        assert (rows[who]["effective_authorities"], rows[who]["state"]) == ("", "suspended")
    assert rows["sato"]["authorities"] == "billing_viewer"
    assert (rows["sato"]["suspended_at"], rows["sato"]["suspended_reason"]) == (
        "2026-11-21T01:00:00Z",
        "On leave",
    )


def test_holds_the_same_in_json(tanaka: PortalClient, cast: Cast) -> None:
    """S3-23: lists as lists, nothing as null."""
    cast.membership(cast.smith).roles = [role("viewer")]
    db.session.commit()
    answer = page(tanaka, "format=json")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    rows = {row["login_id"]: row for row in objects(answer)}
    assert list(rows["smith"]) == [column.key for column in MEMBERS]
    assert rows["smith"]["roles"] == ["Viewer"]
    assert rows["smith"]["effective_authorities"] == sorted(BUILT_IN["viewer"].authorities)
    assert rows["smith"]["two_factor"] is False
    assert rows["smith"]["last_access_at"] is None


def test_is_a_download_that_excel_opens(tanaka: PortalClient) -> None:
    """B-04, S3-23."""
    answer = page(tanaka)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r"attachment; filename=aozora-members-\d{4}-\d\d-\d\d\.csv",
        answer.headers["Content-Disposition"],
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"\xef\xbb\xbfid,account_id,login_id,")
    assert answer.data.count(b"\r\n") == 4


def test_keeps_formulas_from_being_calculated(tanaka: PortalClient, cast: Cast) -> None:
    """B-46: in CSV; JSON is never calculated."""
    cast.smith.family_name, cast.smith.reading = '=HYPERLINK("https://x.example","Smith")', "＋81"
    db.session.commit()
    row = by_login(page(tanaka))["smith"]
    assert (row["family_name"], row["reading"]) == (
        '\'=HYPERLINK("https://x.example","Smith")',
        "'＋81",
    )
    assert next(one for one in objects(page(tanaka, "format=json")) if one["login_id"] == "smith")[
        "family_name"
    ].startswith("=HYPERLINK")


# which rows


def test_holds_the_page_that_is_shown(tanaka: PortalClient, crowd: None) -> None:
    """S3-24: 25, 50 or at most 100 rows, and the pager for more."""
    query = f"{EVERYBODY}&q=member"
    assert [row["login_id"] for row in read(page(tanaka, query))] == [
        f"m{number:02}" for number in range(25)
    ]
    assert [row["login_id"] for row in read(page(tanaka, f"{query}&page=3"))] == [
        f"m{number:02}" for number in range(50, 60)
    ]
    assert len(read(page(tanaka, f"{query}&page_size=100"))) == 60
    assert len(read(page(tanaka, f"{query}&page_size=1000000"))) == 25


def test_holds_everything_that_matches(tanaka: PortalClient, crowd: None) -> None:
    """B-02: all pages, in the order of the list."""
    rows = read(everything(tanaka, f"{EVERYBODY}&q=member&page=2&sort=-name"))
    assert [row["login_id"] for row in rows] == [f"m{number:02}" for number in range(59, -1, -1)]


@pytest.mark.parametrize("get", [page, everything])
def test_respects_search_and_filters(
    tanaka: PortalClient, cast: Cast, crowd: None, get: Callable[..., object]
) -> None:
    """B-02: the same filters as the view; the suspended only where they are asked for."""
    assert set(by_login(get(tanaka, "type=power"))) == {"tanaka"}  # type: ignore[arg-type]
    assert set(by_login(get(tanaka, "q=佐藤"))) == set()  # type: ignore[arg-type]
    assert set(by_login(get(tanaka, "q=佐藤&status=suspended"))) == {"sato"}  # type: ignore[arg-type]
    assert set(by_login(get(tanaka, "q=member0&status=active"))) == {"m03", "m06", "m09"}  # type: ignore[arg-type]


def test_holds_no_other_organization_s_members(tanaka: PortalClient, cast: Cast) -> None:
    """S0-01."""
    assert "yamada" not in by_login(everything(tanaka, EVERYBODY))
    assert set(by_login(everything(tanaka, EVERYBODY))) == {"tanaka", "suzuki", "smith", "sato"}


def test_tells_a_membership_from_the_same_account_s_other_one(
    tanaka: PortalClient, cast: Cast
) -> None:
    factories.membership(
        cast.smith, cast.minato, authorities=[Authority.BILLING_VIEWER], power=True
    )
    db.session.commit()
    assert by_login(everything(tanaka))["smith"]["effective_authorities"] == ""


@pytest.mark.parametrize(
    "query",
    ["format=xlsx", "page=-1", "sort=password", "role=x", "q=%00", "status=gone", "scope=all"],
)
def test_reads_nonsense_as_nothing(tanaka: PortalClient, query: str) -> None:
    assert len(read(page(tanaka, query))) == 3
    assert len(read(everything(tanaka, query))) == 3


def test_is_a_head_without_rows_where_nothing_matches(tanaka: PortalClient) -> None:
    assert read(everything(tanaka, "q=nobody")) == []
    assert objects(everything(tanaka, "q=nobody", "json")) == []


def test_holds_the_selected_rows(tanaka: PortalClient, cast: Cast) -> None:
    """B-06: in the order they were sent, nobody of another organization; the log names them."""
    ids = [cast.membership(who).id for who in (cast.smith, cast.yamada, cast.tanaka)]
    answer = tanaka.submit(
        f"{BASE}/export?q=nobody",
        {"selected": "json", "rowid": [str(one) for one in ids]},
        page="/profile/",
    )
    assert [row["login_id"] for row in objects(answer)] == ["smith", "tanaka"]
    assert log()[0].details == {"rows": 2, "format": "json", "filter": f"id={ids[0]},{ids[2]}"}


def test_holds_all_that_match_where_that_is_ticked(
    tanaka: PortalClient, cast: Cast, crowd: None
) -> None:
    """B-06."""
    data = {"selected": "csv", "rowid": str(cast.membership(cast.tanaka).id), "all": "1"}
    assert (
        len(read(tanaka.submit(f"{BASE}/export?q=member&status=never", data, page="/profile/")))
        == 30
    )


def test_says_so_when_nothing_was_selected(tanaka: PortalClient, cast: Cast) -> None:
    for rowid in ("", "x", str(cast.membership(cast.yamada).id)):
        answer = tanaka.submit(
            f"{BASE}/export",
            {"selected": "csv", "rowid": rowid},
            page="/profile/",
            follow_redirects=True,
        )
        assert "Nothing was selected." in answer.get_data(as_text=True)
    assert log() == []


# the menu


def test_offers_the_page_and_everything_with_the_filters_kept(
    tanaka: PortalClient, crowd: None
) -> None:
    """S3-23."""
    html = tanaka.get(
        f"{BASE}/list/?q=member&status=never&page=2&sort=-name&filter=export"
    ).get_data(as_text=True)
    menu = html[html.index('class="dropdown export"') :]
    links = [
        urlsplit(one.replace("&amp;", "&"))
        for one in re.findall(r'href="([^"]+/export[^"]*)"', menu)
    ]
    assert [parse_qs(link.query) for link in links] == [
        {"q": ["member"], "status": ["never"], "sort": ["-name"], "page": ["2"], "format": [form]}
        for form in ("csv", "csv-cp932", "json")
    ]
    assert all(tanaka.get(f"{link.path}?{link.query}").status_code == 200 for link in links)
    found = re.search(r'<form[^>]* method="post" action="([^"]+)"', menu)
    assert found
    assert parse_qs(urlsplit(found[1].replace("&amp;", "&")).query) == {
        "q": ["member"],
        "status": ["never"],
        "sort": ["-name"],
    }
    assert "All 30 that match" in menu


def test_offers_the_selected_rows(tanaka: PortalClient, cast: Cast) -> None:
    """B-06."""
    html = tanaka.get(f"{BASE}/list/?q=smith").get_data(as_text=True)
    assert re.findall(
        rf'form="rows-MemberView"\s+formaction="{BASE}/export\?q=smith[^"]*"\s+name="selected"'
        r'\s+value="([\w-]+)"',
        html,
    ) == ["csv", "csv-cp932", "json"]


def test_offers_a_viewer_the_page_only(cast: Cast, as_: As) -> None:
    html = as_(cast.suzuki).get(f"{BASE}/list/?filter=export").get_data(as_text=True)
    assert f'{BASE}/export?format=csv"' in html
    assert not re.search(r'action="[^"]*/export', html)


def test_offers_nothing_where_there_is_nothing(tanaka: PortalClient) -> None:
    assert "/export" not in tanaka.get(f"{BASE}/list/?q=nobody").get_data(as_text=True)
