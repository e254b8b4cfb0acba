"""Registering an account by the platform administrator (S2-11…S2-19, D-C4). It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.seat import Seat
from app.accounts import registering
from app.accounts import service as accounts
from app.accounts.identity import EmailTaken, LoginIdTaken
from app.extensions import db
from app.models import Account, Activity, Letter, LinkPurpose, PasswordLink
from app.passwords import service as passwords
from tests import factories
from tests.accounts.conftest import As, Letters
from tests.cast import Cast
from tests.conftest import PortalClient, at_once

KATO = {
    "family_name": "加藤",
    "given_name": "真理子",
    "reading": "かとう まりこ",
    "latin_name": "Mariko Kato",
    "email": "kato@example.jp",
    "login_id": "kato",
    "language": "ja_JP",
    "time_zone": "Asia/Tokyo",
    "notifications": "y",
}


def found(login_id: str) -> Account | None:
    db.session.rollback()
    return accounts.find(login_id)


def token_in(letter: Letter) -> str:
    link = re.search(r"http://localhost/password/set/(\S+)", letter.text)
    assert link
    return link[1]


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
    assert "The account was registered." in page
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


@pytest.mark.parametrize(
    ("entry", "typed", "sentence"),
    [
        ("family_name", "", "Enter a family name."),
        ("family_name", "加" * 65, "At most 64 characters."),
        ("given_name", "a\x00b", "cannot be used here"),
        ("email", "nobody", "That is not an email address"),
        ("email", "a@b@example.jp", "That is not an email address"),
        ("email", "", "Enter an email address."),
        ("login_id", "", "Enter a login ID."),
        ("login_id", "kato@example.jp", "cannot contain @"),
        ("login_id", "ka to", "A login ID has 1 to 64 characters"),
        ("login_id", "加藤", "A login ID has 1 to 64 characters"),
        ("login_id", "k" * 65, "At most 64 characters."),
        ("language", "tlh", "Not a valid choice"),
        ("time_zone", "Mars/Olympus", "Not a valid choice"),
    ],
)
def test_refuses_malformed_input_at_its_field_and_registers_nothing(
    root: PortalClient, letters: Letters, entry: str, typed: str, sentence: str
) -> None:
    """S2-19."""
    answer = root.submit("/accounts/add", KATO | {entry: typed})
    page = answer.get_data(as_text=True)
    assert 400 <= answer.status_code < 500
    assert sentence in page[page.index(f'id="{entry}-error"') :]
    assert 'value="かとう まりこ"' in page, "what was typed stays"
    assert found("kato") is None
    assert not letters()


@pytest.mark.parametrize("login_id", ["tanaka", "TANAKA", "Tanaka"])
def test_refuses_a_login_id_that_is_taken_however_it_is_written(
    root: PortalClient, letters: Letters, login_id: str
) -> None:
    answer = root.submit("/accounts/add", KATO | {"login_id": login_id})
    assert answer.status_code == 409
    assert "Another account has this login ID." in answer.get_data(as_text=True)
    assert not letters()


@pytest.mark.parametrize(
    "email",
    [
        "tanaka@aozora.example",
        "TANAKA@AOZORA.example",
        "ｔａｎａｋａ＠ａｏｚｏｒａ．ｅｘａｍｐｌｅ",
        " Tanaka@aozora.example ",
    ],
)
def test_refuses_an_address_that_is_taken_however_it_is_written(
    root: PortalClient, email: str
) -> None:
    answer = root.submit("/accounts/add", KATO | {"email": email})
    assert answer.status_code == 409
    assert "Another account has this e-mail address." in answer.get_data(as_text=True)
    assert found("kato") is None


def test_takes_only_one_of_two_who_want_the_same_login_id_at_once(
    each_app: Flask, now: datetime
) -> None:
    chief = factories.platform_administrator(factories.account("chief"))
    db.session.commit()
    chief_id = chief.id

    def registering_as(login_id: str, email: str) -> Callable[[], str]:
        def verb() -> str:
            by = Seat(db.session.get_one(Account, chief_id), is_platform_administrator=True)
            registering.register(
                by=by,
                now=now,
                family_name="Kato",
                given_name="",
                email=email,
                login_id=login_id,
                language="en",
            )
            db.session.commit()
            return login_id

        return verb

    results = at_once(
        each_app,
        registering_as("kato", "one@example.com"),
        registering_as("KATO", "two@example.com"),
    )
    assert sorted(type(one).__name__ for one in results) == ["LoginIdTaken", "str"]
    results = at_once(
        each_app,
        registering_as("three", "three@example.com"),
        registering_as("four", "Three@example.com"),
    )
    assert sorted(type(one).__name__ for one in results) == ["EmailTaken", "str"]
    assert {LoginIdTaken.status, EmailTaken.status} == {409}
    db.session.rollback()
    assert (
        len(db.session.scalars(select(Letter).where(Letter.kind == "account_registered")).all())
        == 2
    )


def test_is_closed_to_everybody_else(cast: Cast, as_: As, client: PortalClient) -> None:
    """S2-01: a power user, a viewer, an outsider and a stranger."""
    for who in (cast.tanaka, cast.suzuki, cast.yamada, cast.newcomer):
        browser = as_(who)
        assert browser.get("/accounts/add").status_code == 403
        assert browser.submit("/accounts/add", KATO, page="/profile/").status_code == 403
    for answer in (
        client.get("/accounts/add"),
        client.submit("/accounts/add", KATO, page="/login/"),
    ):
        assert answer.status_code == 302
        assert answer.location.startswith("/login/")
    assert found("kato") is None


# links to set a password


def test_sends_somebody_with_a_password_a_link_for_an_hour_and_leaves_the_password(
    root: PortalClient, cast: Cast, letters: Letters, client: PortalClient
) -> None:
    had = cast.suzuki.password_hash
    answer = root.submit(
        f"/accounts/action/send_password_link/{cast.suzuki.id}",
        page=f"/accounts/show/{cast.suzuki.id}",
    )
    assert answer.location == f"/accounts/show/{cast.suzuki.id}"
    assert f"on its way to {cast.suzuki.email}" in root.get(answer.location).get_data(as_text=True)
    (letter,) = letters("password_link", to=cast.suzuki.email)
    assert "鈴木" not in letter.subject
    assert "再設定" in letter.text
    link = passwords.find_link(token_in(letter), now=letter.created_at)
    assert link.purpose is LinkPurpose.FORGOTTEN
    assert letter.stale_at == link.expires_at, (
        "a letter whose link is dead is not delivered any more"
    )
    assert link.account.password_hash == had
    line = db.session.scalars(select(Activity).where(Activity.event == "password_link_sent")).one()
    assert (line.actor_id, line.subject_id, line.organization_id) == (
        cast.root.id,
        cast.suzuki.id,
        cast.aozora.id,
    )
    assert (
        client.submit(
            f"/password/set/{token_in(letter)}", {"password": "Correct-Horse-8"}
        ).status_code
        == 302
    )


def test_sends_somebody_without_a_password_the_first_letter_again_and_kills_the_older_link(
    root: PortalClient, letters: Letters, client: PortalClient
) -> None:
    root.submit("/accounts/add", KATO)
    kato = found("kato")
    assert kato is not None
    root.submit(f"/accounts/action/send_password_link/{kato.id}", page=f"/accounts/show/{kato.id}")
    first, second = letters("account_registered")
    assert client.get(f"/password/set/{token_in(first)}").status_code == 410
    assert client.get(f"/password/set/{token_in(second)}").status_code == 200


def test_sends_no_link_to_the_suspended(
    root: PortalClient, cast: Cast, letters: Letters, now: datetime
) -> None:
    cast.smith.suspended_at = now
    answer = root.submit(
        f"/accounts/action/send_password_link/{cast.smith.id}",
        page=f"/accounts/show/{cast.smith.id}",
    )
    assert "Reinstate it first." in root.get(answer.location).get_data(as_text=True)
    assert not letters()
    assert not db.session.scalars(select(PasswordLink)).all()


def test_sends_no_link_for_anybody_else(
    cast: Cast, as_: As, client: PortalClient, letters: Letters
) -> None:
    path = f"/accounts/action/send_password_link/{cast.smith.id}"
    for who in (cast.tanaka, cast.suzuki, cast.yamada):
        assert as_(who).submit(path, page="/profile/").status_code == 403
    assert client.submit(path, page="/login/").location.startswith("/login/")
    assert as_(cast.root).get(path).status_code == 405
    assert as_(cast.root).post(path).status_code == 400, "without the page's token"
    assert not letters()
