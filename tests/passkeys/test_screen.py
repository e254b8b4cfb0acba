"""Passkeys on the profile: the list, adding, renaming, removing. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Account, AccountSession, Activity, Letter, Passkey, RecoveryCode
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.passkeys.authenticator import Device

As = Callable[[Account], PortalClient]
Devices = Callable[..., Device]
ADD, ASK = "/profile/passkeys/add", "/profile/passkeys/ask"


def text(client: PortalClient, path: str = "/profile/", **more: Any) -> str:
    return unescape(client.get(path, **more).get_data(as_text=True))


def ask(client: PortalClient, path: str = ASK, page: str = ADD) -> Any:
    return client.post(path, headers={"X-CSRFToken": client.token(page)}).get_json()


def passkeys_of(who: Account) -> list[Passkey]:
    db.session.expire_all()
    return list(
        db.session.scalars(select(Passkey).where(Passkey.account_id == who.id).order_by(Passkey.id))
    )


def outdate(who: Account) -> None:
    """Let the last proof of somebody's session be eleven minutes old."""
    for row in db.session.scalars(
        select(AccountSession).where(AccountSession.account_id == who.id)
    ):
        row.proved_at = datetime.now(UTC) - timedelta(minutes=11)
    db.session.commit()


def test_lists_name_dates_and_whether_it_is_synced(
    cast: Cast, as_: As, device_of: Devices, now: datetime
) -> None:
    device_of(cast.smith, name="Phone <b>")
    device_of(cast.smith, Device(syncs=True), name="Cloud")
    device_of(cast.tanaka, name="Tanaka’s")
    passkeys_of(cast.smith)[1].last_used_at = now - timedelta(minutes=5)
    page = text(as_(cast.smith))
    for words in (
        "Phone <b>",
        "never used",
        "on one device only",
        "Cloud",
        "5 minutes ago",
        "synced between your devices",
    ):
        assert words in page
    assert "Tanaka’s" not in page, "nobody else's"


def test_adds_one_by_the_browser_s_answer(cast: Cast, as_: As) -> None:
    """ASVS 6.3.3"""
    browser = as_(cast.smith)
    assert 'value="Firefox on Linux"' in text(
        browser, ADD, headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
    )
    answer = browser.submit(ADD, {"name": "Phone", "answer": Device().create(ask(browser))})
    assert answer.status_code == 200
    assert "Keep these recovery codes" in text_of(answer), "with the first one"
    answer = browser.submit(ADD, {"name": "Key", "answer": Device().create(ask(browser))})
    assert answer.location == "/profile/"
    assert [one.name for one in passkeys_of(cast.smith)] == ["Phone", "Key"]
    assert "Key" in text(browser)


def test_opens_what_asks_for_2_step_verification_at_once(cast: Cast, as_: As) -> None:
    """ASVS 6.3.3: whoever just made a passkey has shown it."""
    browser = as_(cast.smith)
    browser.submit(ADD, {"name": "Phone", "answer": Device().create(ask(browser))})
    assert db.session.scalars(
        select(AccountSession.method).where(AccountSession.account_id == cast.smith.id)
    ).all() == ["passkey"]


def test_shows_a_refusal_with_the_name_as_typed_and_forgets_the_answer(cast: Cast, as_: As) -> None:
    browser = as_(cast.smith)
    asked = ask(browser)
    answer = browser.submit(
        ADD, {"name": "Phone", "answer": Device().create(asked, origin="http://evil.example")}
    )
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "This passkey was not accepted." in page
    assert 'value="Phone"' in page
    assert "clientDataJSON" not in page
    assert (
        browser.submit(ADD, {"name": "Phone", "answer": Device().create(asked)}).status_code == 410
    )
    assert (
        browser.submit(ADD, {"name": "", "answer": Device().create(ask(browser))}).status_code
        == 422
    )
    assert passkeys_of(cast.smith) == []


def test_takes_no_answer_from_another_browser(cast: Cast, as_: As) -> None:
    browser, elsewhere = as_(cast.smith), as_(cast.smith)
    asked = ask(browser)
    ask(elsewhere)
    assert (
        elsewhere.submit(ADD, {"name": "Phone", "answer": Device().create(asked)}).status_code
        == 422
    )
    assert passkeys_of(cast.smith) == []


def test_asks_who_it_is_where_the_last_proof_is_old(
    cast: Cast, as_: As, device_of: Devices
) -> None:
    """ASVS 7.5.1: a way into the account is added or removed by somebody who just proved that they
    are its owner.
    """
    device_of(cast.smith)
    browser, row = as_(cast.smith), passkeys_of(cast.smith)[0]
    token = browser.token("/profile/")
    outdate(cast.smith)
    assert browser.get(ADD).status_code == 403
    refused = browser.post(ASK, headers={"X-CSRFToken": token})
    assert (refused.status_code, refused.get_json()) == (403, {"again": True})
    for path in (ADD, f"/profile/passkeys/{row.id}/remove"):
        answer = browser.post(path, data={"csrf_token": token, "name": "x", "answer": "{}"})
        assert answer.status_code == 403
        assert "Confirm it is you" in answer.get_data(as_text=True)
    assert len(passkeys_of(cast.smith)) == 1


def test_renames_one(cast: Cast, as_: As, device_of: Devices) -> None:
    device_of(cast.smith)
    browser, row = as_(cast.smith), passkeys_of(cast.smith)[0]
    path = f"/profile/passkeys/{row.id}/rename"
    assert 'value="Phone"' in text(browser, path)
    for wrong in ("", "x" * 65, "a\x00"):
        assert browser.submit(path, {"name": wrong}).status_code == 422
    assert "The passkey was renamed." in text_of(
        browser.submit(path, {"name": "社用スマートフォン"}, follow_redirects=True)
    )
    assert passkeys_of(cast.smith)[0].name == "社用スマートフォン"
    line = db.session.query(Activity).filter_by(event="passkey_renamed").one()
    assert line.details == {"changes": {"name": ["Phone", "社用スマートフォン"]}}


def test_removes_one_after_asking_and_tells_by_letter(
    cast: Cast, as_: As, device_of: Devices, letters: Callable[..., list[Letter]]
) -> None:
    """ASVS 6.3.7, 6.5.6: a lost device opens nothing any more."""
    device_of(cast.smith)
    browser, row = as_(cast.smith), passkeys_of(cast.smith)[0]
    path = f"/profile/passkeys/{row.id}/remove"
    assert "Remove the passkey Phone?" in text(browser, path)
    assert "The passkey was removed." in text_of(browser.submit(path, follow_redirects=True))
    assert passkeys_of(cast.smith) == []
    (letter,) = letters("passkey_removed")
    assert letter.recipient == cast.smith.email
    assert db.session.query(Activity).filter_by(event="passkey_removed").one().details == {
        "name": "Phone"
    }
    assert browser.submit(path, page="/profile/").status_code == 404, "twice"
    assert db.session.scalars(select(RecoveryCode)).all() == [], "they stood in for it"


def test_knows_nobody_else_s_nor_one_that_is_none(cast: Cast, as_: As, device_of: Devices) -> None:
    device_of(cast.tanaka)
    theirs = passkeys_of(cast.tanaka)[0].id
    for who in (cast.smith, cast.yamada, cast.root):
        browser = as_(who)
        for pk in (theirs, 0, -1, "abc", "9" * 30, "%00"):
            for verb in ("rename", "remove"):
                assert browser.get(f"/profile/passkeys/{pk}/{verb}").status_code == 404
                assert (
                    browser.submit(
                        f"/profile/passkeys/{pk}/{verb}", {"name": "x"}, page="/profile/"
                    ).status_code
                    == 404
                )
    assert [one.name for one in passkeys_of(cast.tanaka)] == ["Phone"]


def test_sends_strangers_to_sign_in(client: PortalClient) -> None:
    assert client.get(ADD).location.startswith("/login/")
    assert client.submit(ASK, page="/login/").location.startswith("/login/")


@pytest.mark.usefixtures("at_number")
def test_says_why_there_are_none_where_the_address_is_a_number(
    app: Flask, cast: Cast, as_: As
) -> None:
    """What `make run` shows: its address is http://127.0.0.1:8080."""
    browser = as_(cast.smith)
    for path in ("/profile/", ADD):
        page = text(browser, path)
        assert "they need an address with a name" in page
        assert "data-passkey" not in page
    assert ADD not in text(browser)
    refused = browser.post(ASK, headers={"X-CSRFToken": browser.token("/profile/")})
    assert refused.status_code == 409
    assert "Sign in with a passkey" not in text(app.test_client(), "/login/")  # type: ignore[arg-type]


def text_of(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def test_proves_with_a_passkey_who_it_is_and_goes_on(
    cast: Cast, as_: As, device_of: Devices
) -> None:
    """ASVS 7.5.1, 7.5.3: the password is not the only proof; a wrong answer does nothing."""
    device, other = device_of(cast.smith), device_of(cast.tanaka)
    browser, row = as_(cast.smith), passkeys_of(cast.smith)[0]
    path, token = f"/profile/passkeys/{row.id}/remove", browser.token("/profile/")
    outdate(cast.smith)
    assert "/login/passkey/proof/ask" in text(browser, path)
    for given, status in ((other, 422), (device, 302)):
        asked = browser.post("/login/passkey/proof/ask", headers={"X-CSRFToken": token}).get_json()
        answer = browser.post(
            path,
            data={"csrf_token": token, "proof_password": "", "proof_passkey": given.get(asked)},
        )
        assert answer.status_code == status
    assert passkeys_of(cast.smith) == []
    assert db.session.query(Activity).filter_by(event="sign_in_failed").count() == 0, (
        "it was no sign-in"
    )
