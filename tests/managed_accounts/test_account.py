"""The identity of members whom the organization registered itself (D-C3, S2-25). It …"""

from __future__ import annotations

from typing import Any

import pytest

from app.extensions import db
from app.models import Account
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, As, Letters, events, fingerprint, text

FORM = {
    "family_name": "Smith",
    "given_name": "Johnny",
    "reading": "スミス ジョニー",
    "latin_name": "",
    "email": "johnny@example.com",
    "login_id": "johnny",
    "language": "ja_JP",
    "two_factor": "y",
}


@pytest.fixture
def door(cast: Cast) -> str:
    """The account form of smith, whom aozora registered."""
    cast.smith.managed_by = cast.aozora
    db.session.commit()
    return f"{BASE}/account/{cast.membership(cast.smith).id}"


def test_changes_every_part_of_a_managed_account(
    tanaka: PortalClient, cast: Cast, door: str
) -> None:
    """S2-25, S2-29, S2-32: name, e-mail, login ID, language, 2-step verification, notifications."""
    answer = tanaka.submit(door, FORM)
    assert answer.location == door.replace("account", "show")
    db.session.refresh(cast.smith)
    account = cast.smith
    assert (account.given_name, account.reading, account.email, account.login_id) == (
        "Johnny",
        "スミス ジョニー",
        "johnny@example.com",
        "johnny",
    )
    assert (
        account.language,
        account.two_factor,
        account.notifications,
        account.email_verified_at,
    ) == ("ja_JP", True, False, None)


def test_keeps_the_password_where_none_is_typed(
    tanaka: PortalClient, cast: Cast, door: str
) -> None:
    """S2-25: blank is unchanged."""
    before = cast.smith.password_hash
    tanaka.submit(door, FORM | {"password": ""})
    db.session.refresh(cast.smith)
    assert (cast.smith.password_hash, cast.smith.must_change_password) == (before, False)


def test_sets_a_password_that_must_be_changed(
    tanaka: PortalClient, cast: Cast, door: str, as_: As
) -> None:
    """S2-25, D-C4: and ends the sessions."""
    smith = as_(cast.smith)
    before = cast.smith.password_hash
    tanaka.submit(door, FORM | {"password": "Violet-Kettle-9"})
    db.session.refresh(cast.smith)
    assert cast.smith.password_hash != before
    assert cast.smith.must_change_password
    assert "/login/" in smith.get("/profile/").location


def test_tells_both_addresses(
    tanaka: PortalClient, cast: Cast, door: str, letters: Letters
) -> None:
    """D-C3."""
    tanaka.submit(door, FORM)
    assert sorted(letter.recipient for letter in letters("account_changed")) == [
        "johnny@example.com",
        "smith@example.com",
    ]
    assert {line.event for line in events()} == {"account_edited", "two_factor_on"}


def test_shows_what_the_account_has_and_never_the_password(
    tanaka: PortalClient, cast: Cast, door: str
) -> None:
    page = text(tanaka, door)
    for value in ("Smith", "John", "スミス ジョン", "smith@example.com", "smith"):
        assert f'value="{value}"' in page
    assert cast.smith.password_hash not in page


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"family_name": ""}, "family_name", "Enter a family name."),
        ({"email": "johnny"}, "email", "That is not an email address"),
        ({"email": "yamada@minato.example"}, "email", "Another account has this e-mail address."),
        ({"login_id": "a@b"}, "login_id", "cannot contain @"),
        ({"login_id": "Yamada"}, "login_id", "Another account has this login ID"),
        ({"language": "xx"}, "language", "Not a valid choice"),
        ({"reading": "x\x07"}, "reading", "cannot be used here"),
        ({"password": "weak"}, "password", "character"),
    ],
)
def test_saves_nothing_while_something_is_wrong(
    tanaka: PortalClient, door: str, wrong: dict[str, Any], field: str, told: str
) -> None:
    """S2-26, S2-19."""
    before = fingerprint()
    answer = tanaka.submit(door, FORM | wrong)
    page = answer.get_data(as_text=True)
    assert 400 <= answer.status_code < 500
    assert told in page
    assert f'id="{field}-error"' in page
    assert 'value="Johnny"' in page
    assert fingerprint() == before


@pytest.mark.parametrize(
    ("whose", "told"),
    [
        ("somebody else's", "This organization did not register the account"),
        ("shared", "belongs to another organization too"),
        ("platform", "platform administrator’s account"),
        ("own", "Change it in your profile."),
    ],
)
def test_leaves_every_other_account_to_its_owner(
    tanaka: PortalClient, cast: Cast, door: str, whose: str, told: str
) -> None:
    """D-C3, D-1: the page says so, its form and the POST as well."""
    who = cast.tanaka if whose == "own" else cast.smith
    if whose == "somebody else's":
        who.managed_by = None
    if whose == "shared":
        factories.membership(who, cast.minato)
    if whose == "platform":
        factories.platform_administrator(who)
    if whose == "own":
        who.managed_by = cast.aozora
    membership = next(one for one in who.memberships if one.organization_id == cast.aozora.id).id
    before = fingerprint()
    assert told in text(tanaka, f"/show/{membership}")
    status = 409 if whose == "own" else 403
    assert told in text(tanaka, f"/account/{membership}", status)
    assert (
        tanaka.submit(f"{BASE}/account/{membership}", FORM, page=f"{BASE}/list/").status_code
        == status
    )
    assert fingerprint() == before


def test_leaves_a_managed_power_user_to_power_users(
    cast: Cast, as_: As, co_admin: Account, second: Account
) -> None:
    """D-1: whoever sets somebody's password could become them."""
    second.managed_by = cast.aozora
    membership = cast.membership(second).id
    assert as_(co_admin).get(f"{BASE}/account/{membership}").status_code == 403
    assert (
        as_(co_admin).submit(f"{BASE}/account/{membership}", FORM, page=f"{BASE}/list/").status_code
        == 403
    )
    assert as_(cast.tanaka).get(f"{BASE}/account/{membership}").status_code == 200


def test_lets_the_platform_administrator_edit_any(cast: Cast, as_: As) -> None:
    """D-C3, S4-02."""
    assert (
        as_(cast.root).submit(f"{BASE}/account/{cast.membership(cast.smith).id}", FORM).status_code
        == 302
    )
    db.session.refresh(cast.smith)
    assert cast.smith.login_id == "johnny"
