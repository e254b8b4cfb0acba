"""Saving one's own names and preferences on the profile (S2-25, S2-32, D-C3). It …"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.extensions import db
from app.models import Activity, Letter
from tests.cast import Cast
from tests.profile.conftest import As, Filled

Letters = Callable[..., list[Letter]]


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
