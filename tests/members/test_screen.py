"""The list of members: who and what it shows. It …"""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from app.extensions import db
from app.models import Account
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, NAMES, As, Statements, built_in, listed, text

# the list


def test_lists_the_members_of_this_organization_only(tanaka: PortalClient, cast: Cast) -> None:
    """S0-01, S2-04."""
    assert set(listed(tanaka)) == {"田中 太郎", "鈴木 一郎", "John Smith"}
    assert "山田" not in text(tanaka, "/list/")


def test_says_so_where_somebody_has_no_role(cast: Cast, as_: As) -> None:
    """An empty cell would say nothing."""
    cast.suzuki.language = "en"
    page = as_(cast.suzuki).get("/o/aozora/members/list/").get_data(as_text=True)
    assert page.count("No roles") == 3
    cast.membership(cast.smith).roles.append(factories.role(cast.aozora, "Night shift"))
    assert (
        as_(cast.suzuki).get("/o/aozora/members/list/").get_data(as_text=True).count("No roles")
        == 2
    )


def test_has_the_columns_of_the_document(tanaka: PortalClient) -> None:
    """S0-03; the last sign-in is hidden from whoever did not tick it (T2-113)."""
    heads = re.findall(r'<th [^>]*scope="col"[^>]*>(.*?)</th>', text(tanaka, "/list/"))
    assert [re.sub(r"<[^>]+>", "", head).strip() for head in heads] == [
        "",
        "Name",
        "E-mail address",
        "Type",
        "Roles",
        "Joined",
        "Last access",
        "Last sign-in",
        "State",
        "Actions",
    ]


def test_says_never_before_the_first_access(tanaka: PortalClient, cast: Cast) -> None:
    """S0-03."""
    [row] = re.findall(
        r"<tr[^>]*>(?:(?!</tr>).)*John Smith(?:(?!</tr>).)*</tr>", text(tanaka, "/list/")
    )
    assert "<span class=faint>never</span>" in row
    assert "Never signed in" in row


def test_links_the_name_to_the_member_s_page(tanaka: PortalClient, cast: Cast) -> None:
    """S0-04, S2-10."""
    link = re.search(r'<a href="([^"]+)"[^>]*>John Smith</a>', text(tanaka, "/list/"))
    assert link
    assert urljoin(f"{BASE}/list/", link[1]) == f"{BASE}/show/{cast.membership(cast.smith).id}"
    assert "smith@example.com" in text(tanaka, link[1].removeprefix(".."))


def test_leads_to_new_invitations(tanaka: PortalClient) -> None:
    """S0-05."""
    assert 'href="/o/aozora/invites/add"' in text(tanaka, "/list/")


def test_marks_power_users_alone(tanaka: PortalClient) -> None:
    """S0-12."""
    page = text(tanaka, "/list/")
    assert page.count("class=power") == 1
    assert page.count("<td>General") == 2


def test_speaks_japanese(cast: Cast, as_: As) -> None:
    """Names with their reading; the words of the house."""
    page = text(as_(cast.suzuki), "/list/")
    assert '<html lang="ja"' in page
    for words in ("田中 太郎", "たなか たろう", "Smith John", "スミス ジョン", "メンバー"):
        assert words in page


def test_costs_few_statements_however_many_rows(
    tanaka: PortalClient, crowd: list[Account], cast: Cast, statements: Statements
) -> None:
    """25 and 100 rows alike."""
    for number in range(60):
        factories.membership(factories.account(f"more{number:02}"), cast.aozora).roles = [
            built_in("editor")
        ]
    db.session.commit()
    costs = {}
    for size, rows in ((25, 25), (100, 100)):
        path = f"{BASE}/list/?page_size={size}&status=active&status=never&status=suspended"
        tanaka.get(path)
        statements()
        assert len(NAMES.findall(tanaka.get(path).get_data(as_text=True))) == rows
        costs[size] = len(statements())
    assert costs[25] == costs[100]
    assert costs[100] <= 8


def test_escapes_what_people_call_themselves(tanaka: PortalClient, cast: Cast) -> None:
    cast.smith.family_name = "<script>alert(1)</script>"
    factories.role(cast.aozora, "<b>Bold</b>", "user_viewer")
    smith = cast.membership(cast.smith).id
    for path in ("/list/", f"/show/{smith}", f"/edit/{smith}", f"/delete/{smith}"):
        page = text(tanaka, path)
        assert "<script>alert" not in page
        assert "<b>Bold" not in page


# tabs


@pytest.mark.parametrize(
    ("who", "invitations"), [("tanaka", True), ("suzuki", False), ("root", True)]
)
def test_puts_invitations_beside_for_those_who_may_see_them(
    cast: Cast, as_: As, who: str, invitations: bool
) -> None:
    """S3-08."""
    page = text(as_(getattr(cast, who)), "/list/")
    tabs = re.search(r'<ul class="nav nav-tabs">(.*?)</ul>', page)
    assert bool(tabs) is invitations
    if tabs:
        assert re.findall(r'(?:aria-current="page" )?href="([^"]+)"', tabs[1]) == [
            f"{BASE}/list/",
            "/o/aozora/invites/list/",
            "/o/aozora/bindings/list/",
        ]
        assert tabs[1].index('aria-current="page"') < tabs[1].index("/invites/")
