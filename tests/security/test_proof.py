"""Confirm it is you: what somebody does only shortly after proving who they are. It …"""
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlalchemy import select, update
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.models import Account, AccountSession, Activity, MemberType
from app.sessions import service as sessions
from app.two_factor import apps
from app.web.proof import LASTS
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, at_once
from tests.factories import PASSWORD

As = Callable[[Account], PortalClient]
ASKS = 'name="proof_password"'
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
MEMBERS = "/o/aozora/members"
POWER = {"type": "power", "preset": "custom"}
NEW = {
    "family_name": "Hill", "email": "hill@new.example", "login_id": "hill", "language": "en", "notifications": "y", "type": "power", "preset": "custom",
}
SETTINGS = {
    "name": "株式会社あおぞら", "latin_name": "Aozora Inc.", "code": "aozora", "language": "ja_JP", "password_policy": "classic", "first_login": "link",
}


def identity(who: Account, **changed: Any) -> dict[str, Any]:
    """An account's form as it is sent."""
    names = ("family_name", "given_name", "reading", "latin_name", "email", "login_id", "language", "time_zone")
    return {name: getattr(who, name) for name in names} | {"notifications": "y"} | changed


def managed(cast: Cast) -> Account:
    """Somebody whom the organization registered itself."""
    cast.smith.managed_by = cast.aozora
    db.session.commit()
    return cast.smith


def other_session(who: Account) -> AccountSession:
    row, _key = sessions.open_session(who, now=datetime.now(UTC), ip="203.0.113.7", user_agent="other")
    db.session.commit()
    return row


@dataclass(frozen=True)
class Door:
    """Somewhere a fresh proof is asked for; `path` and `data` are made from the cast."""

    name: str
    who: str
    path: Callable[[Cast], str]
    data: Callable[[Cast], dict[str, Any]] = field(default=lambda _cast: {})
    is_read: bool = False


DOORS = [
    Door("the page that changes the address", "smith", lambda _: "/profile/email/", is_read=True),
    Door("changing the address", "smith", lambda _: "/profile/email/", lambda _: {"email": "john@new.example"}),
    Door("turning codes by mail on", "smith", lambda _: "/profile/two-factor/on"),
    Door("turning codes by mail off", "smith", lambda _: "/profile/two-factor/off"),
    Door("ending other sessions", "smith", lambda _: "/profile/sessions/others"),
    Door("ending one session", "smith", lambda cast: f"/profile/sessions/{other_session(cast.smith).id}"),
    Door("adding a passkey", "smith", lambda _: "/profile/passkeys/add", is_read=True),
    Door("adding an authenticator app", "smith", lambda _: "/profile/two-factor/app", is_read=True),
    Door("removing an authenticator app", "smith", lambda _: "/profile/two-factor/app/remove"),
    Door("resetting a second factor", "tanaka", lambda cast: f"{MEMBERS}/signing-in/{cast.membership(cast.smith).id}/reset"),
    Door("issuing a key", "smith", lambda _: "/profile/keys/add", is_read=True),
    Door("deleting a key", "smith", lambda cast: f"/profile/keys/delete/{factories.api_key(cast.membership(cast.smith), 'user_viewer').id}"),
    Door("shortening the log", "root", lambda _: "/o/aozora/activity/retention/", lambda _: {"kept": "days", "days": "400"}),
    Door("longer sessions", "tanaka", lambda _: "/o/aozora/settings/", lambda _: SETTINGS | {"session_idle_minutes": "60"}),
    Door("longer days", "tanaka", lambda _: "/o/aozora/settings/", lambda _: SETTINGS | {"session_hours": "24"}),
    Door("passwords by letter", "tanaka", lambda _: "/o/aozora/settings/", lambda _: SETTINGS | {"first_login": "password"}),
    Door(
        "longer sessions, from above", "root", lambda cast: f"/organizations/edit/{cast.aozora.id}",
        lambda _: SETTINGS | {"session_idle_minutes": "60"},
    ),
    Door(
        "excepting a member from the rule", "tanaka", lambda cast: f"/o/aozora/settings/two-factor/exception/{cast.membership(cast.smith).id}",
        lambda _: {"until": (datetime.now(UTC) + timedelta(days=9)).date().isoformat(), "reason": "On a ship"},
    ),
    Door("promoting a member", "tanaka", lambda cast: f"{MEMBERS}/edit/{cast.membership(cast.smith).id}", lambda _: POWER | {"sure": "1"}),
    Door("registering a power user", "tanaka", lambda _: f"{MEMBERS}/add", lambda _: NEW),
    Door("adding an account as a power user", "tanaka", lambda _: f"{MEMBERS}/existing", lambda _: POWER | {"who": "newcomer"}),
    Door("inviting a power user", "tanaka", lambda _: "/o/aozora/invites/add", lambda _: POWER | {"addresses": "guest@new.example", "language": "en"}),
    Door(
        "promising more to the invited", "tanaka",
        lambda cast: f"/o/aozora/invites/edit/{factories.invite(cast.aozora, 'guest@example.com', cast.tanaka)[0].id}", lambda _: POWER,
    ),
    Door(
        "another address for a managed account", "tanaka", lambda cast: f"{MEMBERS}/account/{cast.membership(managed(cast)).id}",
        lambda cast: identity(cast.smith, email="john@new.example"),
    ),
    Door(
        "a password for a managed account", "tanaka", lambda cast: f"{MEMBERS}/account/{cast.membership(managed(cast)).id}",
        lambda cast: identity(cast.smith, password="Purple-Giraffe-41"),
    ),
    Door("exporting every member", "tanaka", lambda _: f"{MEMBERS}/export", lambda _: {"format": "csv"}),
    Door("exporting all that were selected by one tick", "tanaka", lambda _: f"{MEMBERS}/export", lambda _: {"selected": "csv", "all": "1"}),
    Door(
        "exporting some members", "tanaka", lambda _: f"{MEMBERS}/export",
        lambda cast: {"selected": "csv", "rowid": str(cast.membership(cast.smith).id)},
    ),
    Door("exporting the log", "tanaka", lambda _: "/o/aozora/activity/export", lambda _: {"format": "json"}),
    Door("deleting an organization", "root", lambda cast: f"/organizations/delete/{cast.minato.id}", lambda _: {"typed": "minato"}),
    Door("another login ID for an account", "root", lambda cast: f"/accounts/edit/{cast.smith.id}", lambda cast: identity(cast.smith, login_id="john")),
    Door("suspending an account", "root", lambda cast: f"/accounts/suspension/{cast.smith.id}", lambda _: {"reason": "x"}),
    Door(
        "suspending accounts", "root", lambda _: "/accounts/action_post",
        lambda cast: {"action": "suspend", "sure": "1", "reason": "", "rowid": [cast.smith.id, cast.newcomer.id]},
    ),
    Door("deleting an account", "root", lambda cast: f"/accounts/delete/{cast.newcomer.id}"),
]


COVERED = {
    "accounts/signing_in_views.py", "accounts/views.py", "activity/retention_views.py", "api_keys/issuing.py", "api_keys/views.py",
    "enforcement/views.py", "exchange/views.py", "invites/views.py", "members/pages.py", "members/undo_views.py", "members/views.py",
    "organizations/views.py", "profile/email_views.py", "profile/keys_views.py", "profile/passkey_views.py", "profile/two_factor_views.py",
    "profile/views.py", "security/proof_views.py",
}


def test_is_tried_at_every_door_that_asks() -> None:
    """ASVS 7.5.1, 7.5.3: a door that asks stands in DOORS, or has a test of its own."""
    app = Path(__file__).resolve().parents[2] / "app"
    asking = {path.relative_to(app).as_posix() for path in app.rglob("*.py") if re.search(r"ensure_recent\w*\(seat|ensure_recent\(by", path.read_text())}
    assert asking - {"web/proof.py"} == COVERED, "add the new door to DOORS, and its module to COVERED"


def age(who: Account) -> None:
    """Let the proof of whoever is signed in as somebody be too old."""
    db.session.execute(update(AccountSession).where(AccountSession.account_id == who.id).values(proved_at=datetime.now(UTC) - LASTS))
    db.session.commit()


def go(client: PortalClient, door: Door, cast: Cast) -> tuple[int, str, str]:
    path = door.path(cast)
    answer = client.get(path) if door.is_read else client.submit(path, door.data(cast), page="/lang/")
    return answer.status_code, answer.get_data(as_text=True), path


def written(table: type[Any] = Activity) -> int:
    return len(db.session.scalars(select(table).where(table.event.not_like("sign_in%"))).all())


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name.replace(" ", "-"))
def test_asks_where_the_last_proof_is_too_old(cast: Cast, as_: As, door: Door) -> None:
    """ASVS 7.5.1, 7.5.3: nothing happens until the proof is there, and then it does."""
    who = getattr(cast, door.who)
    client = as_(who)
    age(who)
    before = written()
    status, page, path = go(client, door, cast)
    assert (status, ASKS in page) == (403, True)
    assert written() == before, "nothing happened"
    if door.is_read:
        return
    sent = MultiDict((name, unescape(value)) for name, value in HIDDEN.findall(page)) | {"csrf_token": client.token()}
    answer = client.post(path, data={**sent.to_dict(flat=False), "password": door.data(cast).get("password", ""), "proof_password": PASSWORD})
    assert ASKS not in answer.get_data(as_text=True)
    assert answer.status_code < 400, answer.get_data(as_text=True)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name.replace(" ", "-"))
def test_asks_nothing_of_somebody_who_has_just_signed_in(cast: Cast, as_: As, door: Door) -> None:
    status, page, _path = go(as_(getattr(cast, door.who)), door, cast)
    assert ASKS not in page
    assert status < 400, page


def test_asks_nothing_for_what_is_not_sensitive(cast: Cast, as_: As) -> None:
    """Promoting asks; anything else about a member does not, nor does keeping a power user one."""
    factories.membership(cast.newcomer, cast.aozora, power=True)
    db.session.commit()
    client = as_(cast.tanaka)
    age(cast.tanaka)
    for who, sent in ((cast.smith, {"type": "general", "preset": "custom", "authorities": ["user_viewer"]}), (cast.newcomer, POWER)):
        answer = client.submit(f"{MEMBERS}/edit/{cast.membership(who).id}", sent | {"sure": "1"})
        assert answer.status_code == 302


def test_keeps_everything_that_was_posted_but_secrets(cast: Cast, as_: As) -> None:
    """Lists too; passwords and the token of the page are never written back into a page."""
    client, who = as_(cast.tanaka), managed(cast)
    age(cast.tanaka)
    path = f"{MEMBERS}/account/{cast.membership(who).id}?next=/o/aozora/members/"
    sent = identity(who, email="j@new.example", password="Purple-Giraffe-41") | {"odd": ["1", "<2>"]}
    page = client.submit(path, sent, page="/lang/").get_data(as_text=True)
    kept = HIDDEN.findall(page)
    assert ("odd", "1") in kept
    assert ("odd", "&lt;2&gt;") in kept
    assert ("email", "j@new.example") in kept
    assert "Purple-Giraffe-41" not in page
    assert f'action="{path}"' in page
    assert page.count('name="csrf_token"') == 2, "its own and that of the language switch"


@pytest.mark.parametrize(("sent", "sentence"), [
    ({"proof_password": "Wrong-Horse-7"}, "That is not your current password."), ({"proof_password": ""}, "That is not your current password."),
    ({"proof_password": "a\x00b"}, "That is not your current password."), ({"proof_code": "123456"}, "That is not the code your app shows now."),
])
def test_shows_the_page_again_after_a_wrong_proof(cast: Cast, as_: As, sent: dict[str, str], sentence: str) -> None:
    """Nothing is lost; the failure stands in the log."""
    client = as_(cast.smith)
    age(cast.smith)
    answer = client.submit("/profile/email/", sent | {"email": "john@new.example"}, page="/lang/")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, sentence in page) == (422, True)
    assert 'name="email" value="john@new.example"' in page
    assert all(not value or value not in page for value in sent.values())
    assert db.session.scalar(select(Activity).where(Activity.event == "sign_in_not_proved")) is not None


def test_lets_nobody_try_passwords_endlessly(cast: Cast, as_: As) -> None:
    """ASVS 6.3.1: ten tries in 15 minutes, then not even the right one, until some time has passed."""
    client = as_(cast.smith)
    age(cast.smith)
    statuses = [client.submit("/confirm/", {"proof_password": "Wrong-Horse-7"}, page="/lang/").status_code for _try in range(10)]
    answer = client.submit("/confirm/", {"proof_password": PASSWORD}, page="/lang/")
    assert (set(statuses), answer.status_code) == ({422}, 429)
    assert answer.headers["Retry-After"]


def test_takes_a_code_of_the_authenticator_app_instead(cast: Cast, as_: As) -> None:
    """ASVS 7.5.1: offered to those who have an app, once for each code."""
    client = as_(cast.smith)
    age(cast.smith)
    assert "proof_code" not in client.get("/profile/email/").get_data(as_text=True)
    before = datetime.now(UTC) - timedelta(seconds=30)
    offer = apps.offer(cast.smith, now=before)
    apps.enrol(offer, pyotp.TOTP(offer.secret).at(before), by=factories.seat(cast.membership(cast.smith)), now=before)
    db.session.commit()
    assert "proof_code" in client.get("/profile/email/").get_data(as_text=True)
    code = pyotp.TOTP(offer.secret).at(datetime.now(UTC))
    assert client.submit("/confirm/?next=/profile/email/", {"proof_code": f"{code[:3]} {code[3:]}"}, page="/lang/").location == "/profile/email/"
    age(cast.smith)
    assert client.submit("/confirm/", {"proof_code": code}, page="/lang/").status_code == 422, "a used step is refused"


def test_goes_on_to_a_page_that_was_only_to_be_read(cast: Cast, as_: As) -> None:
    client = as_(cast.smith)
    age(cast.smith)
    page = client.get("/profile/email/").get_data(as_text=True)
    assert 'action="/confirm/?next=/profile/email/"' in page
    assert client.submit("/confirm/?next=/profile/email/", {"proof_password": PASSWORD}, page="/lang/").location == "/profile/email/"
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
    client.submit("/password/change/", {"current_password": PASSWORD, "password": "Purple-Giraffe-41"})
    assert client.get("/profile/email/").status_code == 200
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != key


def test_hinders_nobody_from_leaving(cast: Cast, as_: As) -> None:
    client = as_(cast.smith)
    age(cast.smith)
    assert client.submit("/logout/", page="/lang/").status_code == 302
    assert client.get("/profile/").location.startswith("/login/")


def test_asks_a_stranger_to_sign_in_first(client: PortalClient, cast: Cast) -> None:
    answer = client.submit("/profile/two-factor/off", {"proof_password": PASSWORD, "login_id": cast.smith.login_id}, page="/login/")
    assert answer.location.startswith("/login/")


def test_gives_a_proof_no_right(cast: Cast, as_: As) -> None:
    """D-1: the proof says who, the table says what they may; the outsider and the suspended stay outside."""
    path, sent = f"{MEMBERS}/edit/{cast.membership(cast.smith).id}", POWER | {"sure": "1", "proof_password": PASSWORD}
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
    page = client.submit(f"{MEMBERS}/edit/{cast.membership(cast.smith).id}", POWER | {"look": "1", "proof_password": PASSWORD}).get_data(as_text=True)
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
        lambda client=client, token=token: [client.post("/confirm/", data={"csrf_token": token, "proof_password": "no"}).status_code for _try in range(3)]
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
