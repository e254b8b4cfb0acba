"""Members' list and page, row by row of the project-users document (003_) and of the
member-management document (002_). It …
"""

from __future__ import annotations

import pytest

from app.access.authorities import Authority
from app.access.roles import ALL
from app.extensions import db
from app.models import Account, RoleBinding
from tests import factories
from tests.cast import Cast
from tests.journeys.pages import Node, Page
from tests.members.conftest import BASE, As, PortalClient, built_in, is_member, of, offered, text

PROJECTS = [one for one in Authority if one.startswith("project_")]


def page(browser: PortalClient, path: str) -> Page:
    answer = browser.get(BASE + path)
    assert answer.status_code == 200
    return Page(answer.get_data(as_text=True), BASE + path)


def rows(found: Page) -> list[Node]:
    return [row for row in found.root.all("tr") if row.all("td")]


def addresses(browser: PortalClient, query: str) -> list[str]:
    """Who is in the list, by the part of the address before the @."""
    words = (
        word
        for row in rows(page(browser, f"/list/?{query}"))
        for word in row.text.split()
        if "@" in word
    )
    return sorted({word.partition("@")[0] for word in words})


@pytest.fixture
def nishida(cast: Cast) -> Account:
    """Somebody whose name begins with n; everybody else's has none, or has it inside."""
    made = factories.account(
        "nishida", family_name="Nishida", given_name="Ai", email="ai@west.example"
    )
    factories.membership(made, cast.aozora).roles = [built_in("viewer")]
    db.session.commit()
    return made


def test_is_no_management_of_projects_or_teams(cast: Cast, as_: As) -> None:
    """S2-02: authorities over projects can be held, and open nothing here."""
    cast.membership(cast.smith).authorities = frozenset(PROJECTS)
    smith = as_(cast.smith)
    home = smith.get("/o/aozora/").get_data(as_text=True)
    assert len(PROJECTS) == 5
    assert 'href="/o/aozora/members/list/"' not in home
    assert smith.get(f"{BASE}/list/").status_code == 403
    paths = {rule.rule for rule in smith.application.url_map.iter_rules()}
    assert not [path for path in paths if "project" in path or "team" in path]


def test_has_one_search_field_with_a_name_and_a_key(tanaka: PortalClient) -> None:
    """S3-09: found by role, name and the key “/”; it works without script, by Enter."""
    found = page(tanaka, "/list/")
    (form,) = [node for node in found.root.all("form") if node["role"] == "search"]
    (field,) = [node for node in form.all("input") if node["type"] == "search"]
    assert (form["method"], form["action"], field["name"]) == ("get", f"{BASE}/list/", "q")
    assert field["aria-label"] == "Name, reading, e-mail or ID"
    assert [key.text for key in form.all("kbd")] == ["/"]


@pytest.mark.parametrize("words", ["n", "N", "ｎ", "nis", "Ｎｉｓｈ"])
def test_finds_names_by_their_beginning(tanaka: PortalClient, nishida: Account, words: str) -> None:
    """S3-10."""
    assert "ai" in addresses(tanaka, f"q={words}")


def test_takes_one_text_at_a_time(tanaka: PortalClient, nishida: Account) -> None:
    """S3-11: a second text replaces nothing and joins nothing."""
    assert addresses(tanaka, "q=nishida&q=smith") == addresses(tanaka, "q=nishida") == ["ai"]


def test_joins_text_and_role_with_and(tanaka: PortalClient, nishida: Account, cast: Cast) -> None:
    """S3-12, S3-15: role and a beginning of the name."""
    cast.membership(cast.smith).roles = [built_in("viewer")]
    viewer, admin = built_in("viewer").id, built_in("admin").id
    assert addresses(tanaka, f"role={viewer}") == ["ai", "smith"]
    assert addresses(tanaka, f"role={viewer}&q=ni") == ["ai"]
    assert addresses(tanaka, f"role={viewer}&role={admin}&q=nishi") == ["ai"]
    assert addresses(tanaka, f"role={admin}&q=ni") == []


def test_leads_from_the_name_to_information_and_roles(tanaka: PortalClient, cast: Cast) -> None:
    """S3-16: the display name is a link to the page where the role can be updated."""
    link = page(tanaka, "/list/").link("John Smith")
    assert link["href"] == f"../show/{cast.membership(cast.smith).id}"
    shown = page(tanaka, link["href"].removeprefix(".."))
    assert "smith@example.com" in shown.main
    assert shown.button("Viewer")["name"] == "role"


def test_shows_the_address_people_sign_in_with(
    tanaka: PortalClient, cast: Cast, client: PortalClient
) -> None:
    """S3-17."""
    (row,) = [row for row in rows(page(tanaka, "/list/")) if "John Smith" in row.text]
    (address,) = {word for word in row.text.split() if "@" in word}
    assert (
        client.submit("/login/", {"login_id": address, "password": factories.PASSWORD}).location
        == "/"
    )


def test_shows_the_roles_of_this_organization_only(tanaka: PortalClient, cast: Cast) -> None:
    """S3-18: somebody's role elsewhere is nobody's business here."""
    here, there = (
        factories.role(cast.aozora, "Night shift"),
        factories.role(cast.minato, "Chief designer"),
    )
    cast.membership(cast.smith).roles = [here]
    factories.membership(cast.smith, cast.minato).roles = [there]
    db.session.commit()
    (row,) = [row for row in rows(page(tanaka, "/list/")) if "John Smith" in row.text]
    assert "Night shift" in row.text
    assert "Chief designer" not in page(tanaka, "/list/").text


def test_says_who_has_verified_their_access(
    tanaka: PortalClient, cast: Cast, client: PortalClient
) -> None:
    """S3-19: “never signed in” until the first sign-in, in the list; whether the address is
    verified, on the member's page.
    """
    cast.smith.email_verified_at = None
    pk = cast.membership(cast.smith).id
    assert "Never signed in" in next(
        row.text for row in rows(page(tanaka, "/list/")) if "John Smith" in row.text
    )
    assert "not verified" in page(tanaka, f"/show/{pk}").main
    client.submit("/login/", {"login_id": "smith", "password": factories.PASSWORD})
    client.get("/o/aozora/")
    cast.smith.email_verified_at = factories.NOW
    assert "Never signed in" not in next(
        row.text for row in rows(page(tanaka, "/list/")) if "John Smith" in row.text
    )
    assert "not verified" not in page(tanaka, f"/show/{pk}").main


def test_leaves_name_address_and_id_alone_where_roles_are_edited(
    tanaka: PortalClient, cast: Cast
) -> None:
    """S3-46, D-C3: the form has no such field, and what is sent all the same changes nothing."""
    pk = cast.membership(cast.smith).id
    before = (cast.smith.family_name, cast.smith.given_name, cast.smith.email, cast.smith.login_id)
    names = {
        node["name"] for node in page(tanaka, f"/edit/{pk}").root.all("input", "select", "textarea")
    }
    assert not names & {"family_name", "given_name", "email", "login_id", "id"}
    sent = offered(
        preset="accounting",
        family_name="X",
        given_name="X",
        email="x@example.com",
        login_id="x",
        id="1",
    )
    answer = tanaka.submit(f"{BASE}/edit/{pk}", sent)
    assert answer.status_code == 302
    membership = of(cast.smith)
    assert membership
    assert membership.id == pk
    assert membership.authorities
    assert (
        cast.smith.family_name,
        cast.smith.given_name,
        cast.smith.email,
        cast.smith.login_id,
    ) == before


def test_removes_from_the_member_s_page(tanaka: PortalClient, cast: Cast) -> None:
    """S3-47: the page offers it and asks first; the account stays."""
    shown = page(tanaka, f"/show/{cast.membership(cast.smith).id}")
    asking = shown.link("Remove from the organization…")["href"]
    assert "John Smith" in text(tanaka, asking)
    assert is_member(cast.smith, cast.aozora), "the question alone removes nobody"
    tanaka.submit(asking)
    assert not is_member(cast.smith, cast.aozora)
    assert db.session.get(Account, cast.smith.id)


@pytest.mark.parametrize(
    ("key", "manages"),
    [
        ("organization_user_manager", True),
        ("co_admin", True),
        ("admin", True),
        ("editor", False),
        ("content_viewer", False),
        ("viewer", False),
        ("all", False),
    ],
)
def test_is_managed_by_those_who_manage_members_and_by_nobody_else(
    cast: Cast, as_: As, key: str, manages: bool
) -> None:
    """S4-01, D-C9: one authority, in three built-in roles and in no preset; it adds members and
    gives them roles.
    """
    membership, pk = cast.membership(cast.suzuki), cast.membership(cast.smith).id
    membership.roles, membership.authorities = [built_in(key)], frozenset()
    suzuki, role = as_(cast.suzuki), str(built_in(key).id)
    added = suzuki.submit(
        f"{BASE}/existing", offered(who="newcomer", roles=[role]), page="/profile/"
    )
    given = suzuki.submit(f"{BASE}/give-role/{pk}", {"role": role}, page="/profile/")
    assert added.status_code == given.status_code == (302 if manages else 403)
    now_held = of(cast.smith)
    assert now_held
    asked = db.session.query(RoleBinding).filter_by(account_id=cast.newcomer.id).count()
    assert (asked, bool(now_held.roles)) == (int(manages), manages)
    assert not is_member(cast.newcomer, cast.aozora), "they are asked at their next sign-in"
    assert Authority.MEMBER_MANAGER not in ALL


def test_is_managed_in_the_organization_s_members_tab(
    tanaka: PortalClient, cast: Cast, as_: As
) -> None:
    """S4-04: an entry in the organization's menu, and a tab; closed to those who may not."""
    home = tanaka.get("/o/aozora/").get_data(as_text=True)
    assert f'href="{BASE}/list/"' in home
    (tab,) = [
        node
        for node in page(tanaka, "/list/").root.all("a")
        if node["aria-current"] == "page" and "nav-link" in node["class"]
    ]
    assert (tab.text, tab["href"]) == ("Members", f"{BASE}/list/")
    assert f'href="{BASE}/list/"' not in as_(cast.smith).get("/o/aozora/").get_data(as_text=True)
