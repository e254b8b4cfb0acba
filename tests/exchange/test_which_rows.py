"""Which members a file holds: a page, everything that matches, the selected. It …"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.access.authorities import Authority
from app.extensions import db
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.exchange.conftest import BASE, EVERYBODY, by_login, everything, log, objects, page, read


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
