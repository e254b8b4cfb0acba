"""The first sign-in of somebody whom an administrator registered. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from app.managed_accounts import registering
from app.models import Account, FirstLogin, Letter
from app.offers.offer import Offer
from app.sign_in import service as security
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

CHOSEN = "Violet-Kettle-92"
OWN = "Amber-Lantern-47"
Letters = Callable[..., list[Letter]]


def register(cast: Cast, now: datetime, *, password: str | None, language: str = "en") -> Account:
    identity: dict[str, Any] = {
        "family_name": "加藤",
        "given_name": "恵",
        "reading": "かとう めぐみ",
        "latin_name": "Megumi Kato",
        "email": "kato@aozora.example",
        "login_id": "kato",
        "language": language,
        "time_zone": "Asia/Tokyo",
    }
    membership = registering.register(
        cast.aozora,
        offer=Offer(),
        password=password,
        by=factories.seat(cast.membership(cast.tanaka)),
        now=now,
        **identity,
    )
    db.session.commit()
    return membership.account


def enter(app: Flask, login_id: str, password: str) -> tuple[PortalClient, str]:
    browser = app.test_client()
    assert isinstance(browser, PortalClient)
    answer = browser.submit("/login/", {"login_id": login_id, "password": password})
    return browser, answer.location or str(answer.status_code)


def test_mails_a_link_to_set_a_password(
    app: Flask, cast: Cast, letters: Letters, now: datetime
) -> None:
    """S2-12, S2-14, D-C4 `link`: the default."""
    register(cast, now, password=None)
    (letter,) = letters(to="kato@aozora.example")
    assert letter.kind == "first_sign_in_link"
    assert "Login ID: kato" in letter.text
    assert "http://localhost/login/" in letter.text
    path = re.search(r"http://localhost(/password/set/\S+)", letter.text)
    assert path
    browser = app.test_client()
    answer = browser.submit(path[1], {"password": OWN})  # type: ignore[attr-defined]
    assert answer.location == "/"
    assert browser.get("/o/aozora/").status_code == 200
    assert enter(app, "kato", OWN)[1] == "/"


@pytest.mark.parametrize("language", ["en", "ja_JP"])
def test_mails_login_id_password_and_address_where_the_organization_wants_it(
    cast: Cast, letters: Letters, now: datetime, language: str
) -> None:
    """S2-12, S2-13, D-C4 `password`: the document's way."""
    cast.aozora.first_login = FirstLogin.PASSWORD
    register(cast, now, password=CHOSEN, language=language)
    (letter,) = letters(to="kato@aozora.example")
    assert letter.kind == "first_sign_in_password"
    for part in (letter.text, letter.html):
        assert "kato" in part
        assert CHOSEN in part
        assert "http://localhost/login/" in part


def test_never_mails_a_password_where_the_organization_sends_links(
    cast: Cast, letters: Letters, now: datetime
) -> None:
    """D-C4"""
    register(cast, now, password=CHOSEN)
    assert all(CHOSEN not in letter.text + letter.html for letter in letters())
    assert [letter.kind for letter in letters(to="kato@aozora.example")] == ["first_sign_in_link"]


@pytest.mark.parametrize("mode", list(FirstLogin))
def test_a_password_that_somebody_else_chose_opens_nothing_but_its_change(
    app: Flask, cast: Cast, now: datetime, mode: FirstLogin
) -> None:
    """S2-14, D-C4"""
    cast.aozora.first_login = mode
    register(cast, now, password=CHOSEN)
    browser, went_to = enter(app, "kato", CHOSEN)
    assert went_to == "/"
    for path in (
        "/",
        "/o/aozora/",
        "/o/aozora/members/list/",
        "/profile/",
        "/invites/",
        "/password/forgot/",
        "/login/",
    ):
        assert browser.get(path).location == "/password/change/", path
    page = browser.get("/password/change/").get_data(as_text=True)
    assert "Your administrator set a temporary password" in page
    same = browser.submit("/password/change/", {"current_password": CHOSEN, "password": CHOSEN})
    assert same.status_code == 422
    assert browser.get("/o/aozora/").location == "/password/change/"
    changed = browser.submit("/password/change/", {"current_password": CHOSEN, "password": OWN})
    assert changed.location == "/"
    assert browser.get("/o/aozora/").status_code == 200
    assert enter(app, "kato", CHOSEN)[1] == "401"
    assert enter(app, "kato", OWN)[1] == "/"


def test_every_endpoint_waits_for_the_change(
    app: Flask, cast: Cast, as_: Callable[[Account], PortalClient], now: datetime
) -> None:
    """D-C4: on every path."""
    cast.tanaka.must_change_password = True
    browser = as_(cast.tanaka)
    token = browser.token("/password/change/")
    may_be_open = {
        "PasswordView.change",
        "SignInView.logout",
        "LanguageView.choose",
        "static",
        "appbuilder.static",
        "health.alive",
        "health.ready",
        "well_known.change_password",
        "well_known.robots",
    }
    for rule in app.url_map.iter_rules():
        if rule.endpoint in may_be_open or rule.rule.endswith("/openapi.json"):
            continue
        path = re.sub(r"<[^>]*>", "1", rule.rule.replace("<organization>", "aozora"))
        method = "GET" if "GET" in (rule.methods or set()) else "POST"
        answer = browser.open(path, method=method, data={"csrf_token": token})
        is_api = path.startswith("/api/v1/")  # where a cookie says nothing
        shut = {(401, None), (405, None)} if is_api else {(302, "/password/change/")}
        assert (answer.status_code, answer.location) in shut, f"{method} {path} was open"


def test_an_unused_password_dies_after_seven_days(cast: Cast, now: datetime) -> None:
    """D-C4, T2-31: whoever knows it is told; whoever guesses learns nothing."""
    register(cast, now, password=CHOSEN)
    last = now + timedelta(days=7)
    assert (
        security.authenticate(
            "kato", CHOSEN, ip="", known={}, now=last - timedelta(seconds=1)
        ).login_id
        == "kato"
    )
    with pytest.raises(security.FirstPasswordOver, match="temporary password has expired"):
        security.authenticate("kato", CHOSEN, ip="", known={}, now=last)
    db.session.commit()
    with pytest.raises(security.WrongCredentials):
        security.authenticate("kato", "Wrong-Kettle-92", ip="", known={}, now=last)


def test_a_password_of_one_s_own_stays(cast: Cast, now: datetime) -> None:
    assert (
        security.authenticate(
            "smith", factories.PASSWORD, ip="", known={}, now=now + timedelta(days=700)
        )
        is cast.smith
    )


def test_a_forgotten_link_helps_after_the_first_one_is_over(
    app: Flask, cast: Cast, letters: Letters, now: datetime
) -> None:
    register(cast, now - timedelta(days=8), password=None)
    app.test_client().submit("/password/forgot/", {"login_id": "kato"})  # type: ignore[attr-defined]
    assert [letter.kind for letter in letters(to="kato@aozora.example")] == [
        "first_sign_in_link",
        "password_forgotten",
    ]
