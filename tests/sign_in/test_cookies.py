"""Cookies and requests that are not what they seem. It …"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.extensions import db
from app.http.signing import PatientSigner, PortalSerializer
from app.models import Account, AccountSession, Letter
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, build_app, empty, settings_for
from tests.sign_in.conftest import Enter


def cookies(answer: TestResponse) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


@pytest.fixture(scope="module")
def https_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The portal as the world sees it: https, behind a proxy."""
    made = build_app(
        settings_for(
            tmp_path_factory.mktemp("instance"),
            portal_url="https://members.example",
            mail_server="127.0.0.1",
            trusted_proxies=1,
        )
    )
    yield made
    with made.app_context():
        db.engine.dispose()


def test_are_locked_to_this_host_with_https(https_app: Flask) -> None:
    empty(https_app)
    with https_app.app_context():
        people.assemble()
        browser = https_app.test_client()
        assert isinstance(browser, PortalClient)
        base = {"base_url": "https://members.example"}
        page = browser.get("/login/", **base).get_data(as_text=True)
        token = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
        form = {"login_id": "smith", "password": factories.PASSWORD, "csrf_token": token}
        answer = browser.post(
            "/login/", data=form, headers={"Referer": "https://members.example/login/"}, **base
        )
        db.session.remove()
    assert answer.location == "/"
    found = cookies(answer)
    assert set(found) == {"__Host-meibo", "__Host-meibo-known"}
    for line in found.values():
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))
        assert "Domain=" not in line
    assert "Expires" not in found["__Host-meibo"], "the session ends with the browser"
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_are_kept_from_scripts_without_https_too(cast: Cast, enter: Enter) -> None:
    found = cookies(enter("smith"))
    assert set(found) == {"meibo", "meibo-known"}
    for line in found.values():
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))
        assert "Secure" not in line


def test_hold_no_name_and_no_password(cast: Cast, client: PortalClient, enter: Enter) -> None:
    enter("smith", here=client)
    with client.session_transaction() as cookie:
        assert set(cookie) <= {"_user_id", "_fresh", "csrf_token", "locale"}
        assert str(cookie["_user_id"]) not in {str(cast.smith.id), "smith"}


def test_signed_by_another_key_are_nobody_s(
    cast: Cast, client: PortalClient, enter: Enter, app: Flask
) -> None:
    enter("smith", here=client)
    cookie = client.get_cookie("meibo")
    assert cookie is not None
    signed, _dot, signature = cookie.value.rpartition(".")
    other = "a" if signature[0] != "a" else "b"  # the last letters hold bits that do not count
    client.set_cookie("meibo", f"{signed}.{other}{signature[1:]}")
    assert client.get("/o/aozora/").status_code == 302


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "127.0.0.1", ""]
)
def test_no_other_host_is_answered(cast: Cast, client: PortalClient, host: str) -> None:
    for path in ("/login/", "/password/forgot/", "/"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert host == "" or host not in answer.get_data(as_text=True)
    answer = client.post("/password/forgot/", data={"login_id": "smith"}, headers={"Host": host})
    assert answer.status_code == 400


def test_no_other_host_gets_into_a_letter(
    cast: Cast, client: PortalClient, letters: Callable[..., list[Letter]]
) -> None:
    client.submit(
        "/password/forgot/", {"login_id": "smith"}, headers={"X-Forwarded-Host": "evil.example"}
    )
    (letter,) = letters("password_forgotten")
    assert "http://localhost/password/set/" in letter.text
    assert "evil" not in letter.text + letter.html


@pytest.mark.parametrize(
    "path",
    [
        "/login/",
        "/login/code/",
        "/password/forgot/",
        "/password/set/x",
        "/setup/x",
        "/logout/",
        "/lang/en",
    ],
)
def test_no_body_over_2_mb_is_read(cast: Cast, client: PortalClient, path: str) -> None:
    answer = client.post(path, data={"login_id": "x" * (2 * 1024 * 1024 + 1)})
    assert answer.status_code == 413
    assert "2 MB" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path",
    [
        "/login/",
        "/login/code/",
        "/login/code/resend",
        "/password/forgot/",
        "/password/set/x",
        "/password/change/",
        "/setup/x",
        "/setup/x/demo",
        "/logout/",
    ],
)
@pytest.mark.parametrize("token", [None, "", "nonsense", "x" * 5000])
def test_no_form_without_the_page_s_token_is_taken(
    cast: Cast, client: PortalClient, path: str, token: str | None
) -> None:
    data = {"login_id": "smith", "password": factories.PASSWORD} | (
        {} if token is None else {"csrf_token": token}
    )
    answer = client.post(path, data=data)
    assert answer.status_code == 400
    assert "The form has expired" in answer.get_data(as_text=True)
    assert db.session.query(AccountSession).count() == 0


def test_no_token_of_another_browser_is_taken(
    cast: Cast, client: PortalClient, enter: Enter, app: Flask
) -> None:
    other = app.test_client()
    assert isinstance(other, PortalClient)
    client.get("/login/")
    answer = client.post(
        "/login/",
        data={
            "login_id": "smith",
            "password": factories.PASSWORD,
            "csrf_token": other.token("/login/"),
        },
    )
    assert answer.status_code == 422, "T2-36: the page is shown anew"
    assert db.session.query(AccountSession).count() == 0
    assert db.session.query(Account).count() == 7


def test_are_known_after_the_clock_was_set_back() -> None:
    """T2-98: an hour back, and everybody was signed out and every browser new."""
    for hours, is_known in ((1, True), (23, True), (25, False)):

        class Ahead(PatientSigner):
            def get_timestamp(self, hours: int = hours) -> int:
                return super().get_timestamp() + hours * 3600

        signed = PortalSerializer("key", signer=Ahead).dumps("smith")
        read = PortalSerializer("key").loads_unsafe(signed, max_age=60)
        assert read == (is_known, "smith")


def test_are_not_known_for_longer_than_they_live() -> None:
    old = PortalSerializer("key", signer=Behind).dumps("smith")
    assert PortalSerializer("key").loads_unsafe(old, max_age=60) == (False, "smith")


class Behind(PatientSigner):
    """A clock an hour ago."""

    def get_timestamp(self) -> int:
        return super().get_timestamp() - 3600
