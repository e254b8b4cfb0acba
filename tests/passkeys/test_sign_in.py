"""Signing in with a passkey, at the doors: without a password, and after it. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Account, AccountSession, Activity, Letter, LoginCode
from app.passkeys import authentication
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.passkeys.authenticator import Device

As = Callable[[Account], PortalClient]
Devices = Callable[..., Device]
ALONE, STEP = "/login/passkey/", "/login/passkey/step"


def ask(client: PortalClient, path: str = "/login/passkey/ask") -> Any:
    return client.post(path, headers={"X-CSRFToken": client.token()}).get_json()


def newest(who: Account) -> AccountSession | None:
    db.session.expire_all()
    return db.session.scalars(
        select(AccountSession)
        .where(AccountSession.account_id == who.id)
        .order_by(AccountSession.id.desc())
    ).first()


def enter(client: PortalClient, device: Device, **more: str) -> Any:
    return client.submit(ALONE, {"answer": device.get(ask(client)), **more}, page="/login/")


def waiting(client: PortalClient, who: Account) -> PortalClient:
    answer = client.submit(
        "/login/", {"login_id": who.login_id, "password": factories.PASSWORD, "next": "/o/aozora/"}
    )
    assert answer.location == "/login/code/"
    return client


def test_opens_a_session_that_counts_as_two_factors(
    cast: Cast, client: PortalClient, device_of: Devices
) -> None:
    """ASVS 6.3.3, 7.2.4: no password was typed; the cookie has another key than before."""
    device = device_of(cast.smith)
    answer = enter(client, device, next="/o/aozora/")
    assert answer.location == "/o/aozora/"
    row = newest(cast.smith)
    assert row
    assert row.method == "passkey"
    assert client.get("/profile/").status_code == 200
    with client.session_transaction() as cookie:
        assert "passkey" not in cookie
    line = db.session.query(Activity).filter_by(event="signed_in").one()
    assert (line.subject_id, line.details["two_factor"]) == (cast.smith.id, True)


@pytest.mark.parametrize("next_path", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_leads_nowhere_else(
    cast: Cast, client: PortalClient, device_of: Devices, next_path: str
) -> None:
    assert enter(client, device_of(cast.smith), next=next_path).location == "/"


def test_tells_of_a_browser_that_was_not_seen_before(
    cast: Cast, app: Flask, device_of: Devices, letters: Callable[..., list[Letter]]
) -> None:
    """ASVS 6.3.5"""
    device, cast.smith.last_sign_in_at = device_of(cast.smith), factories.NOW
    browser: Any = app.test_client()
    for _time in range(2):
        enter(browser, device)
        browser.submit("/logout/", page="/profile/")
    assert len(letters("new_sign_in")) == 1


def test_refuses_suspended_accounts_and_members_with_the_reason(
    cast: Cast, app: Flask, device_of: Devices, now: datetime
) -> None:
    """D-3: only after the passkey showed who it is."""
    for who, words in (
        (cast.sato, "Your access is suspended. Ask the administrators of"),
        (cast.smith, "Your account is suspended"),
    ):
        device = device_of(who)
        cast.smith.suspended_at = now
        browser: Any = app.test_client()
        page = unescape(
            browser.submit(
                ALONE, {"answer": device.get(ask(browser))}, page="/login/", follow_redirects=True
            ).get_data(as_text=True)
        )
        assert words in page
        assert newest(who) is None
    failures = [
        line.details["failure"]
        for line in db.session.query(Activity).filter_by(event="sign_in_failed")
    ]
    assert failures == ["suspended", "suspended"]


def test_leads_to_a_new_password_where_another_person_chose_it(
    cast: Cast, client: PortalClient, device_of: Devices
) -> None:
    """D-C4"""
    device, cast.smith.must_change_password = device_of(cast.smith), True
    enter(client, device)
    assert client.get("/profile/").location == "/password/change/"


def test_says_that_an_answer_was_refused_and_opens_nothing(
    cast: Cast, client: PortalClient, device_of: Devices
) -> None:
    device = device_of(cast.smith)
    answer = device.get(ask(client))
    assert enter(client, device, answer="{}").location == "/login/"
    page = unescape(client.get("/login/").get_data(as_text=True))
    assert "This passkey was not accepted." in page
    assert client.submit(ALONE, {"answer": answer}, page="/login/").location == "/login/"
    assert client.submit(ALONE, {"answer": "x" * 100_000}, page="/login/").location == "/login/"
    assert client.post(ALONE, data={"answer": answer}).status_code == 400, (
        "without the page's token"
    )
    assert newest(cast.smith) is None


def test_stops_an_address_that_asks_too_often(
    cast: Cast, client: PortalClient, device_of: Devices
) -> None:
    """ASVS 6.3.1: sign-ins that succeed do not count."""
    device = device_of(cast.smith)
    for _time in range(3):
        authentication.SIGN_INS_FROM.hit("127.0.0.1")
    enter(client, device)
    client.submit("/logout/", page="/profile/")
    for _time in range(97):
        authentication.SIGN_INS_FROM.hit("127.0.0.1")
    for _time in range(2):
        answer = client.post("/login/passkey/ask", headers={"X-CSRFToken": client.token()})
    assert answer.status_code == 429
    assert db.session.query(Activity).filter_by(event="sign_in_throttled").count() == 1
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.get_json()["message"].startswith("Too many tries.")


def test_is_asked_for_after_the_password_and_takes_the_second_step(
    cast: Cast, client: PortalClient, device_of: Devices
) -> None:
    """ASVS 6.3.3: whoever has a passkey is asked for it, or for what stands in for it."""
    device = device_of(cast.smith, Device(verifies=False))
    waiting(client, cast.smith)
    page = unescape(client.get("/login/code/").get_data(as_text=True))
    assert "Use your passkey" in page
    assert "/static/js/passkeys.js" in page
    answer = client.submit(
        STEP, {"answer": device.get(ask(client, f"{STEP}/ask"))}, page="/login/code/"
    )
    assert answer.location == "/o/aozora/"
    row = newest(cast.smith)
    assert row
    assert row.method == "passkey"


def test_takes_five_wrong_answers_as_second_step(
    cast: Cast, client: PortalClient, device_of: Devices
) -> None:
    """ASVS 6.3.1, D-4: tries are shared by all methods; then the password is asked for again."""
    device, other = device_of(cast.smith), device_of(cast.tanaka)
    waiting(client, cast.smith)
    for _time in range(5):
        asked = ask(client, f"{STEP}/ask")
        assert (
            client.submit(STEP, {"answer": other.get(asked)}, page="/login/code/").location
            == "/login/code/?by=passkey"
        )
    assert client.get("/login/code/").location == "/login/"
    assert client.post(f"{STEP}/ask", headers={"X-CSRFToken": client.token()}).status_code == 410
    assert client.submit(STEP, {"answer": device.get(asked)}, page="/login/").location == "/login/"
    assert newest(cast.smith) is None


def test_takes_no_second_step_from_a_browser_that_did_not_give_the_password(
    cast: Cast, app: Flask, device_of: Devices
) -> None:
    device = device_of(cast.smith)
    first: Any = app.test_client()
    stranger: Any = app.test_client()
    waiting(first, cast.smith)
    asked = ask(first, f"{STEP}/ask")
    assert (
        stranger.submit(STEP, {"answer": device.get(asked)}, page="/login/").location == "/login/"
    )
    assert ask(stranger, f"{STEP}/ask")["message"].startswith("This code no longer works.")
    assert newest(cast.smith) is None
    db.session.expire_all()
    assert db.session.scalars(select(LoginCode)).one().tries_left == 5
