"""Confirm it is you: how somebody proves who they are, and what comes of it. It …"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Activity, MemberType
from app.two_factor import apps
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, at_once
from tests.factories import PASSWORD
from tests.sign_in.conftest import As
from tests.sign_in.proof import ASKS, HIDDEN, MEMBERS, POWER, age, identity, managed


def test_keeps_everything_that_was_posted_but_secrets(cast: Cast, as_: As) -> None:
    """Lists too; passwords and the token of the page are never written back into a page."""
    client, who = as_(cast.tanaka), managed(cast)
    age(cast.tanaka)
    path = f"{MEMBERS}/account/{cast.membership(who).id}?next=/o/aozora/members/"
    sent = identity(who, email="j@new.example", password="Purple-Giraffe-41") | {
        "odd": ["1", "<2>"]
    }
    page = client.submit(path, sent, page="/lang/").get_data(as_text=True)
    kept = HIDDEN.findall(page)
    assert ("odd", "1") in kept
    assert ("odd", "&lt;2&gt;") in kept
    assert ("email", "j@new.example") in kept
    assert "Purple-Giraffe-41" not in page
    assert f'action="{path}"' in page
    assert page.count('name="csrf_token"') == 2, "its own and that of the language switch"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"proof_password": "Wrong-Horse-7"}, "That is not your current password."),
        ({"proof_password": ""}, "That is not your current password."),
        ({"proof_password": "a\x00b"}, "That is not your current password."),
        ({"proof_code": "123456"}, "That is not the code your app shows now."),
    ],
)
def test_shows_the_page_again_after_a_wrong_proof(
    cast: Cast, as_: As, sent: dict[str, str], sentence: str
) -> None:
    """Nothing is lost; the failure stands in the log."""
    client = as_(cast.smith)
    age(cast.smith)
    answer = client.submit("/profile/email/", sent | {"email": "john@new.example"}, page="/lang/")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, sentence in page) == (422, True)
    assert 'name="email" value="john@new.example"' in page
    assert all(not value or value not in page for value in sent.values())
    assert (
        db.session.scalar(select(Activity).where(Activity.event == "sign_in_not_proved"))
        is not None
    )


def test_lets_nobody_try_passwords_endlessly(cast: Cast, as_: As) -> None:
    """ASVS 6.3.1: ten tries in 15 minutes, then not even the right one, until some time
    has passed."""
    client = as_(cast.smith)
    age(cast.smith)
    statuses = [
        client.submit("/confirm/", {"proof_password": "Wrong-Horse-7"}, page="/lang/").status_code
        for _try in range(10)
    ]
    answer = client.submit("/confirm/", {"proof_password": PASSWORD}, page="/lang/")
    assert (set(statuses), answer.status_code) == ({422}, 429)
    assert answer.headers["Retry-After"]


def test_takes_a_code_of_the_authenticator_app_instead(cast: Cast, as_: As) -> None:
    """ASVS 7.5.1: offered to those who have an app, once for each code."""
    client = as_(cast.smith)
    age(cast.smith)
    assert "proof_code" not in client.get("/profile/email/").get_data(as_text=True)
    before = datetime.now(UTC) - timedelta(seconds=30)
    factories.recovery_codes(cast.smith)
    offer = apps.offer(cast.smith, now=before)
    apps.enrol(
        offer,
        pyotp.TOTP(offer.secret).at(before),
        by=factories.seat(cast.membership(cast.smith)),
        now=before,
    )
    db.session.commit()
    assert "proof_code" in client.get("/profile/email/").get_data(as_text=True)
    code = pyotp.TOTP(offer.secret).at(datetime.now(UTC))
    assert (
        client.submit(
            "/confirm/?next=/profile/email/",
            {"proof_code": f"{code[:3]} {code[3:]}"},
            page="/lang/",
        ).location
        == "/profile/email/"
    )
    age(cast.smith)
    answer = client.submit("/confirm/", {"proof_code": code}, page="/lang/")
    assert answer.status_code == 422, "a used step is refused"
    assert "This code has been used already." in answer.get_data(as_text=True), "T2-38"


def test_goes_on_to_a_page_that_was_only_to_be_read(cast: Cast, as_: As) -> None:
    client = as_(cast.smith)
    age(cast.smith)
    page = client.get("/profile/email/").get_data(as_text=True)
    assert 'action="/confirm/?next=/profile/email/"' in page
    assert (
        client.submit(
            "/confirm/?next=/profile/email/", {"proof_password": PASSWORD}, page="/lang/"
        ).location
        == "/profile/email/"
    )
    assert client.get("/profile/email/").status_code == 200


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_never_leads_off_this_site(cast: Cast, as_: As, path: str) -> None:
    assert as_(cast.smith).get("/confirm/", query_string={"next": path}).location == "/"


def test_gives_the_session_a_new_key(cast: Cast, as_: As) -> None:
    """ASVS 7.2.4: whoever copied the cookie before is out."""
    client, thief = as_(cast.smith), as_(cast.newcomer)
    with client.session_transaction() as cookie:
        key = cookie["_user_id"]
    with thief.session_transaction() as cookie:
        cookie["_user_id"] = key
    age(cast.smith)
    client.submit("/confirm/", {"proof_password": PASSWORD}, page="/lang/")
    assert client.get("/profile/").status_code == 200
    assert thief.get("/profile/").location.startswith("/login/")


def test_counts_a_changed_password_as_a_proof(cast: Cast, as_: As) -> None:
    """ASVS 7.2.4: and gives the session a new key."""
    client = as_(cast.smith)
    age(cast.smith)
    with client.session_transaction() as cookie:
        key = cookie["_user_id"]
    client.submit(
        "/password/change/", {"current_password": PASSWORD, "password": "Purple-Giraffe-41"}
    )
    assert client.get("/profile/email/").status_code == 200
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != key


def test_hinders_nobody_from_leaving(cast: Cast, as_: As) -> None:
    client = as_(cast.smith)
    age(cast.smith)
    assert client.submit("/logout/", page="/lang/").status_code == 302
    assert client.get("/profile/").location.startswith("/login/")


def test_asks_a_stranger_to_sign_in_first(client: PortalClient, cast: Cast) -> None:
    answer = client.submit(
        "/profile/two-factor/off",
        {"proof_password": PASSWORD, "login_id": cast.smith.login_id},
        page="/login/",
    )
    assert answer.location.startswith("/login/")


def test_gives_a_proof_no_right(cast: Cast, as_: As) -> None:
    """D-1: the proof says who, the table says what they may; the outsider and the suspended stay
    outside.
    """
    path, sent = (
        f"{MEMBERS}/edit/{cast.membership(cast.smith).id}",
        POWER | {"sure": "1", "proof_password": PASSWORD},
    )
    for who, status in ((cast.suzuki, 403), (cast.yamada, 404), (cast.sato, 403)):
        client = as_(who)
        age(who)
        assert client.submit(path, sent, page="/lang/").status_code == status
    db.session.expire_all()
    assert cast.membership(cast.smith).type is MemberType.GENERAL


def test_carries_no_proof_into_the_page_that_shows_the_change(cast: Cast, as_: As) -> None:
    """What was proved is taken out before the view runs: it stands in no later form."""
    client = as_(cast.tanaka)
    age(cast.tanaka)
    page = client.submit(
        f"{MEMBERS}/edit/{cast.membership(cast.smith).id}",
        POWER | {"look": "1", "proof_password": PASSWORD},
    ).get_data(as_text=True)
    assert "proof_" not in page
    assert PASSWORD not in page


def test_lets_one_of_two_wrong_tries_at_once_not_slip_through(cast: Cast, app: Any) -> None:
    """ASVS 6.3.1: tries are counted atomically."""
    clients = [app.test_client().sign_in(cast.smith) for _one in range(4)]
    tokens = [client.token() for client in clients]
    age(cast.smith)
    for _round in range(2):
        clients[0].post("/confirm/", data={"csrf_token": tokens[0], "proof_password": "no"})
    sends = [
        lambda client=client, token=token: [
            client.post("/confirm/", data={"csrf_token": token, "proof_password": "no"}).status_code
            for _try in range(3)
        ]
        for client, token in zip(clients, tokens, strict=True)
    ]
    statuses = [status for found in at_once(app, *sends) for status in found]
    assert (statuses.count(422), statuses.count(429)) == (8, 4)


def test_hears_no_proof_where_there_is_no_page(cast: Cast, as_: As) -> None:
    """ASVS 3.5.1: a form there has no token that anybody looks at."""
    client = as_(cast.smith)
    age(cast.smith)
    answer = client.post("/nowhere", data={"proof_password": "wrong"})
    assert (answer.status_code, ASKS in answer.get_data(as_text=True)) == (404, False)
    assert db.session.scalar(select(Activity).where(Activity.event == "sign_in_not_proved")) is None
