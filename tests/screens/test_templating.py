"""Fragments of pages that are drawn once, and what may still differ from page to page. It …"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, url_for
from jinja2 import Template

from app.extensions import db
from app.kernel.cache import MOST
from app.models import Account, MemberType
from app.screens.frame import templating
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
HOME, LIST, ROLES = "/o/aozora/", "/o/aozora/members/list/", "/o/aozora/roles/list/"
NAVBAR = re.compile(r"<header.*?</nav>", re.DOTALL)


@pytest.fixture
def drawing(app: Flask) -> Iterator[tuple[Template, list[str]]]:
    """A template with one fragment, and what that was drawn with."""
    app.cache.clear()  # type: ignore[attr-defined]
    drawn: list[str] = []
    yield (
        app.jinja_env.from_string(
            '{% call fragment("p", of, back=back) %}{{ note(word) or "" }}{{ word }}: {{'
            ' hole("back") }}{% endcall %}',
            {"note": drawn.append},
        ),
        drawn,
    )
    app.cache.clear()  # type: ignore[attr-defined]


def test_draws_a_fragment_once_for_the_same(drawing: tuple[Template, list[str]]) -> None:
    template, drawn = drawing
    assert (
        template.render(of=("a", 1), word="one", back="/")
        == template.render(of=("a", 1), word="other", back="/")
        == "one: /"
    )
    assert drawn == ["one"]


def test_draws_a_fragment_again_for_anything_else(drawing: tuple[Template, list[str]]) -> None:
    template, drawn = drawing
    assert [
        template.render(of=of, word="w", back="/") for of in (("a", 1), ("a", 2), ("b", 1))
    ] == ["w: /"] * 3
    assert drawn == ["w"] * 3


def test_keeps_nothing_that_is_of_none(drawing: tuple[Template, list[str]]) -> None:
    template, _drawn = drawing
    assert [template.render(of=None, word=word, back="/") for word in ("one", "two")] == [
        "one: /",
        "two: /",
    ]


def test_fills_holes_anew_and_escapes_what_it_fills_in(drawing: tuple[Template, list[str]]) -> None:
    template, _drawn = drawing
    assert template.render(of=1, word="w", back='"><b>') == "w: &#34;&gt;&lt;b&gt;"
    assert template.render(of=1, word="w", back="/x?y=1&z") == "w: /x?y=1&amp;z"


def test_leaves_no_hole_open(cast: Cast, as_: As) -> None:
    assert not re.search(r"[\x02\x03]", as_(cast.tanaka).get(LIST).text)


def navbar(page: str) -> str:
    """A page's top bar and navigation, but for its token and way back."""
    return re.sub(r'name="(csrf_token|next)" value="[^"]*"', "", NAVBAR.search(page)[0])  # type: ignore[index]


def test_draws_the_navigation_of_each_reader(cast: Cast, as_: As) -> None:
    seen = {
        who.login_id: navbar(as_(who).get(HOME).text)
        for who in (cast.tanaka, cast.suzuki, cast.tanaka)
    }
    assert "tanaka@aozora.example" in seen["tanaka"]
    assert "suzuki@example.com" in seen["suzuki"]
    assert "tanaka@aozora.example" not in seen["suzuki"]
    assert 'href="/o/aozora/settings/"' in seen["tanaka"]
    assert 'href="/o/aozora/settings/"' not in seen["suzuki"]


def test_draws_the_navigation_anew_for_a_page_a_name_and_a_number(cast: Cast, as_: As) -> None:
    client = as_(cast.tanaka)
    first = navbar(client.get(HOME).text)
    assert navbar(client.get(HOME).text) == first
    assert navbar(client.get(LIST).text) != first
    factories.invite(cast.aozora, "new@example.com", cast.tanaka)
    db.session.commit()
    second = navbar(client.get(HOME).text)
    assert second != first
    cast.tanaka.email = "t@aozora.example"
    assert "t@aozora.example" in navbar(client.get(HOME).text)
    cast.tanaka.last_name, cast.aozora.latin_name = "新田", "Midori Inc."
    third = navbar(client.get(HOME).text)
    assert "新田" in third
    assert "Midori Inc." in third
    assert "Midori Inc." not in second


def test_sends_the_readers_own_token_and_way_back_from_a_kept_navigation(
    cast: Cast, as_: As
) -> None:
    for who in (
        cast.tanaka,
        cast.tanaka,
    ):  # two browsers: the second is shown what was drawn for the first
        client = as_(who)
        page = client.get(f"{LIST}?page_size=50").text
        token, back = re.findall(r'name="(?:csrf_token|next)"\s+value="([^"]+)"', page)[:2]
        answer = client.post("/lang/ja_JP", data={"csrf_token": token, "next": back})
        assert (answer.status_code, answer.location) == (302, f"{LIST}?page_size=50")


def test_draws_what_stands_around_a_list_by_the_readers_rights(cast: Cast, as_: As) -> None:
    cast.suzuki.language = cast.tanaka.language
    assert 'data-bulk="rows"' in as_(cast.tanaka).get(LIST).text
    assert 'data-bulk="rows"' not in as_(cast.suzuki).get(LIST).text
    assert 'data-bulk="rows"' in as_(cast.tanaka).get(LIST).text


def test_draws_what_stands_around_a_list_anew_with_its_length_and_order(
    cast: Cast, as_: As
) -> None:
    client = as_(cast.tanaka)
    before = client.get(LIST).text
    assert 'aria-sort="descending"' not in before
    assert 'aria-sort="descending"' in client.get(f"{LIST}?sort=-name").text
    seen = set()
    for _more in range(3):
        for _one in range(13):
            factories.membership(factories.account(), cast.aozora)
        seen.add(
            re.search(
                r'class="pages small quiet">\s*<span role="status">([^<]+)', client.get(LIST).text
            )[1]
        )  # type: ignore[index]
    assert len(seen) == 3, seen


def test_draws_the_authorities_of_a_member_as_they_are_now(cast: Cast, as_: As) -> None:
    role = factories.role(cast.aozora, "Desk", "user_viewer")
    member = cast.membership(cast.smith)
    member.roles, client, page = [role], as_(cast.tanaka), f"/o/aozora/members/show/{member.id}"
    held = re.compile(r'id="authorities".*?>(\d+) /', re.DOTALL)
    shown = [held.search(client.get(page).text)[1]]  # type: ignore[index]
    role.authorities |= {"activity_viewer"}
    shown.append(held.search(client.get(page).text)[1])  # type: ignore[index]
    role.name = "Counter"
    assert "because: role Counter" in client.get(page).text
    member.type = MemberType.POWER
    shown.append(held.search(client.get(page).text)[1])  # type: ignore[index]
    assert len({*shown}) == 3, shown


def test_draws_the_menu_of_rows_by_the_readers_rights_alone(cast: Cast, as_: As) -> None:
    """Neither of them has verbs for several rows here; what the page was drawn for first makes no
    difference.
    """
    member, client = cast.membership(cast.suzuki), as_(cast.suzuki)
    seen = []
    for more in (set(), {"role_manager"}, set()):
        member.authorities = frozenset({"user_viewer"} | more)
        seen.append('data-verb-name="delete"' in client.get(ROLES).text)
    assert seen == [False, True, False]


def test_keeps_so_many_and_nothing_huge(app: Flask, drawing: tuple[Template, list[str]]) -> None:
    template, drawn = drawing
    for number in range(MOST["fragment"] + 1):
        template.render(of=number, word="w", back="/")
    assert app.cache.count("fragment") == MOST["fragment"]  # type: ignore[attr-defined]
    drawn.clear()
    for _time in range(2):
        template.render(of="huge", word="w" * templating.LONGEST_FRAGMENT, back="/")
    assert len(drawn) == 2


def test_keeps_what_was_drawn_below_a_prefix_for_that_prefix(
    app: Flask, drawing: tuple[Template, list[str]]
) -> None:
    """Icons have addresses, and whoever asks may try to name a prefix."""
    template, drawn = drawing
    for prefix in ("", "//evil.example", ""):
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": prefix}):
            template.render(of=1, word=prefix, back="/")
    assert drawn == ["", "//evil.example"]


def test_lets_templates_have_globals_of_their_own(app: Flask) -> None:
    template = app.jinja_env.from_string("{{ mine }}", {"mine": "yes"})
    assert (template.render(), app.jinja_env.from_string("{{ mine }}").render()) == ("yes", "")


# addresses


def test_builds_an_address_for_each_organization(app: Flask) -> None:
    with app.test_request_context("/o/aozora/members/list/") as context:
        app.preprocess_request()
        assert [url_for("MemberView.show", pk=1), url_for("MemberView.show", pk=2)] == [
            "/o/aozora/members/show/1",
            "/o/aozora/members/show/2",
        ]
        assert (
            url_for("MemberView.show", pk=1, _external=True)
            == "http://localhost/o/aozora/members/show/1"
        )
        assert url_for("MemberView.list", organization="hoshizora") == "/o/hoshizora/members/list/"
        assert context.request.endpoint == "MemberView.list"
    with app.test_request_context("/o/hoshizora/members/list/"):
        app.preprocess_request()
        assert url_for("MemberView.show", pk=1) == "/o/hoshizora/members/show/1"


def test_builds_an_address_below_a_prefix(app: Flask) -> None:
    for prefix in ("", "/portal", ""):
        with app.test_request_context("/login/", environ_overrides={"SCRIPT_NAME": prefix}):
            assert url_for("SignInView.login") == f"{prefix}/login/"


def test_takes_true_for_another_value_than_one(app: Flask) -> None:
    with app.test_request_context("/"):
        assert [url_for("SignInView.login", a=1), url_for("SignInView.login", a=True)] == [
            "/login/?a=1",
            "/login/?a=True",
        ]
        assert url_for("SignInView.login", a=["x", "y"]) == "/login/?a=x&a=y"


def test_forgets_addresses_rather_than_grow_without_end(app: Flask) -> None:
    with app.test_request_context("/"):
        for number in range(9_000):
            url_for("SignInView.login", number=number)
        assert app.cache.count("address") <= 4_096  # type: ignore[attr-defined]
        before = app.cache.count("address")  # type: ignore[attr-defined]
        assert url_for("SignInView.login", next="/" + "x" * 64) == "/login/?next=/" + "x" * 64
    assert app.cache.count("address") == before, "what strangers write is not kept"  # type: ignore[attr-defined]
