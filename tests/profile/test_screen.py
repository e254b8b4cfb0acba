"""The profile: what it shows. It …"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.extensions import db
from app.models import Account
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, Statements
from tests.profile.conftest import As, Filled, text

EVERYBODY = ["tanaka", "suzuki", "smith", "sato", "yamada", "root", "newcomer"]


@pytest.mark.parametrize("name", EVERYBODY)
def test_shows_everybody_their_own_account(cast: Cast, as_: As, name: str) -> None:
    who: Account = getattr(cast, name)
    page = text(as_(who))
    for words in (who.email, who.login_id, who.family_name, who.given_name):
        assert words in page
    assert who.password_hash not in page


@pytest.mark.parametrize("path", ["/profile/", "/profile/sign-in/", "/profile/email/", "/confirm/"])
def test_asks_a_stranger_to_sign_in(cast: Cast, client: PortalClient, path: str) -> None:
    assert client.get(path).location.startswith("/login/")
    assert client.submit(path, page="/login/").location.startswith("/login/")


def test_stands_in_the_menu_of_everybody(cast: Cast, as_: As) -> None:
    for who in (cast.tanaka, cast.root, cast.newcomer):
        assert 'href="/profile/" aria-current="page"' in text(as_(who))


def test_lets_a_managed_account_edit_itself_and_says_who_else_can(
    cast: Cast, as_: As, filled: Filled
) -> None:
    """D-C3: everyone edits their own; the organization that registered the account may, too, while
    it is its only one.
    """
    cast.smith.managed_by = cast.aozora
    browser = as_(cast.smith)
    assert "Aozora Inc. registered your account" in text(browser)
    assert browser.submit("/profile/", filled(cast.smith, given_name="Jack")).status_code == 302
    db.session.expire_all()
    assert cast.smith.given_name == "Jack"
    factories.membership(cast.smith, cast.minato)
    assert "registered your account" not in text(browser), (
        "another organization relies on the account now"
    )


def test_names_every_organization_with_type_and_roles(cast: Cast, as_: As) -> None:
    factories.membership(
        cast.suzuki, cast.minato, power=True, roles=[factories.role(cast.minato, "Night shift")]
    )
    cast.suzuki.language = "en"
    page = text(as_(cast.suzuki))
    for words in (
        "Aozora Inc.",
        "aozora",
        "Minato Design",
        "Power user",
        "General user",
        "Night shift",
    ):
        assert words in page
    for code in ("aozora", "minato"):
        assert f'href="/o/{code}/members/leave"' in page


def test_does_not_offer_the_last_power_user_to_leave(cast: Cast, as_: As) -> None:
    """D-2: and says why."""
    browser = as_(cast.tanaka)
    page = text(browser)
    assert "/o/aozora/members/leave" not in page
    assert "You are the last power user here. Name another one before you leave." in page
    factories.membership(cast.newcomer, cast.aozora, power=True, suspended_at=factories.NOW)
    assert "/o/aozora/members/leave" not in text(browser), "a suspended one does not count"
    factories.membership(cast.yamada, cast.aozora, power=True)
    assert 'href="/o/aozora/members/leave"' in text(browser)


def test_tells_a_suspended_member_why_and_offers_no_way_in(cast: Cast, as_: As) -> None:
    page = text(as_(cast.sato))
    assert "Suspended" in page
    assert "On leave" in page
    assert 'href="/o/aozora/' not in page


def test_says_that_somebody_belongs_nowhere(cast: Cast, as_: As) -> None:
    assert "You belong to no organization" in text(as_(cast.newcomer))


def test_asks_the_database_as_often_for_many_organizations_as_for_one(
    cast: Cast, as_: As, statements: Callable[[], Statements]
) -> None:
    browser = as_(cast.suzuki)
    browser.get("/profile/")
    statements()
    browser.get("/profile/")
    few = len(statements())
    for number in range(12):
        where = factories.organization(f"org{number}")
        factories.membership(
            cast.suzuki,
            where,
            power=number % 2 == 0,
            roles=[factories.role(where, f"Role {number}")],
        )
    db.session.commit()
    statements()
    browser.get("/profile/")
    many = len(statements())
    assert many <= few + 1 <= 11, (few, many)
