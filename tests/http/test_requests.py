"""Requests that make no sense, and what every answer carries."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import Context
from dataclasses import replace

import pytest
from flask import Flask

from app.extensions import db
from app.models import Account
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]


def test_another_host_is_refused(client: PortalClient) -> None:
    answer = client.get("/login/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil" not in answer.get_data(as_text=True)


def test_a_body_over_2_mb_is_refused(client: PortalClient) -> None:
    answer = client.post("/login/", data={"login_id": "x" * (2 * 1024 * 1024 + 1)})
    assert answer.status_code == 413
    assert "2 MB" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/here",
        "/o/nowhere/members/list/",
        "/o/aozora/members/show/abc",
        "/o/aozora/members/show/999999",
        "/o/aozora/nothing",
    ],
)
def test_an_unknown_page_is_404_in_words(cast: Cast, as_: As, path: str) -> None:
    answer = as_(cast.tanaka).get(path)
    assert answer.status_code == 404
    assert "404" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "page=abc",
        "page=-1",
        "sort=password",
        "page_size=100000",
        "_flt_0_password=a",
        "role=x",
        "status=%00",
        "psize_MemberView=abc",
        "_oc_MemberView=x",
    ],
)
def test_no_address_parameter_breaks_a_list(cast: Cast, as_: As, query: str) -> None:
    assert as_(cast.tanaka).get(f"/o/aozora/members/list/?{query}").status_code == 200


def test_a_form_without_the_page_s_token_changes_nothing(cast: Cast, as_: As) -> None:
    browser = as_(cast.tanaka)
    answer = browser.post("/lang/ja_JP")
    assert answer.status_code == 400
    db.session.expire_all()
    assert cast.tanaka.language == "en"


def test_the_language_changes_by_post_only(cast: Cast, as_: As) -> None:
    browser = as_(cast.tanaka)
    assert browser.get("/lang/ja_JP").status_code == 405
    assert (
        browser.submit("/lang/ja_JP", {"next": "/profile/"}, page="/profile/").location
        == "/profile/"
    )
    db.session.expire_all()
    assert cast.tanaka.language == "ja_JP"


@pytest.mark.parametrize(
    ("asked", "lang"),
    [("ja", "ja"), ("ja-JP,en;q=0.5", "ja"), ("en-GB", "en"), ("fr", "en"), ("", "en")],
)
def test_a_stranger_is_spoken_to_in_the_browser_s_language(
    client: PortalClient, asked: str, lang: str
) -> None:
    assert f'<html lang="{lang}"' in client.get(
        "/login/", headers={"Accept-Language": asked}
    ).get_data(as_text=True)


def test_every_answer_carries_the_security_headers(client: PortalClient) -> None:
    headers = client.get("/login/").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_files_are_cached_for_long_under_an_address_that_changes_with_them(
    app: Flask, client: PortalClient
) -> None:
    page = client.get("/login/").get_data(as_text=True)
    path = (
        page.split('href="', 1)[1].split('"', 1)[0]
        if 'href="/static' not in page
        else "/static" + page.split('href="/static', 1)[1].split('"', 1)[0]
    )
    assert "?v=" in path
    assert "max-age=31536000" in client.get(path).headers["Cache-Control"]


def test_none_of_fab_s_own_doors_exists(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    for path in (
        "/users/list/",
        "/roles/list/",
        "/resetmypassword/form",
        "/api/v1/security/login",
        "/api/v1/menu/",
        "/back",
        "/registeruser/form",
    ):
        assert path not in rules


def test_it_says_that_it_is_alive_and_fit(client: PortalClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok"}


def test_lists_asked_for_at_the_same_moment_do_not_mix(app: Flask, cast: Cast, as_: As) -> None:
    """Eight threads with different searches each see their own rows only."""
    names = [f"Zz{letter * 6}" for letter in "abcdefgh"]
    for name in names:
        factories.membership(
            factories.account(f"{name.lower()}", family_name=name, given_name=""), cast.aozora
        )
    browsers = {name: as_(cast.tanaka) for name in names}
    seen: dict[str, list[str]] = {}

    def look(name: str) -> None:
        browser = browsers[name]
        pages = [
            browser.get(f"/o/aozora/members/list/?q={name}").get_data(as_text=True)
            for _ in range(10)
        ]
        seen[name] = [
            "".join(other for other in names if f">{other}<" in page.replace("\n", ""))
            for page in pages
        ]

    threads = [
        threading.Thread(target=lambda name=name: Context().run(look, name)) for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {name: [name] * 10 for name in names}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/o/a%00b/members/list/"),
        ("POST", "/invites/%00/accept"),
        ("GET", "/o/aozora/views/%00"),
        ("GET", "/setup/%00"),
    ],
)
def test_a_nul_in_an_address_is_404_on_every_database(
    each_app: Flask, method: str, path: str
) -> None:
    browser = each_app.test_client()
    assert isinstance(browser, PortalClient)
    browser.sign_in(people.assemble().tanaka)
    answer = browser.get(path) if method == "GET" else browser.submit(path, page="/profile/")
    assert answer.status_code == 404


def test_a_page_asks_the_browser_for_passkeys_only(client: PortalClient) -> None:
    """ASVS 3.4.8 and the permissions policy."""
    headers = client.get("/login/").headers
    assert "camera=()" in headers["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Cookie" in headers["Vary"]


def test_signing_out_clears_what_the_browser_kept(cast: Cast, as_: As) -> None:
    """ASVS 14.3.1."""
    assert (
        as_(cast.smith).submit("/logout/", page="/profile/").headers["Clear-Site-Data"] == '"cache"'
    )


def test_every_answer_can_be_found_in_the_log(client: PortalClient) -> None:
    names = [client.get("/login/").headers["X-Request-Id"] for _ in range(2)]
    assert names[0] != names[1]


@pytest.mark.parametrize("host", ["localhost:8080", "localhost:443", "localhost.evil.example"])
def test_another_port_is_refused(client: PortalClient, host: str) -> None:
    """T2-98: links and cookies are made for one address."""
    assert client.get("/login/", headers={"Host": host}).status_code == 400
    assert client.get("/login/", headers={"Host": "localhost:80"}).status_code == 200


def test_an_address_in_ipv6_is_ours(
    app: Flask, client: PortalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T2-04: every request was a 400."""
    settings = replace(app.config["SETTINGS"], portal_url="http://[::1]:8152")
    monkeypatch.setitem(app.config, "PORTAL_ORIGIN", settings.origin)
    assert client.get("/healthz", headers={"Host": "[::1]:8152"}).status_code == 200
    for host in ("[::1]", "[::2]:8152", "[::1]:8153", "localhost:8152"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 400
