"""Editing an account is refused to everybody but the platform administrator, and where the login
ID, the address or a name cannot be (S2-01, S2-26). It …
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from app.access.seat import Seat
from app.accounts import service as accounts
from app.extensions import db
from app.models import Account
from tests import factories
from tests.accounts.conftest import As, Letters, edit, typed
from tests.cast import Cast
from tests.conftest import PortalClient, at_once


@pytest.mark.parametrize(
    ("entry", "wrong", "sentence"),
    [
        ("family_name", "", "Enter a family name."),
        ("reading", "か" * 129, "At most 128 characters."),
        ("latin_name", "a\nb", "cannot be used here"),
        ("email", "suzuki@", "That is not an email address"),
        ("login_id", "su@zuki", "cannot contain @"),
        ("login_id", "su zuki", "A login ID has 1 to 64 characters"),
        ("language", "xx", "Not a valid choice"),
    ],
)
def test_refuses_malformed_input_at_its_field_and_saves_nothing(
    root: PortalClient, cast: Cast, letters: Letters, entry: str, wrong: str, sentence: str
) -> None:
    """S2-26."""
    answer = edit(root, cast.suzuki, **{"given_name": "次郎", entry: wrong})
    page = answer.get_data(as_text=True)
    assert 400 <= answer.status_code < 500
    assert sentence in page[page.index(f'id="{entry}-error"') :]
    assert 'value="次郎"' in page, "what was typed stays"
    assert cast.suzuki.given_name == "一郎"
    assert not letters()


@pytest.mark.parametrize(
    "taken",
    [
        {"login_id": "TANAKA"},
        {"email": "Tanaka@Aozora.Example"},
        {"email": "tanaka＠aozora.example"},
    ],
    ids=["login ID", "address", "wide address"],
)
def test_refuses_what_another_account_has_however_it_is_written(
    root: PortalClient, cast: Cast, taken: dict[str, str]
) -> None:
    answer = edit(root, cast.suzuki, **taken)
    assert answer.status_code == 409
    assert "Another account has this" in answer.get_data(as_text=True)
    assert (cast.suzuki.login_id, cast.suzuki.email) == ("suzuki", "suzuki@example.com")


def test_lets_somebody_keep_their_own_name_in_other_letters(root: PortalClient, cast: Cast) -> None:
    assert edit(root, cast.suzuki, login_id="Suzuki", email="Suzuki@example.com").status_code == 302
    assert (cast.suzuki.login_id, cast.suzuki.email) == ("Suzuki", "Suzuki@example.com")


def test_takes_only_one_of_two_who_change_to_the_same_name_at_once(
    each_app: Flask, now: datetime
) -> None:
    chief, one, two = (
        factories.platform_administrator(factories.account("chief")),
        factories.account("one"),
        factories.account("two"),
    )
    db.session.commit()
    ids, chief_id = (one.id, two.id), chief.id

    def renaming(account_id: int, **wanted: Any) -> Callable[[], str]:
        def verb() -> str:
            by = Seat(db.session.get_one(Account, chief_id), is_platform_administrator=True)
            accounts.edit_identity(
                db.session.get_one(Account, account_id), by=by, now=now, **wanted
            )
            db.session.commit()
            return "done"

        return verb

    for wanted, refusal in (
        ({"login_id": "kato"}, "LoginIdTaken"),
        ({"email": "kato@example.com"}, "EmailTaken"),
    ):
        results = at_once(each_app, *(renaming(one, **wanted) for one in ids))
        assert sorted(type(one).__name__ for one in results) == sorted([refusal, "str"])


def test_is_closed_to_everybody_else(cast: Cast, as_: As, client: PortalClient) -> None:
    """S2-01: a power user of the same organization, a viewer, an outsider, the account's owner, a
    stranger.
    """
    path = f"/accounts/edit/{cast.smith.id}"
    for who in (cast.tanaka, cast.suzuki, cast.yamada, cast.smith):
        browser = as_(who)
        assert browser.get(path).status_code == 403
        assert (
            browser.submit(
                path, typed(cast.smith, family_name="Taken"), page="/profile/"
            ).status_code
            == 403
        )
    assert client.get(path).location.startswith("/login/")
    assert client.submit(
        path, typed(cast.smith, family_name="Taken"), page="/login/"
    ).location.startswith("/login/")
    assert cast.smith.family_name == "Smith"


@pytest.mark.parametrize("pk", ["0", "999999", "99999999999999999999", "-1", "abc", "1%00", "１"])
def test_knows_no_account_by_any_other_id(root: PortalClient, cast: Cast, pk: str) -> None:
    for page in ("show", "edit", "delete", "suspension"):
        assert root.get(f"/accounts/{page}/{pk}").status_code == 404
    assert (
        root.submit(f"/accounts/action/reinstate/{pk}", page="/accounts/list/").status_code == 404
    )
