"""What every answer tells the browser, page, file, error and machine's answer alike. It …"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.extensions import db
from app.models import Account
from tests import cast as people
from tests.cast import Cast
from tests.conftest import PortalClient, build_app, empty, settings_for

As = Callable[[Account], PortalClient]
BASE: dict[str, Any] = {"base_url": "https://members.example"}
ANSWERS = [
    "/login/",
    "/password/forgot/",
    "/static/css/meibo.css",
    "/static/icons.svg",
    "/static/js/meibo.js",
    "/static/nothing.css",
    "/healthz",
    "/readyz",
    "/nothing",
    "/",
    "/api/v1/me",
    "/api/v1/nothing",
    "/swagger/v1",
    "/o/aozora/members/list/",
]
DIRECTIVES = ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")


@pytest.fixture(scope="module")
def public_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The portal with https."""
    made = build_app(
        settings_for(
            tmp_path_factory.mktemp("instance"),
            portal_url="https://members.example",
            mail_server="127.0.0.1",
        )
    )
    empty(made)
    with made.app_context():
        people.assemble()
        yield made
        db.session.remove()
        db.engine.dispose()


def get(app: Flask, path: str) -> TestResponse:
    return app.test_client().get(path, **BASE)


@pytest.mark.parametrize("path", ANSWERS)
def test_has_the_headers_whatever_is_asked(public_app: Flask, path: str) -> None:
    """ASVS 3.4.1, 3.4.3, 3.4.4, 3.4.5, 3.4.6, 3.5.8: not pages only."""
    headers = get(public_app, path).headers
    age, rest = re.fullmatch(r"max-age=(\d+)(.*)", headers["Strict-Transport-Security"]).groups()  # type: ignore[union-attr]
    assert int(age) >= 365 * 24 * 3600
    assert "includeSubDomains" in rest
    assert all(directive in headers["Content-Security-Policy"] for directive in DIRECTIVES)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ANSWERS)
def test_shares_nothing_with_other_sites(public_app: Flask, path: str) -> None:
    """ASVS 3.4.2, 3.5.2: no CORS at all, so no page elsewhere reads an answer."""
    origin = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for method in ("GET", "OPTIONS"):
        answer = public_app.test_client().open(path, method=method, headers=origin, **BASE)
        assert not [
            name for name, _value in answer.headers if name.lower().startswith("access-control")
        ]


@pytest.mark.parametrize("path", ANSWERS)
def test_says_what_it_is_and_in_which_letters(public_app: Flask, path: str) -> None:
    """ASVS 4.1.1."""
    answer = get(public_app, path)
    kind = answer.headers["Content-Type"].replace('"', "")
    if answer.is_json:
        assert kind.startswith("application/"), "JSON is UTF-8 by its own definition"
        assert kind.endswith("json")
    elif answer.data:
        assert kind.endswith("charset=utf-8")
        answer.data.decode("utf-8")


@pytest.mark.parametrize("path", ["/login/", "/nothing", "/static/nothing.css", "/swagger/v1"])
def test_a_page_shares_its_window_with_nobody(public_app: Flask, path: str) -> None:
    """ASVS 3.4.8."""
    assert get(public_app, path).headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_page_loads_from_here_only_and_runs_nothing_inline(public_app: Flask) -> None:
    """ASVS 3.4.3: an allowlist of one origin."""
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in get(public_app, "/login/").headers["Content-Security-Policy"].split(";")
    )
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["default-src"] == "'none'"
    assert not [
        value for value in policy.values() if "unsafe" in value or "*" in value or "http" in value
    ]


def test_what_a_signed_in_person_sees_is_kept_nowhere(cast: Cast, as_: As) -> None:
    """ASVS 14.2.2, 14.3.2."""
    browser = as_(cast.tanaka)
    for path in (
        "/o/aozora/members/list/",
        "/profile/",
        "/o/aozora/members/export",
        "/o/aozora/nothing",
        "/",
    ):
        answer = browser.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Cookie" in answer.headers["Vary"]


def test_a_file_is_given_to_keep_not_to_show(cast: Cast, as_: As) -> None:
    """ASVS 3.2.1, 5.4.1, 5.4.2, 5.3.2: its name is made here; what the reader asks for does not get
    into it.
    """
    answer = as_(cast.tanaka).get(
        "/o/aozora/members/export?format=csv&filename=evil.html%0d%0aX-Evil:1&q=%0d%0aSet-Cookie:x=1"
    )
    assert re.fullmatch(
        r"attachment; filename=aozora-members-\d{4}-\d\d-\d\d\.csv",
        answer.headers["Content-Disposition"],
    )
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND", "X"])
@pytest.mark.parametrize(
    "path", ["/login/", "/o/aozora/members/list/", "/static/css/meibo.css", "/healthz", "/logout/"]
)
def test_knows_no_method_that_a_page_does_not_have(
    public_app: Flask, method: str, path: str
) -> None:
    """ASVS 4.1.4, 13.4.4."""
    answer = public_app.test_client().open(path, method=method, **BASE)
    assert answer.status_code in {400, 405}
    assert "Allow" in answer.headers or answer.status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.git/HEAD",
        "/.env",
        "/config.py",
        "/static/",
        "/static/css/",
        "/static/../config.py",
        "/static/..%2f..%2fconfig.py",
        "/static/%2e%2e/%2e%2e/config.py",
        "/static/css/..%5c..%5c..%5cconfig.py",
        "/instance/secret_key",
        "/static//etc/passwd",
        "/appbuilder/static/",
        "/server-status",
        "/metrics",
        "/debug",
        "/console",
        "/static/vendor/VENDOR.toml/..",
    ],
)
def test_serves_no_folder_and_nothing_beside_its_own_files(public_app: Flask, path: str) -> None:
    """ASVS 13.4.1, 13.4.3, 13.4.5, 5.3.2."""
    answer = get(public_app, path)
    if answer.status_code == 308:  # two slashes become one
        answer = get(public_app, answer.location.removeprefix("https://members.example"))
    assert answer.status_code == 404
    assert "SECRET_KEY" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "query",
    [
        "next=//evil.example",
        "next=https://evil.example",
        "next=/profile/&next=//evil.example",
        "next=//evil.example&next=/profile/",
    ],
)
def test_leads_nowhere_else(cast: Cast, as_: As, query: str) -> None:
    """ASVS 3.7.2, 15.3.7."""
    assert as_(cast.tanaka).get(f"/login/?{query}").location in {"/", "/profile/"}


def test_does_not_lead_from_http_to_https_by_itself(public_app: Flask) -> None:
    """ASVS 4.1.2: a program that calls without encryption fails, and is not led on; people's pages
    are led on by the proxy.
    """
    answer = public_app.test_client().get(
        "/api/v1/me", base_url="http://members.example", headers={"Authorization": "Bearer x"}
    )
    assert answer.status_code == 401
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/o/aozora/",
        "/o/aozora/members/list/",
        "/o/aozora/settings/",
        "/profile/",
        "/invites/",
        "/",
        "/nothing",
        "/o/minato/members/list/",
    ],
)
def test_every_page_offers_to_sign_out(cast: Cast, as_: As, path: str) -> None:
    """ASVS 7.4.4: errors and refusals, too."""
    assert re.search(
        r'(?:form)?action="/logout/"',
        as_(cast.tanaka).get(path, follow_redirects=True).get_data(as_text=True),
    )
