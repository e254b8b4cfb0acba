"""What signing in leads to: a session of its own, and the page that was asked for. It …"""

from __future__ import annotations

import re

import pytest

from tests import factories
from tests.cast import Cast
from tests.portal_client import TOKEN
from tests.sign_in.conftest import As, Enter, Fresh


def test_starts_a_new_session_with_a_new_key(cast: Cast, browser: Fresh, enter: Enter) -> None:
    """Nothing of before survives a sign-in: no key that somebody else may have planted, no session
    that somebody else may hold.
    """
    here = browser()
    enter("smith", here=here)
    token = TOKEN.search(here.get("/password/change/").get_data(as_text=True))
    assert token
    with here.session_transaction() as cookie:
        first = dict(cookie)
        assert "csrf_token" in first
    here.post(
        "/login/",
        data={"login_id": "smith", "password": factories.PASSWORD, "csrf_token": token[1]},
    )
    with here.session_transaction() as cookie:
        second = dict(cookie)
        assert second["_user_id"] != first["_user_id"]
        assert second.get("csrf_token") != first.get("csrf_token")
    thief = browser()
    with thief.session_transaction() as cookie:
        cookie.update(first)
    assert thief.get("/o/aozora/").status_code == 302
    assert here.get("/o/aozora/").status_code == 200


def test_takes_no_key_that_was_there_before(cast: Cast, browser: Fresh, enter: Enter) -> None:
    here = browser()
    with here.session_transaction() as cookie:
        cookie["_user_id"], cookie["planted"] = "planted", "x"
    enter("smith", here=here)
    with here.session_transaction() as cookie:
        assert cookie["_user_id"] != "planted"
        assert "planted" not in cookie


def test_leads_a_signed_in_browser_past_the_page(cast: Cast, as_: As) -> None:
    browser = as_(cast.smith)
    assert browser.get("/login/").location == "/"
    assert browser.get("/login/?next=/o/aozora/members/list/").location == "/o/aozora/members/list/"
    assert browser.get("/login/?next=https://evil.example/").location == "/"


def test_leads_to_the_page_that_was_asked_for(cast: Cast, browser: Fresh) -> None:
    here = browser()
    asked = here.get("/o/aozora/members/list/?q=%E4%BD%90&page=2")
    page = here.get(asked.location).get_data(as_text=True)
    found = re.search(r'name="next"[^>]*value="([^"]*)"', page)
    assert found
    answer = here.submit(
        "/login/",
        {
            "login_id": "tanaka",
            "password": factories.PASSWORD,
            "next": found[1].replace("&amp;", "&"),
        },
    )
    assert answer.location == "/o/aozora/members/list/?q=%E4%BD%90&page=2"


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "/%09/evil.example",
        "/%5Cevil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        " //evil.example",
        "/%2F/evil.example",
        "evil.example",
        "///evil.example",
        "/.//evil.example/..//\n//evil",
    ],
)
def test_never_leads_off_the_site(cast: Cast, browser: Fresh, enter: Enter, path: str) -> None:
    here = browser()
    assert (
        "evil"
        not in (
            here.get("/login/", query_string={"next": path})
            .get_data(as_text=True)
            .split('name="next"', 1)[1]
            .split(">", 1)[0]
        )
    )
    answer = enter("smith", here=here, next=path)
    assert answer.location in {"/", None} or (
        answer.location.startswith("/") and not re.match(r"/[/\\]", answer.location)
    )
    assert here.submit("/logout/", {"next": path}, page="/password/change/").location.startswith(
        "/login/"
    )
