"""The list of members and a member's page. It …"""
from __future__ import annotations

import re
import threading
from contextvars import Context
from datetime import datetime, timedelta
from urllib.parse import urljoin

import pytest

from app.access.authorities import Authority
from app.extensions import db
from app.models import Account
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, As, Statements, built_in, text

NAMES = re.compile(r'<th scope=row[^>]*>.*?<a href="[^"]*"[^>]*>([^<]*)</a>', re.S)


def listed(client: PortalClient, query: str = "") -> list[str]:
    """The names in the list, in its order."""
    return NAMES.findall(text(client, f"/list/?{query}"))


@pytest.fixture
def crowd(cast: Cast, now: datetime) -> list[Account]:
    """60 more members: every third signed in, every fourth suspended, with roles and readings."""
    roles = [built_in("viewer"), factories.role(cast.aozora, "Night shift", Authority.AGENT_VIEWER)]
    made = []
    for number in range(60):
        email = f"m{number:02}@{'a' if number % 2 else 'b'}.example"
        account = factories.account(f"m{number:02}", family_name=f"Member{number:02}", given_name="", email=email)
        account.last_sign_in_at = now if number % 3 == 0 else None
        factories.membership(
            account, cast.aozora, joined_at=now - timedelta(days=number), last_access_at=now - timedelta(hours=number) if number % 3 == 0 else None,
            suspended_at=now if number % 4 == 0 else None,
        ).roles = roles[: number % 3]
        made.append(account)
    db.session.commit()
    return made


# the list

def test_lists_the_members_of_this_organization_only(tanaka: PortalClient, cast: Cast) -> None:
    """S0-01, S2-04."""
    assert set(listed(tanaka)) == {"田中 太郎", "鈴木 一郎", "John Smith"}
    assert "山田" not in text(tanaka, "/list/")


def test_says_so_where_somebody_has_no_role(cast: Cast, as_: As) -> None:
    """An empty cell would say nothing."""
    page = as_(cast.suzuki).get("/o/aozora/members/list/").get_data(as_text=True)
    assert page.count("No roles") == 3
    cast.membership(cast.smith).roles.append(factories.role(cast.aozora, "Night shift"))
    assert as_(cast.suzuki).get("/o/aozora/members/list/").get_data(as_text=True).count("No roles") == 2


def test_has_the_columns_of_the_document(tanaka: PortalClient) -> None:
    """S0-03."""
    heads = re.findall(r'<th [^>]*scope="col"[^>]*>(.*?)</th>', text(tanaka, "/list/"))
    assert [re.sub(r"<[^>]+>", "", head).strip() for head in heads] == [
        "", "Name", "E-mail address", "Type", "Roles", "Joined", "Last access", "State", "Actions",
    ]


def test_says_never_before_the_first_access(tanaka: PortalClient, cast: Cast) -> None:
    """S0-03."""
    [row] = re.findall(r"<tr>(?:(?!</tr>).)*John Smith(?:(?!</tr>).)*</tr>", text(tanaka, "/list/"))
    assert '<span class="faint">never</span>' in row
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


@pytest.mark.parametrize("words", [
    "sato", "ＳＡＴＯ", "ｓａｔｏ", "サトウ", "ｻﾄｳ", "さとう", "さとうみさき", "佐藤", "佐藤美咲", "佐藤 美咲", "美咲",
    "Misaki", "misaki sato", "sato@example.com", "@example",
])
def test_finds_a_member_however_it_is_written(tanaka: PortalClient, words: str) -> None:
    """S2-05, S3-13, S3-14: part of a name, reading, Latin name, address, domain or login ID."""
    assert "佐藤 美咲" in listed(tanaka, f"q={words}&status=suspended")


@pytest.mark.parametrize("words", ["nobody", "%", "_", "\\", "sato%", "'", "佐藤 太郎"])
def test_finds_nobody_else(tanaka: PortalClient, words: str) -> None:
    """S2-05: signs of the database are letters like others."""
    page = text(tanaka, "/list/?status=suspended&status=active&status=never&q=" + words.replace("%", "%25").replace("\\", "%5C"))
    assert NAMES.findall(page) == []
    assert "Nothing matches" in page
    assert "Clear all" in page


def test_hides_the_suspended_until_they_are_asked_for(tanaka: PortalClient) -> None:
    """S2-06."""
    assert "佐藤 美咲" not in listed(tanaka)
    assert listed(tanaka, "status=suspended") == ["佐藤 美咲"]
    assert len(listed(tanaka, "status=suspended&status=active&status=never")) == 4


def test_counts_a_suspended_account_as_suspended(tanaka: PortalClient, cast: Cast, now: datetime) -> None:
    """D-3: whoever suspended it."""
    cast.smith.suspended_at = now
    assert "John Smith" not in listed(tanaka)
    assert "John Smith" in listed(tanaka, "status=suspended")


def test_narrows_by_role_type_and_state(tanaka: PortalClient, crowd: list[Account], cast: Cast) -> None:
    """S3-12, S3-15: filters and the search hold together; several roles mean any of them."""
    night = crowd[2].memberships[0].roles[1].id
    viewer = built_in("viewer").id
    everybody = "status=active&status=never&status=suspended&page_size=100"
    assert listed(tanaka, f"role={night}&{everybody}") == [f"Member{n:02}" for n in range(60) if n % 3 == 2]
    assert listed(tanaka, f"role={night}&role={viewer}&{everybody}") == [f"Member{n:02}" for n in range(60) if n % 3]
    assert listed(tanaka, "type=power") == ["田中 太郎"]
    assert listed(tanaka, "status=active&page_size=100&q=member") == [f"Member{n:02}" for n in range(60) if n % 3 == 0 and n % 4]
    assert listed(tanaka, f"role={night}&q=a.example&{everybody}") == [f"Member{n:02}" for n in range(60) if n % 3 == 2 and n % 2]


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
    assert order("last_access_at")[: len(seen)] == seen[::-1], "who was never here comes last, either way"
    assert listed(tanaka, "sort=-type")[0] == "田中 太郎"


def test_sorts_japanese_names_by_their_reading(tanaka: PortalClient) -> None:
    """S2-08: さとう, すずき, スミス, たなか."""
    assert listed(tanaka, "status=active&status=never&status=suspended") == ["佐藤 美咲", "鈴木 一郎", "John Smith", "田中 太郎"]


def test_marks_the_sorted_head_and_turns_it_around(tanaka: PortalClient) -> None:
    page = text(tanaka, "/list/?sort=joined_at")
    assert re.search(r'aria-sort="ascending"><a class="sort" href="[^"]*sort=-joined_at', page)


def test_goes_through_pages_of_a_chosen_size(tanaka: PortalClient, crowd: list[Account]) -> None:
    """S2-07, S3-22: 25, 50 or 100."""
    everybody = "q=member&status=active&status=never&status=suspended"
    assert [len(listed(tanaka, f"{everybody}&page_size={size}")) for size in (25, 50, 100)] == [25, 50, 60]
    pages = [listed(tanaka, f"{everybody}&page={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [25, 25, 10]
    assert sorted(name for page in pages for name in page) == [f"Member{n:02}" for n in range(60)], "everybody once"
    assert "26–50 of 60" in text(tanaka, f"/list/?{everybody}&page=2")
    assert len(listed(tanaka, f"{everybody}&page=99")) == 10


def test_keeps_search_filters_order_and_size_while_paging(tanaka: PortalClient, crowd: list[Account]) -> None:
    page = text(tanaka, "/list/?q=member&status=never&sort=-name&page_size=25")
    found = re.search(r'rel="next" href="([^"]+)"', page)
    assert found
    link = found[1].replace("&amp;", "&")
    for part in ("q=member", "status=never", "sort=-name", "page=2"):
        assert part in link
    assert not set(listed(tanaka, link.split("?")[1])) & set(listed(tanaka, "q=member&status=never&sort=-name"))


@pytest.mark.parametrize("query", [
    "role=x", "role=99999", "type=boss", "status=gone", "sort=password", "sort=account.password", "page=-1", "page=1e9", "page_size=7",
    "page_size=1000000", "q=%00", "q=" + "x" * 3000, "give=x", "give=999999", "_flt_0_account=1", "role=1&role=1",
])
def test_reads_nonsense_as_nothing(tanaka: PortalClient, query: str) -> None:
    text(tanaka, f"/list/?{query}")


def test_offers_only_roles_of_this_organization_as_filters(tanaka: PortalClient, cast: Cast) -> None:
    """S0-01."""
    foreign = factories.role(cast.minato, "Harbour", "billing_viewer")
    page = text(tanaka, f"/list/?role={foreign.id}")
    assert "Harbour" not in page
    assert len(NAMES.findall(page)) == 3, "a role that is not offered narrows nothing"


def test_costs_few_statements_however_many_rows(tanaka: PortalClient, crowd: list[Account], cast: Cast, statements: Statements) -> None:
    """25 and 100 rows alike."""
    for number in range(60):
        factories.membership(factories.account(f"more{number:02}"), cast.aozora).roles = [built_in("editor")]
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


def test_does_not_mix_what_different_readers_asked_for(tanaka: PortalClient, crowd: list[Account], cast: Cast, as_: As) -> None:
    """FAB.md F23: eight threads, eight filters, each gets its own rows every time."""
    night = crowd[2].memberships[0].roles[1].id
    queries = [
        "type=power", "type=general&page_size=50", "status=suspended", "status=active", "status=never&sort=-name", f"role={night}", "q=Member1",
        "sort=-joined_at",
    ]
    expected = {query: listed(tanaka, query) for query in queries}
    assert len({tuple(names) for names in expected.values()}) == len(queries)
    browsers = {query: as_(cast.tanaka) for query in queries}
    db.session.commit()
    seen: dict[str, list[list[str]]] = {}

    def look(query: str) -> None:
        pages = [browsers[query].get(f"{BASE}/list/?{query}").get_data(as_text=True) for _ in range(6)]
        seen[query] = [NAMES.findall(page) for page in pages]

    threads = [threading.Thread(target=lambda query=query: Context().run(look, query)) for query in queries]  # type: ignore[misc]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {query: [expected[query]] * 6 for query in queries}


def test_escapes_what_people_call_themselves(tanaka: PortalClient, cast: Cast) -> None:
    cast.smith.family_name = "<script>alert(1)</script>"
    factories.role(cast.aozora, "<b>Bold</b>", "user_viewer")
    smith = cast.membership(cast.smith).id
    for path in ("/list/", f"/show/{smith}", f"/edit/{smith}", f"/delete/{smith}"):
        page = text(tanaka, path)
        assert "<script>alert" not in page
        assert "<b>Bold" not in page


# tabs

@pytest.mark.parametrize(("who", "invitations"), [("tanaka", True), ("suzuki", False), ("root", True)])
def test_puts_invitations_beside_for_those_who_may_see_them(cast: Cast, as_: As, who: str, invitations: bool) -> None:
    """S3-08."""
    page = text(as_(getattr(cast, who)), "/list/")
    tabs = re.search(r'<ul class="nav nav-tabs">(.*?)</ul>', page)
    assert bool(tabs) is invitations
    if tabs:
        assert re.findall(r'(?:aria-current="page" )?href="([^"]+)"', tabs[1]) == [f"{BASE}/list/", "/o/aozora/invites/list/"]
        assert tabs[1].index('aria-current="page"') < tabs[1].index("/invites/")


# one member

def test_shows_everything_about_a_member(tanaka: PortalClient, cast: Cast) -> None:
    """S0-35."""
    membership = cast.membership(cast.sato)
    membership.roles = [built_in("viewer")]
    page = text(tanaka, f"/show/{membership.id}")
    for words in ("佐藤 美咲", "Misaki Sato", "General user", "Viewer", "21 Nov 2026", "On leave"):
        assert words in page
    for words in ("sato@example.com", "<code>sato</code>", "English", "not this organization"):
        assert words in page


def test_says_where_every_authority_comes_from(tanaka: PortalClient, cast: Cast) -> None:
    """D-C8."""
    membership = cast.membership(cast.smith)
    membership.roles, membership.authorities = [built_in("viewer")], frozenset({"billing_viewer", "user_viewer"})
    page = text(tanaka, f"/show/{membership.id}")
    assert "because: role Viewer, and granted singly" in page
    assert "because: role Viewer<" in page
    assert "because: granted singly" in page
    assert "because: power user" in text(tanaka, f"/show/{cast.membership(cast.tanaka).id}")


def test_says_who_invited_the_member(tanaka: PortalClient, cast: Cast) -> None:
    cast.membership(cast.smith).invited_by = cast.suzuki
    assert "invited by 鈴木 一郎" in text(tanaka, f"/show/{cast.membership(cast.smith).id}")


def test_opens_editing_from_the_page(tanaka: PortalClient, cast: Cast) -> None:
    """S0-35, S2-10."""
    smith = cast.membership(cast.smith).id
    page = text(tanaka, f"/show/{smith}")
    assert f'href="{BASE}/edit/{smith}"' in page
    assert f'href="{BASE}/suspension/{smith}"' in page
    assert f'href="{BASE}/delete/{smith}"' in page


def test_says_why_something_cannot_be_done(tanaka: PortalClient, cast: Cast, as_: As, co_admin: Account) -> None:
    """D-1, D-2: the button is locked, with the sentence that the POST would give."""
    own = text(tanaka, f"/show/{cast.membership(cast.tanaka).id}")
    assert "You cannot do this to yourself." in own
    above = text(as_(co_admin), f"/show/{cast.membership(cast.tanaka).id}")
    assert above.count("That goes beyond your own authorities.") >= 3
    assert f"{BASE}/edit/" not in above
    assert f"{BASE}/delete/" not in above
    root = text(as_(cast.root), f"/show/{cast.membership(cast.tanaka).id}")
    assert "The last power user cannot be removed" in root


def test_tells_the_member_s_story_to_those_who_may_see_the_log(tanaka: PortalClient, cast: Cast, as_: As) -> None:
    smith = cast.membership(cast.smith).id
    tanaka.submit(f"{BASE}/edit/{smith}", {"type": "general", "preset": "accounting"})
    assert "changed what" in text(tanaka, f"/show/{smith}")
    assert "changed what" not in text(as_(cast.suzuki), f"/show/{smith}")


def test_costs_few_statements_for_one_member(tanaka: PortalClient, cast: Cast, statements: Statements) -> None:
    path = f"{BASE}/show/{cast.membership(cast.smith).id}"
    tanaka.get(path)
    statements()
    tanaka.get(path)
    assert len(statements()) <= 14
