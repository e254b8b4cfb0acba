"""The roles' list and pages, in both languages. It …"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.access.authorities import CATALOGUE
from app.extensions import db
from app.models import Account, MemberRole
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
LIST = "/o/aozora/roles/list/"


def text(browser: PortalClient, path: str = LIST) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def built_in(key: str) -> MemberRole:
    return db.session.scalars(select(MemberRole).where(MemberRole.key == key)).one()


def test_lists_the_roles_of_the_documents_in_the_readers_language(cast: Cast, as_: As) -> None:
    """S3-01, S4-06…S4-08, S1-14…S1-18."""
    page = text(as_(cast.tanaka))
    for name in (
        "Admin",
        "Co-admin",
        "Asset manager",
        "Viewer",
        "Editor",
        "Organization-User-Manager",
        "View only",
        "Contractor",
        "Accounting",
    ):
        assert f">{name}</a>" in page
    cast.tanaka.language = "ja_JP"
    page = text(as_(cast.tanaka))
    for name in (
        "管理者",
        "共同管理者",
        "アセットマネージャー",
        "閲覧者",
        "閲覧のみ",
        "契約者",
        "経理",
    ):
        assert f">{name}</a>" in page


def test_lists_the_organizations_own_roles_and_nobody_elses(cast: Cast, as_: As) -> None:
    factories.role(cast.aozora, "Ours", "inquiry_user")
    factories.role(cast.minato, "Theirs")
    page = text(as_(cast.tanaka))
    assert "Ours" in page
    assert "Theirs" not in page
    assert "Theirs" in text(as_(cast.yamada), "/o/minato/roles/list/")


def test_counts_authorities_and_the_holders_of_this_organization(cast: Cast, as_: As) -> None:
    viewer = built_in("viewer")
    cast.membership(cast.smith).roles.append(viewer)
    cast.membership(cast.yamada).roles.append(viewer)
    page = text(as_(cast.tanaka), LIST + "?q=viewer&sort=name")
    row = page[page.index(">Viewer</a>") :]
    assert '<td data-label="Members">1</td>' in row[:600]
    assert '<td data-label="Authorities">7</td>' in row[:600]


@pytest.mark.parametrize("words", ["night", "NIGHT", "ｎｉｇｈｔ"])
def test_finds_a_role_by_part_of_its_name(cast: Cast, as_: As, words: str) -> None:
    factories.role(cast.aozora, "Night shift")
    page = text(as_(cast.tanaka), f"{LIST}?q={words}")
    assert "Night shift" in page
    assert ">Co-admin</a>" not in page


def test_finds_a_built_in_role_by_its_name_in_the_readers_language(cast: Cast, as_: As) -> None:
    cast.tanaka.language = "ja_JP"
    page = text(as_(cast.tanaka), f"{LIST}?q=共同")
    assert ">共同管理者</a>" in page
    assert ">閲覧者</a>" not in page


def test_sorts_by_name_in_both_directions(cast: Cast, as_: As) -> None:
    up, down = (text(as_(cast.tanaka), f"{LIST}?sort={sort}") for sort in ("name", "-name"))
    assert up.index(">Accounting</a>") < up.index(">Viewer</a>")
    assert down.index(">Accounting</a>") > down.index(">Viewer</a>")


@pytest.mark.parametrize(
    "query",
    [
        "sort=authorities",
        "sort=key",
        "page=0",
        "page=x",
        "page=99",
        "page_size=13",
        "q=%00",
        "q=%25_",
        "_flt_0_key=x",
    ],
)
def test_reads_nonsense_as_nothing(cast: Cast, as_: As, query: str) -> None:
    text(as_(cast.tanaka), f"{LIST}?{query}")


def test_offers_to_write_only_to_those_who_may(cast: Cast, as_: As) -> None:
    role = factories.role(cast.aozora, "Ours", "inquiry_user")
    for page in (text(as_(cast.tanaka)), text(as_(cast.root))):
        assert "/o/aozora/roles/add" in page
    shown = f"/o/aozora/roles/show/{role.id}"
    assert f"/o/aozora/roles/edit/{role.id}" in text(as_(cast.tanaka), shown)
    assert f"/o/aozora/roles/delete/{role.id}" in text(as_(cast.tanaka), shown)
    for page in (text(as_(cast.suzuki)), text(as_(cast.suzuki), shown)):
        for word in ("/roles/add", "/roles/edit/", "/roles/delete/"):
            assert word not in page


def test_says_why_built_in_roles_cannot_be_changed(cast: Cast, as_: As) -> None:
    page = text(as_(cast.tanaka), f"/o/aozora/roles/show/{built_in('admin').id}")
    assert "Built-in roles cannot be edited or deleted." in page
    assert "/roles/edit/" not in page


def test_shows_what_a_role_allows_with_its_description(cast: Cast, as_: As) -> None:
    page = text(as_(cast.tanaka), f"/o/aozora/roles/show/{built_in('contractor').id}")
    for key in ("contract_manager", "project_viewer", "aws_account_viewer", "inquiry_user"):
        assert str(CATALOGUE[key].name) in page
        assert str(CATALOGUE[key].description) in page
    assert "Billing Viewer" not in page


def test_shows_who_holds_a_role_to_those_who_may_see_members(cast: Cast, as_: As) -> None:
    """S0-02: whoever may make roles but see no members learns how many hold it, not who."""
    viewer = built_in("viewer")
    cast.membership(cast.sato).roles.append(viewer)
    cast.membership(cast.smith).authorities = frozenset({"role_manager"})
    shown = f"/o/aozora/roles/show/{viewer.id}"
    assert f'href="/o/aozora/members/show/{cast.membership(cast.sato).id}"' in text(
        as_(cast.tanaka), shown
    )
    page = text(as_(cast.smith), shown)
    assert "佐藤" not in page
    assert "/members/show/" not in page


def test_locks_what_its_reader_cannot_give(cast: Cast, as_: As) -> None:
    """D-1, S0-16: said beside the boxes; reserved ones can be given, and say what they are."""
    cast.membership(cast.smith).authorities = frozenset({"role_manager", "inquiry_user"})
    page = text(as_(cast.smith), "/o/aozora/roles/add")
    assert 'value="member_manager" id="authorities-member_manager" disabled' in page
    assert 'value="inquiry_user" id="authorities-inquiry_user"' in page
    assert 'id="authorities-inquiry_user" disabled' not in page
    assert "You cannot give the locked ones." in page
    page = text(as_(cast.tanaka), "/o/aozora/roles/add")
    assert " disabled aria-describedby" not in page
    assert page.count("(reserved)</small>") == 2


def test_has_a_menu_entry_with_a_count_for_those_who_may_read_it(cast: Cast, as_: As) -> None:
    factories.role(cast.aozora, "Ours")
    home = text(as_(cast.suzuki), "/o/aozora/")
    assert 'href="/o/aozora/roles/list/"' in home
    assert 'href="/o/aozora/roles/list/"' not in text(as_(cast.smith), "/o/aozora/")


def test_is_refused_to_members_without_the_authority(cast: Cast, as_: As) -> None:
    browser = as_(cast.smith)
    assert browser.get(LIST).status_code == 403
    assert browser.get(f"/o/aozora/roles/show/{built_in('admin').id}").status_code == 403


@pytest.mark.parametrize("pk", ["999999", "abc", "0", "-1", "99999999999999999999"])
def test_is_404_for_what_does_not_exist(cast: Cast, as_: As, pk: str) -> None:
    assert as_(cast.tanaka).get(f"/o/aozora/roles/show/{pk}").status_code == 404


def test_is_404_for_outsiders_and_other_organizations_roles(cast: Cast, as_: As) -> None:
    """S4-09."""
    ours = factories.role(cast.aozora, "Ours")
    assert as_(cast.yamada).get(LIST).status_code == 404
    assert as_(cast.yamada).get(f"/o/aozora/roles/show/{ours.id}").status_code == 404
    assert as_(cast.yamada).get(f"/o/minato/roles/show/{ours.id}").status_code == 404


def test_costs_few_statements_however_many_roles(
    cast: Cast, as_: As, statements: Callable[[], list[str]]
) -> None:
    for number in range(90):
        factories.role(cast.aozora, f"Role {number}", "inquiry_user")
    role = factories.role(cast.aozora, "Popular")
    for number in range(30):
        factories.membership(factories.account(f"crowd{number:02}"), cast.aozora, roles=[role])
    browser = as_(cast.tanaka)
    text(browser)
    for path in (f"{LIST}?page_size=100", f"/o/aozora/roles/show/{role.id}"):
        statements()
        text(browser, path)
        assert len(statements()) <= 8, path
