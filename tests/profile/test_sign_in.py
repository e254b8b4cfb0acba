"""The profile: login ID and 2-step verification, behind a password or a fresh proof. It …"""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from app.extensions import db
from app.models import Account, Letter
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.factories import PASSWORD

As = Callable[[Account], PortalClient]
Letters = Callable[..., list[Letter]]
Stale = Callable[[Account], None]
DETAILS, OFF, ON = "/profile/sign-in/", "/profile/two-factor/off", "/profile/two-factor/on"


def details(who: Account, **changed: Any) -> dict[str, Any]:
    return {"login_id": who.login_id, "current_password": PASSWORD} | changed


def again(who: Account) -> Account:
    db.session.expire_all()
    return who


def require(where: Any, *, required: bool = True) -> None:
    where.two_factor_required = required
    db.session.commit()


def test_changes_the_login_id(cast: Cast, as_: As, letters: Letters) -> None:
    """S2-25, D-C3: the owner is told."""
    answer = as_(cast.smith).submit(DETAILS, details(cast.smith, login_id="john"))
    assert answer.location == "/profile/"
    assert again(cast.smith).login_id == "john"
    assert [letter.recipient for letter in letters("account_changed")] == ["smith@example.com"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("Wrong-Horse-7", "That is not your current password."), ("", "Enter your current password.")],
)
def test_needs_the_password_and_keeps_what_was_typed(
    cast: Cast, as_: As, letters: Letters, typed: str, sentence: str
) -> None:
    """An unattended browser must not be enough."""
    answer = as_(cast.smith).submit(
        DETAILS, details(cast.smith, login_id="thief", current_password=typed)
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="thief"' in page
    assert typed == "" or typed not in page
    assert again(cast.smith).login_id == "smith"
    assert letters() == []


@pytest.mark.parametrize(
    ("field", "typed", "status"),
    [
        ("login_id", "", 422),
        ("login_id", "a b", 400),
        ("login_id", "a@b", 422),
        ("login_id", "smith\x00", 422),
        ("login_id", "x" * 65, 422),
        ("login_id", "スミス", 400),
        ("login_id", PASSWORD, 422),
        ("login_id", PASSWORD.upper(), 422),
        ("login_id", "Tanaka", 409),
        ("login_id", "ｔａｎａｋａ", 409),
    ],
)
def test_refuses_bad_entries_at_their_field(
    cast: Cast, as_: As, field: str, typed: str, status: int
) -> None:
    """S2-18 and S2-26: nothing is saved."""
    answer = as_(cast.smith).submit(DETAILS, details(cast.smith, **{field: typed}))
    assert answer.status_code == status
    assert f'id="{field}-error"' in answer.get_data(as_text=True)
    smith = again(cast.smith)
    assert smith.login_id == "smith"


def test_tells_only_somebody_with_the_password_whether_a_login_id_is_taken(
    cast: Cast, as_: As
) -> None:
    answer = as_(cast.smith).submit(
        DETAILS,
        details(cast.smith, login_id=cast.tanaka.login_id, current_password="Wrong-Horse-7"),
    )
    assert "Another account" not in answer.get_data(as_text=True)


def test_lets_nobody_guess_the_password_endlessly(cast: Cast, as_: As, stale: Stale) -> None:
    """ASVS 6.3.1: forms and the page that asks for a proof share one limit."""
    browser = as_(cast.smith)
    stale(cast.smith)
    statuses = [
        browser.submit(OFF, {"proof_password": "Wrong-Horse-7"}, page="/profile/").status_code
        for _try in range(10)
    ]
    assert set(statuses) == {422}
    answer = browser.submit(DETAILS, details(cast.smith, login_id="thief"))
    assert answer.status_code == 429
    assert "Too many tries" in answer.get_data(as_text=True)
    assert again(cast.smith).login_id == "smith"


def test_turns_2_step_verification_on_for_the_next_sign_in(
    cast: Cast, as_: As, client: PortalClient, letters: Letters
) -> None:
    """S2-29, S2-30: also told by letter."""
    browser = as_(cast.smith)
    answer = browser.submit(ON, page="/profile/", follow_redirects=True)
    assert "2-step verification is on" in answer.get_data(as_text=True)
    assert again(cast.smith).two_factor
    assert letters("account_changed", to=cast.smith.email)
    assert browser.get("/profile/").status_code == 200, "nobody is signed out by it"
    asked = client.submit("/login/", {"login_id": "smith", "password": PASSWORD})
    assert asked.location == "/login/code/"


def test_turns_it_off(cast: Cast, as_: As, client: PortalClient, letters: Letters) -> None:
    """S2-29: also told by letter."""
    cast.smith.two_factor = True
    browser = as_(cast.smith)
    assert "Turn off 2-step verification?" in browser.get("/profile/").get_data(as_text=True)
    assert browser.submit(OFF, page="/profile/").location == "/profile/"
    assert not again(cast.smith).two_factor
    assert letters("account_changed", to=cast.smith.email)
    assert client.submit("/login/", {"login_id": "smith", "password": PASSWORD}).location == "/"


@pytest.mark.parametrize("typed", ["", "Wrong-Horse-7", "Correct-\x00Horse-7"])
def test_keeps_it_on_without_a_fresh_proof(cast: Cast, as_: As, stale: Stale, typed: str) -> None:
    """ASVS 7.5.1."""
    cast.smith.two_factor = True
    browser = as_(cast.smith)
    stale(cast.smith)
    assert browser.submit(OFF, {"proof_password": typed}, page="/profile/").status_code == 422
    assert again(cast.smith).two_factor


@pytest.mark.parametrize("chosen", [True, False])
def test_keeps_it_on_where_an_organization_requires_it(cast: Cast, as_: As, chosen: bool) -> None:
    """S2-29: says which organization, offers no switch, and refuses a forged one."""
    cast.smith.two_factor = chosen
    require(cast.aozora)
    browser = as_(cast.smith)
    sentence = (
        "2-step verification cannot be turned off while an organization requires it: Aozora Inc."
    )
    page = unescape(browser.get("/profile/").get_data(as_text=True))
    assert sentence in page
    assert OFF not in page
    assert ON not in page
    answer = browser.submit(OFF, page="/profile/", follow_redirects=True)
    assert sentence in unescape(answer.get_data(as_text=True))
    assert again(cast.smith).two_factor is chosen


def test_gives_an_organization_no_say_that_suspended_the_member(cast: Cast, as_: As) -> None:
    factories.membership(cast.smith, cast.minato, suspended_at=factories.NOW)
    cast.smith.two_factor = True
    require(cast.minato)
    assert as_(cast.smith).submit(OFF, page="/profile/").status_code == 302
    assert not again(cast.smith).two_factor


def test_changes_only_the_reader_s_own_account(cast: Cast, as_: As) -> None:
    cast.smith.two_factor = True
    as_(cast.tanaka).submit(
        OFF, {"id": cast.smith.id, "account_id": cast.smith.id}, page="/profile/"
    )
    assert again(cast.smith).two_factor


def test_turns_nothing_on_by_get(cast: Cast, as_: As) -> None:
    assert as_(cast.smith).get(ON).status_code == 405
    assert not again(cast.smith).two_factor


def test_leads_to_the_page_that_changes_the_password(cast: Cast, as_: As) -> None:
    assert 'href="/password/change/"' in as_(cast.smith).get("/profile/").get_data(as_text=True)
