"""Editing an account's identity by the platform administrator (S2-25…S2-32, D-C3). It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.seat import Seat
from app.accounts import service as accounts
from app.activity.telling import tell_all
from app.extensions import db
from app.kernel.i18n import in_language
from app.models import Account, Activity, LinkPurpose, PasswordLink
from app.passwords import links
from tests import factories
from tests.accounts.conftest import As, Letters
from tests.cast import Cast
from tests.conftest import PortalClient, at_once


def typed(account: Account, **changes: Any) -> dict[str, Any]:
    """What the form of an account would send, with changes; None leaves an entry out."""
    entries = {
        "family_name": account.family_name,
        "given_name": account.given_name,
        "reading": account.reading,
        "latin_name": account.latin_name,
        "email": account.email,
        "login_id": account.login_id,
        "language": account.language,
        "time_zone": account.time_zone,
        "notifications": "y" if account.notifications else None,
        "two_factor": "y" if account.two_factor else None,
    }
    return {name: value for name, value in (entries | changes).items() if value is not None}


def edit(browser: PortalClient, account: Account, **changes: Any) -> Any:
    return browser.submit(f"/accounts/edit/{account.id}", typed(account, **changes))


def test_shows_what_the_account_has(root: PortalClient, cast: Cast) -> None:
    cast.suzuki.time_zone, cast.suzuki.two_factor = "Asia/Tokyo", True
    page = root.get(f"/accounts/edit/{cast.suzuki.id}").get_data(as_text=True)
    for value in (
        "鈴木",
        "一郎",
        "すずき いちろう",
        "Ichiro Suzuki",
        "suzuki@example.com",
        "suzuki",
    ):
        assert f'value="{value}"' in page
    assert '<option value="Asia/Tokyo" selected>' in page.replace("selected value", "value")
    assert page.count(" checked") == 2, "notifications and 2-step verification"


def test_saves_every_entry(root: PortalClient, cast: Cast) -> None:
    """S2-25, S2-26."""
    wanted = {
        "family_name": "佐々木",
        "given_name": "次郎",
        "reading": "ささき じろう",
        "latin_name": "Jiro Sasaki",
        "email": "sasaki@example.jp",
        "login_id": "sasaki",
        "language": "en",
        "time_zone": "Europe/Berlin",
    }
    answer = edit(root, cast.suzuki, **wanted, notifications=None, two_factor="y")
    assert answer.location == f"/accounts/show/{cast.suzuki.id}"
    assert {name: getattr(cast.suzuki, name) for name in wanted} == wanted
    assert (cast.suzuki.notifications, cast.suzuki.two_factor) == (False, True)
    assert accounts.find("SASAKI") is cast.suzuki
    page = root.get(answer.location).get_data(as_text=True)
    assert "The account of 佐々木 次郎 (Jiro Sasaki) was changed." in page


def test_edits_any_account_also_of_several_organizations_and_the_administrators_own(
    root: PortalClient, cast: Cast
) -> None:
    """D-C3."""
    factories.membership(cast.yamada, cast.aozora)
    for who in (cast.yamada, cast.root, cast.newcomer):
        assert edit(root, who, reading="あたらしい").status_code == 302
        assert who.reading == "あたらしい"


def test_tells_the_old_and_the_new_address_what_changed_and_by_whom(
    root: PortalClient, cast: Cast, letters: Letters
) -> None:
    edit(root, cast.suzuki, email="ichiro@example.jp", family_name="鈴本")
    (old,), (new,) = (
        letters("account_changed", to="suzuki@example.com"),
        letters("account_changed", to="ichiro@example.jp"),
    )
    for letter in (old, new):
        for part in (letter.text, letter.html):
            for words in (
                "アカウント情報が変更されました",
                "メールアドレス、姓",
                "操作者",
                "Root Rita",
                "http://localhost/profile/",
            ):
                assert words in part
    assert "本メールが最後" in old.text
    assert "本メールが最後" not in new.text
    assert "ichiro@example.jp" not in old.text + old.html, (
        "whoever reads the old address does not learn the new one"
    )


def test_tells_in_english_too(root: PortalClient, cast: Cast, letters: Letters) -> None:
    edit(root, cast.smith, login_id="john", email="john@example.com")
    for letter in letters("account_changed"):
        for words in ("Changed: Login ID, E-mail", "the login ID john", "By: Rita Root"):
            assert words in letter.text
        assert letter.subject.endswith("was changed")
    assert len(letters("account_changed")) == 2


def test_tells_of_2_step_verification_and_not_of_preferences(
    root: PortalClient, cast: Cast, letters: Letters
) -> None:
    """S2-29: on, and S2-32: a preference."""
    edit(root, cast.smith, notifications=None, language="ja_JP", time_zone="Asia/Tokyo")
    assert not letters()
    edit(root, cast.smith, two_factor="y")
    (letter,) = letters("account_changed")
    assert "2段階認証：オンになりました" in letter.text
    edit(root, cast.smith, two_factor=None)
    assert "2段階認証：オフになりました" in letters("account_changed")[-1].text
    events = [line.event for line in db.session.scalars(select(Activity).order_by(Activity.id))]
    assert events == ["account_edited", "two_factor_on", "two_factor_off"]


def test_says_so_to_somebody_who_changed_it_alone(
    cast: Cast, letters: Letters, now: datetime
) -> None:
    accounts.edit_identity(cast.smith, by=cast.smith, now=now, login_id="john")
    db.session.commit()
    (letter,) = letters("account_changed")
    assert "was changed by you." in letter.text
    assert "By:" not in letter.text


def test_asks_for_a_code_at_the_next_sign_in_once_2_step_verification_is_on(
    app: Flask, root: PortalClient, cast: Cast, client: PortalClient, letters: Letters
) -> None:
    """S2-29, S2-30."""
    edit(root, cast.smith, two_factor="y")
    answer = client.submit("/login/", {"login_id": "smith", "password": factories.PASSWORD})
    assert answer.location.startswith("/login/code/")
    assert letters("sign_in_code", to=cast.smith.email)


def test_counts_a_new_address_as_unverified_and_kills_the_links_sent_to_the_old_one(
    root: PortalClient, cast: Cast, now: datetime
) -> None:
    links.new_link(cast.smith, LinkPurpose.FORGOTTEN, now=now)
    edit(root, cast.smith, reading="スミス")
    link = db.session.scalars(select(PasswordLink)).one()
    assert link.used_at is None
    assert cast.smith.email_verified_at
    edit(root, cast.smith, email="john@example.com")
    assert link.used_at
    assert cast.smith.email_verified_at is None


def test_changes_nothing_and_tells_nobody_when_nothing_differs(
    root: PortalClient, cast: Cast, letters: Letters
) -> None:
    assert edit(root, cast.suzuki).status_code == 302
    assert not letters()
    assert not db.session.scalars(select(Activity)).all()


def test_leaves_a_line_in_the_log_of_each_organization(root: PortalClient, cast: Cast) -> None:
    factories.membership(cast.suzuki, cast.minato)
    edit(root, cast.suzuki, family_name="鈴本")
    lines = list(
        db.session.scalars(
            select(Activity)
            .where(Activity.event == "account_edited")
            .order_by(Activity.organization_id)
        )
    )
    assert [line.organization_id for line in lines] == [cast.aozora.id, cast.minato.id]
    assert all(
        line.as_platform and line.details == {"changes": {"family_name": ["鈴木", "鈴本"]}}
        for line in lines
    )
    with in_language("en"):
        (detail,) = tell_all(lines)[0].details
    assert (detail.label, detail.before, detail.after) == ("Family name", "鈴木", "鈴本")


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
