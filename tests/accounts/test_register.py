"""Registering an account by the platform administrator (S2-11…S2-14, D-C4). It …"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Activity
from tests.accounts.conftest import KATO, Letters, found, token_in
from tests.cast import Cast
from tests.conftest import PortalClient


def test_makes_an_account_that_belongs_nowhere_and_is_managed_by_nobody(root: PortalClient) -> None:
    """S2-11, S2-12."""
    answer = root.submit("/accounts/add", KATO)
    kato = found("kato")
    assert kato is not None
    assert answer.location == f"/accounts/show/{kato.id}"
    assert (kato.family_name, kato.given_name, kato.reading, kato.latin_name) == (
        "加藤",
        "真理子",
        "かとう まりこ",
        "Mariko Kato",
    )
    assert (kato.email, kato.language, kato.time_zone, kato.notifications) == (
        "kato@example.jp",
        "ja_JP",
        "Asia/Tokyo",
        True,
    )
    assert (kato.memberships, kato.managed_by, kato.password_hash, kato.email_verified_at) == (
        [],
        None,
        None,
        None,
    )
    page = root.get(answer.location).get_data(as_text=True)
    assert "was registered." in page
    assert "belongs to no organization yet" in page


def test_keeps_that_notifications_are_off(root: PortalClient) -> None:
    root.submit(
        "/accounts/add", {key: value for key, value in KATO.items() if key != "notifications"}
    )
    kato = found("kato")
    assert kato is not None
    assert not kato.notifications


def test_sends_a_letter_in_their_language_whose_link_sets_the_password_they_sign_in_with(
    app: Flask, root: PortalClient, client: PortalClient, letters: Letters
) -> None:
    """S2-12, S2-14, D-C4: a link, never a password."""
    root.submit("/accounts/add", KATO)
    (letter,) = letters("account_registered")
    assert (letter.recipient, letter.language) == ("kato@example.jp", "ja_JP")
    assert "加藤 真理子 様" in letter.text
    assert "ログインID：kato" in letter.text
    answer = client.submit(f"/password/set/{token_in(letter)}", {"password": "Correct-Horse-8"})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    kato = found("kato")
    assert kato is not None
    assert kato.password_hash
    assert not kato.must_change_password
    assert kato.email_verified_at
    visitor: Any = app.test_client()
    assert (
        visitor.submit("/login/", {"login_id": "kato", "password": "Correct-Horse-8"}).status_code
        == 302
    )


@pytest.mark.parametrize(
    ("language", "words"), [("en", "An account for"), ("ja_JP", "アカウントを登録")]
)
def test_says_the_same_in_both_parts_of_the_letter(
    root: PortalClient, letters: Letters, language: str, words: str
) -> None:
    root.submit("/accounts/add", KATO | {"language": language})
    (letter,) = letters("account_registered")
    assert words in letter.text
    assert words in letter.html
    assert token_in(letter) in letter.html


def test_leaves_a_line_in_the_log(root: PortalClient, cast: Cast) -> None:
    root.submit("/accounts/add", KATO)
    line = db.session.scalars(select(Activity).where(Activity.event == "account_registered")).one()
    assert (line.actor_id, line.subject_name, line.organization_id) == (
        cast.root.id,
        "加藤 真理子",
        None,
    )
