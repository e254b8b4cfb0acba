"""Editing an account's identity by the platform administrator (S2-25…S2-32, D-C3). It …"""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from app.accounts import service as accounts
from app.activity_log.rendering import render_all
from app.extensions import db
from app.kernel.i18n import in_language
from app.models import Activity, LinkPurpose, PasswordLink
from app.passwords import links
from tests import factories
from tests.accounts.conftest import Letters, edit
from tests.cast import Cast
from tests.conftest import PortalClient


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
        (detail,) = render_all(lines)[0].details
    assert (detail.label, detail.before, detail.after) == ("Family name", "鈴木", "鈴本")
