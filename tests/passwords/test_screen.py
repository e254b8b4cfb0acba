"""The pages of passwords. They …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.extensions import db
from app.models import Account, Letter, LinkPurpose
from app.passwords import links
from app.passwords.hashing import verify_password
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.portal_client import TOKEN

NEW = "Violet-Kettle-92"
As = Callable[[Account], PortalClient]
Letters = Callable[..., list[Letter]]


def words(answer_text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer_text.split("<main", 1)[-1]))


def link_to(account: Account, now: datetime) -> str:
    token = links.new_link(account, LinkPurpose.FORGOTTEN, now=now)
    db.session.commit()
    return f"/password/set/{token}"


@pytest.mark.parametrize("who", ["smith", "nobody", "kurz"])
def test_answer_alike_whether_or_not_there_is_an_account(
    cast: Cast, client: PortalClient, now: datetime, who: str
) -> None:
    factories.account("kurz", suspended_at=now)
    answer = client.submit("/password/forgot/", {"login_id": who})
    assert answer.location == "/login/"
    assert "If that belongs to an account, a link is on its way" in client.get("/login/").get_data(
        as_text=True
    )


def test_say_what_is_missing(cast: Cast, client: PortalClient) -> None:
    answer = client.submit("/password/forgot/", {"login_id": " "})
    assert answer.status_code == 422
    assert "Enter your login ID or e-mail address." in answer.get_data(as_text=True)


def test_say_when_links_were_asked_for_too_often(cast: Cast, client: PortalClient) -> None:
    for _ in range(5):
        client.submit("/password/forgot/", {"login_id": "smith"})
    answer = client.submit("/password/forgot/", {"login_id": "smith"})
    assert answer.status_code == 429
    assert "Too many links were asked for. Wait" in answer.get_data(as_text=True)


def test_lead_from_the_letter_into_the_portal(
    cast: Cast, client: PortalClient, letters: Letters
) -> None:
    client.submit("/password/forgot/", {"login_id": "smith"})
    found = re.search(r"http://localhost(/password/set/\S+)", letters("password_forgotten")[0].text)
    assert found
    page = client.get(found[1])
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert client.submit(found[1], {"password": NEW}).location == "/"
    assert client.get("/o/aozora/").status_code == 200


def test_a_look_at_the_link_does_not_use_it_up(
    cast: Cast, client: PortalClient, now: datetime
) -> None:
    path = link_to(cast.smith, now)
    for _ in range(3):
        assert client.get(path).status_code == 200
    assert client.submit(path, {"password": NEW}).location == "/"


@pytest.mark.parametrize(
    "password", ["short", "", "Violet-Kettle-92\x00", "x" * 1500, "Smith-2026!"]
)
def test_keep_a_bad_password_out_and_say_why(
    cast: Cast, client: PortalClient, now: datetime, password: str
) -> None:
    """S2-15…S2-18"""
    path = link_to(cast.smith, now)
    answer = client.submit(path, {"password": password})
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.get_data(as_text=True)
    assert not password or password not in answer.get_data(as_text=True)
    token = TOKEN.search(answer.get_data(as_text=True))
    assert token
    assert client.post(path, data={"password": NEW, "csrf_token": token[1]}).location == "/"


def test_offer_a_new_link_where_one_is_over(
    cast: Cast, client: PortalClient, now: datetime
) -> None:
    path = link_to(cast.smith, now - timedelta(hours=2))
    for answer in (
        client.get(path),
        client.submit(path, {"password": NEW}, page="/login/"),
        client.get("/password/set/nonsense"),
    ):
        assert answer.status_code == 410
        assert 'href="/password/forgot/"' in answer.get_data(as_text=True)


def test_a_link_is_no_way_round_the_code(cast: Cast, client: PortalClient, now: datetime) -> None:
    """S2-30, D-4"""
    cast.smith.two_factor = True
    path = link_to(cast.smith, now)
    assert client.submit(path, {"password": NEW}).location == "/login/code/"
    assert client.get("/o/aozora/").location.startswith("/login/")


def test_a_link_lets_nobody_in_who_is_suspended_everywhere(
    cast: Cast, client: PortalClient, now: datetime
) -> None:
    path = link_to(cast.sato, now)
    assert client.submit(path, {"password": NEW}).location == "/login/"
    assert "Your access is suspended. Ask the administrators of" in client.get("/login/").get_data(
        as_text=True
    )
    assert client.get("/o/aozora/").status_code == 302


def test_a_link_ends_the_sessions_of_other_browsers(
    cast: Cast, client: PortalClient, as_: As, now: datetime
) -> None:
    """D-C1"""
    stranger = as_(cast.smith)
    client.submit(link_to(cast.smith, now), {"password": NEW})
    assert stranger.get("/o/aozora/").status_code == 302
    assert client.get("/o/aozora/").status_code == 200


def test_a_change_keeps_this_browser_and_ends_the_others(cast: Cast, as_: As) -> None:
    """D-C1"""
    here, elsewhere = as_(cast.smith), as_(cast.smith)
    answer = here.submit(
        "/password/change/", {"current_password": factories.PASSWORD, "password": NEW}
    )
    assert answer.location == "/profile/"
    assert here.get("/o/aozora/").status_code == 200
    assert elsewhere.get("/o/aozora/").status_code == 302


@pytest.mark.parametrize(
    ("current", "new", "sentence"),
    [
        ("wrong", NEW, "That is not your current password."),
        (factories.PASSWORD, factories.PASSWORD, "That is the password you have now."),
        (factories.PASSWORD, "short", "The password needs:"),
        ("", NEW, "Enter your current password."),
        (factories.PASSWORD, "", "Enter a new password."),
    ],
)
def test_a_change_says_at_its_field_what_is_wrong(
    cast: Cast, as_: As, current: str, new: str, sentence: str
) -> None:
    answer = as_(cast.smith).submit(
        "/password/change/", {"current_password": current, "password": new}
    )
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    db.session.expire_all()
    assert verify_password(cast.smith.password_hash, factories.PASSWORD)


def test_guesses_at_the_current_password_end(cast: Cast, as_: As) -> None:
    browser = as_(cast.smith)
    for _ in range(10):
        browser.submit("/password/change/", {"current_password": "wrong", "password": NEW})
    answer = browser.submit(
        "/password/change/", {"current_password": factories.PASSWORD, "password": NEW}
    )
    assert answer.status_code == 429
    assert "Too many tries. Wait" in answer.get_data(as_text=True)


def test_strangers_change_nothing(cast: Cast, client: PortalClient) -> None:
    assert client.get("/password/change/").location.startswith("/login/")
    assert client.submit(
        "/password/change/", {"password": NEW}, page="/login/"
    ).location.startswith("/login/")


def test_show_the_rules_in_the_reader_s_language(
    app: Flask, cast: Cast, client: PortalClient, now: datetime
) -> None:
    """S2-15"""
    path = link_to(cast.suzuki, now)
    assert "8 to 255 characters" in words(client.get(path).get_data(as_text=True))
    assert "255文字" in words(
        client.get(path, headers={"Accept-Language": "ja"}).get_data(as_text=True)
    )


def test_show_no_name_to_somebody_without_a_link(cast: Cast, client: PortalClient) -> None:
    assert "Smith" not in client.get("/password/set/nonsense").get_data(as_text=True)
