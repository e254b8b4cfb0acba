"""The profile: what it shows, and saving names and preferences. It …"""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest

from app.extensions import db
from app.models import Account, Activity, Letter
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, Statements
from tests.profile.conftest import Filled

As = Callable[[Account], PortalClient]
Letters = Callable[..., list[Letter]]
EVERYBODY = ["tanaka", "suzuki", "smith", "sato", "yamada", "root", "newcomer"]


def text(client: PortalClient, path: str = "/profile/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


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


def test_saves_names_and_preferences(cast: Cast, as_: As, filled: Filled) -> None:
    """S2-25, S2-32: everybody edits their own (D-C3)."""
    sent = filled(
        cast.smith,
        family_name=" Smyth ",
        given_name="Jack",
        reading="スマイス",
        latin_name="Jack Smyth",
        time_zone="Asia/Tokyo",
        notifications=None,
    )
    answer = as_(cast.smith).submit("/profile/", sent)
    assert answer.location == "/profile/"
    db.session.expire_all()
    smith = cast.smith
    assert (smith.family_name, smith.given_name, smith.reading, smith.latin_name) == (
        "Smyth",
        "Jack",
        "スマイス",
        "Jack Smyth",
    )
    assert smith.time_zone == "Asia/Tokyo"
    assert not smith.notifications


def test_tells_of_a_new_name_by_letter_and_in_the_log(
    cast: Cast, as_: As, filled: Filled, letters: Letters
) -> None:
    as_(cast.smith).submit("/profile/", filled(cast.smith, given_name="Jack"))
    assert [letter.recipient for letter in letters("account_changed")] == [cast.smith.email]
    line = db.session.query(Activity).filter_by(event="account_edited").one()
    assert line.details["changes"] == {"given_name": ["John", "Jack"]}


def test_sends_no_letter_for_a_preference(
    cast: Cast, as_: As, filled: Filled, letters: Letters
) -> None:
    as_(cast.smith).submit("/profile/", filled(cast.smith, time_zone="Europe/Paris"))
    assert letters() == []
    db.session.expire_all()
    assert cast.smith.time_zone == "Europe/Paris"


def test_keeps_what_was_typed_when_a_name_is_missing(cast: Cast, as_: As, filled: Filled) -> None:
    answer = as_(cast.smith).submit(
        "/profile/",
        filled(cast.smith, family_name="  ", given_name="Jackson", time_zone="Asia/Tokyo"),
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="family_name-error"' in page
    assert 'value="Jackson"' in page
    assert '<option value="Asia/Tokyo" selected' in page
    db.session.expire_all()
    assert (cast.smith.given_name, cast.smith.time_zone) == ("John", "UTC")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("family_name", "x" * 65),
        ("given_name", "x" * 65),
        ("reading", "x" * 129),
        ("latin_name", "x" * 129),
        ("language", "xx"),
        ("language", ""),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../etc/passwd"),
        *(
            (name, "a\x00b")
            for name in (
                "family_name",
                "given_name",
                "reading",
                "latin_name",
                "language",
                "time_zone",
            )
        ),
        ("given_name", "a\r\nBcc: b"),
        ("reading", "a\u2028b"),
    ],
)
def test_refuses_what_nobody_types_at_its_field(
    cast: Cast, as_: As, filled: Filled, field: str, typed: str
) -> None:
    answer = as_(cast.smith).submit("/profile/", filled(cast.smith, **{field: typed}))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.get_data(as_text=True)
    before = getattr(cast.smith, field)
    db.session.expire_all()
    assert getattr(cast.smith, field) == before


@pytest.mark.parametrize(
    ("field", "forged"),
    [
        ("email", "other@example.com"),
        ("login_id", "other"),
        ("username", "other"),
        ("two_factor", "y"),
        ("password", "Another-Horse-8"),
        ("password_hash", "x"),
        ("must_change_password", "y"),
        ("managed_by_id", "1"),
        ("suspended_at", "2026-01-01"),
        ("email_verified_at", ""),
        ("id", "1"),
    ],
)
def test_changes_nothing_that_its_form_does_not_have(
    cast: Cast, as_: As, filled: Filled, field: str, forged: str
) -> None:
    before = getattr(cast.smith, field)
    assert (
        as_(cast.smith).submit("/profile/", filled(cast.smith, **{field: forged})).status_code
        == 302
    )
    db.session.expire_all()
    assert getattr(cast.smith, field) == before


def test_speaks_the_new_language_at_once(cast: Cast, as_: As, filled: Filled) -> None:
    browser = as_(cast.smith)
    answer = browser.submit(
        "/profile/", filled(cast.smith, given_name="Jack", language="ja_JP"), follow_redirects=True
    )
    page = answer.get_data(as_text=True)
    assert '<html lang="ja"' in page
    assert "Your profile was saved." not in page, (
        "the answer itself is told in the new language, too"
    )
    browser.submit("/logout/", page="/profile/")
    assert '<html lang="ja"' in browser.get("/login/").get_data(as_text=True), (
        "also after signing out"
    )


def test_stays_in_the_old_language_when_something_was_refused(
    cast: Cast, as_: As, filled: Filled
) -> None:
    answer = as_(cast.smith).submit(
        "/profile/", filled(cast.smith, language="ja_JP", family_name="")
    )
    page = answer.get_data(as_text=True)
    assert '<html lang="en"' in page
    assert '<option value="ja_JP" selected' in page


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
