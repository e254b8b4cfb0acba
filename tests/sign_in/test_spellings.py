"""Signing in by any spelling of an address or a login ID. It …"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.accounts import service as accounts
from app.extensions import db
from app.models import Account, Letter
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.sign_in.conftest import Enter

Fresh = Callable[[], PortalClient]
Letters = Callable[..., list[Letter]]
SPELLINGS = (
    "kokusai@日本語.example.jp",
    "Kokusai@xn--wgv71a119e.example.jp",
    "kokusai@日本語。example．jp",
    "\u200bkokusai@日本\u00ad語.example.jp\ufeff",
)


@pytest.fixture
def kokusai(cast: Cast) -> Account:
    who = factories.account("kokusai", email="kokusai@xn--wgv71a119e.example.jp")
    factories.membership(who, cast.aozora)
    db.session.commit()
    return who


@pytest.mark.parametrize(
    "who", [*SPELLINGS, "kokusai\u200b", "\ufeffkokusai", "ｋｏｋｕｓａｉ\u200e"]
)
def test_lets_in_by_every_spelling(
    kokusai: Account, browser: Fresh, enter: Enter, who: str
) -> None:
    """T2-11, T2-12, T2-15"""
    assert enter(who, here=browser()).location == "/"


@pytest.mark.parametrize("who", SPELLINGS)
def test_sends_the_link_for_a_new_password_by_every_spelling(
    kokusai: Account, browser: Fresh, letters: Letters, who: str
) -> None:
    """T2-11: once, to the address as it is kept."""
    browser().submit("/password/forgot/", {"login_id": who})
    assert [one.recipient for one in letters("password_forgotten")] == ["kokusai@日本語.example.jp"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_finds_a_second_account_of_the_same_mailbox(
    kokusai: Account, as_: Callable[[Account], PortalClient], cast: Cast, spelling: str
) -> None:
    """T2-11, T2-12"""
    typed = {
        "family_name": "Other",
        "email": spelling,
        "login_id": "other",
        "language": "en",
        "type": "power",
    }
    answer = as_(cast.tanaka).submit("/o/aozora/members/add", typed)
    assert answer.status_code == 409
    assert accounts.find("other") is None


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("family_name", "\u200b", "Enter a family name."),
        ("family_name", "\u3164", "Enter a family name."),
        ("family_name", "\u2800\u2800", "Enter a family name."),
        ("login_id", ".", "A login ID has 1 to 64 characters"),
        ("login_id", "-", "A login ID has 1 to 64 characters"),
        ("login_id", "__", "A login ID has 1 to 64 characters"),
        ("email", f"{'a' * 65}@example.com", "That is not an email address"),
        ("email", "山田@example.jp", "That is not an email address"),
    ],
)
def test_refuses_what_cannot_be_seen_or_said(
    as_: Callable[[Account], PortalClient], cast: Cast, field: str, typed: str, sentence: str
) -> None:
    """T2-14, T2-15"""
    form = {
        "family_name": "Other",
        "email": "other@example.com",
        "login_id": "other",
        "language": "en",
        "type": "power",
    }
    answer = as_(cast.tanaka).submit("/o/aozora/members/add", form | {field: typed})
    assert answer.status_code in {400, 422}
    assert sentence in answer.get_data(as_text=True)
    assert accounts.find("other") is None


def test_registers_a_full_width_login_id_as_it_signs_in(
    as_: Callable[[Account], PortalClient], cast: Cast
) -> None:
    """T2-15"""
    form = {
        "family_name": "\ufeffOther\u200b",
        "email": "other@example.com",
        "login_id": "ｏｔｈｅｒ．１\u200b",
        "language": "en",
        "type": "power",
    }
    assert as_(cast.tanaka).submit("/o/aozora/members/add", form).status_code == 302
    found = accounts.find("other.1")
    assert found is not None
    assert (found.login_id, found.family_name) == ("other.1", "Other")
