"""Registering an account is refused to everybody but the platform administrator, and where the
login ID, the address or a name cannot be (S2-01, S2-19). It …
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.seat import Seat
from app.accounts import registering
from app.accounts.identity import EmailTaken, LoginIdTaken
from app.extensions import db
from app.models import Account, Letter
from tests import factories
from tests.accounts.conftest import KATO, As, Letters, found
from tests.cast import Cast
from tests.conftest import PortalClient, at_once


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
                time_zone="Asia/Tokyo",
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
