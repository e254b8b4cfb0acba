"""The page of a list's saved views, and the way to it. It …"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.conftest import PortalClient
from tests.saved_views.conftest import LIST, PAGE, As, Keep, page_with

FORM = "Save the list as it is now"


def text(browser: PortalClient, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_leads_to_the_list_looked_at_so(cast: Cast, as_: As, keep: Keep) -> None:
    """B-07: what it keeps stands below its name, in words."""
    keep("Power, off", "q=sa%26to&type=power&two_factor=off&sort=-last_access_at&page_size=50")
    keep("Elsewhere", screen="InviteView")
    keep("Theirs", where=cast.minato)
    browser = as_(cast.tanaka)
    page = text(browser, PAGE)
    assert (
        f'href="{LIST}?q=sa%26to&amp;type=power&amp;two_factor=off&amp;sort=-last_access_at&amp;page_size=50"'
        in page
    )
    assert (
        "Search: sa&amp;to · Type: Power · 2-step: Off · Sorted by Last access, descending · 50"
        " rows to a page" in page
    )
    assert "Elsewhere" not in page
    assert "Theirs" not in page
    assert text(browser, f"{LIST}?two_factor=off&type=power")


def test_says_it_in_japanese_to_readers_of_japanese(cast: Cast, as_: As, keep: Keep) -> None:
    keep("一般", "type=general&two_factor=off&page_size=50")
    cast.tanaka.language = "ja_JP"
    page = text(as_(cast.tanaka), PAGE)
    assert "種別：一般 · 2段階認証：オフ · 50件ずつ表示" in page
    assert "Type" not in page.split("<main", 1)[1]


def test_leaves_out_what_no_longer_exists(cast: Cast, as_: As, keep: Keep) -> None:
    keep("Old", "role=999&two_factor=off&sort=gone")
    assert '<small class="faint d-block">2-step: Off</small>' in text(as_(cast.tanaka), PAGE)


def test_says_whom_and_which_days_a_view_of_the_log_is_about(
    cast: Cast, as_: As, keep: Keep
) -> None:
    cast.tanaka.language = "ja_JP"
    browser = as_(cast.tanaka)
    browser.submit(
        f"/o/aozora/members/suspension/{cast.membership(cast.smith).id}", {"reason": "x"}
    )
    keep("Smith", f"about={cast.smith.id}&from=2026-11-01&group=members", screen="ActivityView")
    page = text(browser, "/o/aozora/views/ActivityView")
    assert "開始日：2026-11-01" in page
    assert "：Smith John ·" in page


def test_offers_to_save_what_is_looked_at(cast: Cast, as_: As) -> None:
    page = text(as_(cast.tanaka), page_with("q=sato&type=power&page=3&evil=1"))
    assert FORM in page
    assert "Search: sato · Type: Power" in page
    assert 'name="query" type="hidden" value="q=sato&amp;type=power"' in page
    assert f'action="{PAGE}"' in page, "in a dialog the form still knows where it belongs"


@pytest.mark.parametrize("query", ["", "page=2", "nonsense=1"])
def test_offers_nothing_while_the_list_is_as_usual(cast: Cast, as_: As, query: str) -> None:
    page = text(as_(cast.tanaka), page_with(query))
    assert FORM not in page
    assert "To save one, search, filter or sort the list first." in page


def test_marks_the_one_that_is_looked_at(cast: Cast, as_: As, keep: Keep) -> None:
    keep("Off", "two_factor=off")
    keep("On", "two_factor=on")
    page = text(as_(cast.tanaka), page_with("two_factor=off"))
    assert page.count('aria-current="true">Off</a>') == 1
    assert 'aria-current="true">On</a>' not in page


def test_shows_names_as_text(cast: Cast, as_: As, keep: Keep) -> None:
    keep('<img src=x onerror="a">', "q=%3Cscript%3E")
    page = text(as_(cast.tanaka), PAGE)
    assert "<img src=x" not in page
    assert "<script>" not in page.split("<main", 1)[1].split("</main>", 1)[0]


def test_shows_readers_of_the_list_what_there_is_and_no_button(
    cast: Cast, as_: As, keep: Keep
) -> None:
    keep("Off", "two_factor=off")
    cast.suzuki.language = "en"
    page = text(as_(cast.suzuki), page_with("q=x"))
    assert ">Off</a>" in page
    assert FORM not in page
    assert "delete-view" not in page


def test_is_refused_to_those_who_may_not_open_the_list(cast: Cast, as_: As, keep: Keep) -> None:
    """Whoever may not see members learns nothing of how they are looked at."""
    keep("Off")
    text(as_(cast.smith), PAGE, 403)
    text(as_(cast.sato), PAGE, 403)
    text(as_(cast.suzuki), "/o/aozora/views/ActivityView", 403)
    text(as_(cast.suzuki), "/o/aozora/views/InviteView", 403)


def test_is_not_there_for_outsiders(cast: Cast, as_: As) -> None:
    """S4-09."""
    text(as_(cast.yamada), PAGE, 404)
    text(as_(cast.newcomer), PAGE, 404)


def test_sends_strangers_to_sign_in(cast: Cast, client: PortalClient) -> None:
    assert client.get(PAGE).location.startswith("/login/")


@pytest.mark.parametrize(
    "query", ["%", "a" * 9000, "q=%ff%fe", "q=" + "x" * 300, ";;;===&&&", "status=active" * 500]
)
def test_no_query_breaks_it(cast: Cast, as_: As, query: str) -> None:
    text(as_(cast.tanaka), page_with(query))


@pytest.mark.parametrize("feature", ["members", "invites", "roles", "activity"])
def test_is_reached_from_every_list_of_the_organization(cast: Cast, as_: As, feature: str) -> None:
    """From one narrowed to nothing too."""
    screen = {
        "members": "MemberView",
        "invites": "InviteView",
        "roles": "MemberRoleView",
        "activity": "ActivityView",
    }[feature]
    page = text(as_(cast.tanaka), f"/o/aozora/{feature}/list/?q=nobody+is+called+so")
    assert f'href="/o/aozora/views/{screen}?query=q%3Dnobody%2Bis%2Bcalled%2Bso" data-modal' in page
    assert text(as_(cast.tanaka), f"/o/aozora/views/{screen}")


@pytest.mark.parametrize("path", ["/organizations/list/", "/accounts/list/", "/outbox/list/"])
def test_is_not_offered_by_lists_of_the_platform(cast: Cast, as_: As, path: str) -> None:
    assert "/views/" not in text(as_(cast.root), path)


def test_costs_a_bounded_number_of_statements(
    cast: Cast, as_: As, keep: Keep, statements: Callable[[], list[str]]
) -> None:
    for number in range(40):
        keep(f"View {number}", "role=1&two_factor=off&type=power")
    browser = as_(cast.tanaka)
    browser.get(PAGE)
    statements()
    browser.get(PAGE)
    assert len(statements()) <= 6
