"""The list of organizations, an organization's page, the switcher. It …"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.extensions import db
from app.models import Account
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
LIST = "/organizations/list/"


def text(browser: PortalClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def top_bar(browser: PortalClient, path: str) -> str:
    page = text(browser, path)
    return page[page.index("<header") : page.index("</header>")]


def test_lists_every_organization_with_its_members(cast: Cast, as_: As) -> None:
    """S4-02."""
    page = text(as_(cast.root), LIST)
    for words in (
        "株式会社あおぞら",
        "みなと設計事務所",
        '<a href="/o/aozora/"><code>aozora</code></a>',
        '<td data-label="Members">4</td>',
        '<td data-label="Members">1</td>',
    ):
        assert words in page


def test_shows_an_organizations_settings_in_words(cast: Cast, as_: As) -> None:
    root = as_(cast.root)
    page = text(root, f"/organizations/show/{cast.aozora.id}")
    for words in (
        "Aozora Inc.",
        "Japanese",
        "Mixed characters",
        "A link by mail",
        "Off",
        "21 Nov 2026",
        "/o/aozora/",
    ):
        assert words in page
    cast.root.language = "ja_JP"
    page = text(root, f"/organizations/show/{cast.aozora.id}")
    for words in ("株式会社あおぞら", "日本語", "2026年11月21日"):
        assert words in page
    assert "Mixed characters" not in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("aozo", True),
        ("AOZORA INC", True),
        ("あおぞら", True),
        ("minato", False),
        ("%", False),
        ("_", False),
    ],
)
def test_finds_by_either_name_or_the_code(cast: Cast, as_: As, words: str, found: bool) -> None:
    page = text(as_(cast.root), f"{LIST}?q={words}")
    assert ("<code>aozora</code>" in page) is found


@pytest.mark.parametrize("column", ["name", "code", "created_at"])
def test_sorts_in_both_directions(cast: Cast, as_: As, column: str) -> None:
    factories.organization("zebra", "Zebra").created_at = factories.NOW.replace(year=2027)
    first, last = (text(as_(cast.root), f"{LIST}?sort={sort}") for sort in (f"-{column}", column))
    assert (first.index("<code>zebra</code>") < first.index("<code>aozora</code>")) is (
        column != "name"
    )
    assert first.index("<code>zebra</code>") != last.index("<code>zebra</code>")


@pytest.mark.parametrize(
    "query",
    [
        "sort=password_policy",
        "sort=members",
        "page=x",
        "page=99",
        "page_size=7",
        "q=%00",
        "_flt_0_name=x",
    ],
)
def test_reads_nonsense_as_nothing(cast: Cast, as_: As, query: str) -> None:
    text(as_(cast.root), f"{LIST}?{query}")


@pytest.mark.parametrize("pk", ["0", "abc", "999999", "-1", "99999999999999999999"])
def test_is_404_for_what_does_not_exist(cast: Cast, as_: As, pk: str) -> None:
    root = as_(cast.root)
    for page in ("show", "edit", "delete"):
        assert root.get(f"/organizations/{page}/{pk}").status_code == 404


@pytest.mark.parametrize("who", ["tanaka", "suzuki", "yamada", "newcomer"])
def test_is_the_platform_administrators_alone(cast: Cast, as_: As, who: str) -> None:
    """S4-02."""
    browser = as_(getattr(cast, who))
    for path in (
        LIST,
        f"/organizations/show/{cast.aozora.id}",
        f"/organizations/edit/{cast.aozora.id}",
    ):
        answer = browser.get(path)
        assert answer.status_code in {403, 404}
        assert "みなと設計事務所" not in answer.get_data(as_text=True) or who == "yamada"
    assert LIST not in browser.get("/", follow_redirects=True).get_data(as_text=True)


def test_offers_the_readers_organizations_to_switch_between(cast: Cast, as_: As) -> None:
    """S0-08, S2-01: every organization one belongs to, and no other, in the reader's language."""
    factories.membership(cast.smith, cast.minato)
    bar = top_bar(as_(cast.smith), "/o/aozora/")
    assert 'href="/o/aozora/" aria-current="true"' in bar
    assert 'href="/o/minato/"' in bar
    assert "Minato Design" in bar
    assert "minato" not in top_bar(as_(cast.tanaka), "/o/aozora/")
    cast.smith.language = "ja_JP"
    assert "みなと設計事務所" in top_bar(as_(cast.smith), "/o/aozora/")


def test_leaves_out_of_the_switcher_what_cannot_be_entered_now(cast: Cast, as_: As) -> None:
    """D-3: where one is suspended."""
    factories.membership(cast.sato, cast.minato)
    browser = as_(cast.sato)
    bar = top_bar(browser, "/o/minato/")
    assert 'href="/o/aozora/"' not in bar
    assert browser.get("/").location == "/o/minato/"


def test_lets_the_platform_administrator_into_every_organization(cast: Cast, as_: As) -> None:
    """S4-02: without belonging to it; its home says in which capacity."""
    root = as_(cast.root)
    for code in ("aozora", "minato"):
        assert "You are here as platform administrator" in text(root, f"/o/{code}/")
        for page in (
            "members/list/",
            "invites/list/",
            "roles/list/",
            "activity/list/",
            "settings/",
        ):
            assert root.get(f"/o/{code}/{page}").status_code == 200
    assert root.get("/o/nowhere/").status_code == 404


def test_costs_few_statements_however_many_organizations(
    cast: Cast, as_: As, statements: Callable[[], list[str]]
) -> None:
    for number in range(60):
        row = factories.organization(f"org-{number}")
        factories.membership(cast.newcomer, row)
    db.session.commit()
    root = as_(cast.root)
    text(root, LIST)
    statements()
    text(root, f"{LIST}?page_size=100")
    assert len(statements()) <= 8
