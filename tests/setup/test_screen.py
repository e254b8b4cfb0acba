"""The first start: /setup/<token>. It …"""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.policy import Identity
from app.demo import service as demo
from app.extensions import db
from app.kernel.clock import utcnow
from app.models import Account, Activity, Membership, Organization
from app.setup import service as setup
from tests.conftest import PortalClient, at_once
from tests.portal_client import TOKEN

FORM = {
    "family_name": "佐々木",
    "given_name": "愛",
    "email": "root@aozora.example",
    "login_id": "sasaki",
    "password": "Violet-Kettle-92",
    "language": "ja_JP",
    "time_zone": "Asia/Tokyo",
    "organization_name": "株式会社あおぞら",
    "organization_code": "aozora",
}
Fresh = Callable[[], PortalClient]


def token_file(app: Flask) -> Path:
    return Path(app.config["SETTINGS"].instance_path) / "setup_token"


def test_makes_the_administrator_and_the_organization_and_signs_in(
    app: Flask, client: PortalClient, link: str
) -> None:
    """S2-15, S2-17: by the rules of every password."""
    page = client.get(link)
    assert page.status_code == 200
    assert "Set up the portal" in page.get_data(as_text=True)
    answer = client.submit(link, FORM)
    assert answer.location == "/o/aozora/"
    assert client.get("/o/aozora/").status_code == 200
    account = db.session.scalars(select(Account)).one()
    assert (account.login_id, account.language, account.must_change_password) == (
        "sasaki",
        "ja_JP",
        False,
    )
    assert [role.name for role in account.roles] == ["Admin"]
    assert account.email_verified_at is not None
    membership = db.session.scalars(select(Membership)).one()
    assert membership.is_power
    assert membership.organization.code == "aozora"
    assert "platform_set_up" in db.session.scalars(select(Activity.event)).all()


def test_works_once(app: Flask, client: PortalClient, link: str) -> None:
    client.submit(link, FORM)
    stranger = app.test_client()
    assert isinstance(stranger, PortalClient)
    assert stranger.get(link).status_code == 410
    assert (
        stranger.submit(
            link,
            FORM | {"organization_code": "other", "login_id": "other", "email": "o@x.example"},
            page="/login/",
        ).status_code
        == 410
    )
    assert db.session.query(Account).count() == 1
    assert not token_file(app).exists()
    assert setup.new_link() is None


def test_the_link_of_an_earlier_start_is_dead(app: Flask, client: PortalClient, link: str) -> None:
    newer = setup.new_link()
    assert newer
    assert client.get(link).status_code == 410
    assert client.get(newer.removeprefix("http://localhost")).status_code == 200


@pytest.mark.parametrize("token", ["nonsense", "x" * 500])
def test_opens_for_nobody_without_the_link(
    app: Flask, client: PortalClient, link: str, token: str
) -> None:
    assert client.get(f"/setup/{token}").status_code == 410
    assert client.submit(f"/setup/{token}/demo", page="/login/").status_code == 410
    setup.forget_link()
    assert client.get(link).status_code == 410
    assert db.session.query(Account).count() == 0


def test_keeps_the_link_as_a_digest_that_only_the_owner_reads(app: Flask, link: str) -> None:
    assert link.removeprefix("/setup/") not in token_file(app).read_text()
    assert stat.S_IMODE(token_file(app).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"password": "short"}, "The password needs:"),
        ({"password": "Aozora-2026!"}, "without your name or the organization’s"),
        ({"login_id": "a@b"}, "cannot contain @"),
        ({"login_id": "Violet-Kettle-92"}, "something other than the login ID"),
        ({"login_id": "bad\x00id"}, "cannot be used"),
        ({"email": "nonsense"}, "That is not an email address"),
        ({"family_name": ""}, "Enter a family name."),
        ({"organization_code": "Not A Code"}, 'id="organization_code-error"'),
        ({"organization_code": "x" * 33}, "At most 32"),
        ({"organization_name": ""}, "Fill this in."),
        ({"time_zone": "Mars/Olympus"}, 'id="time_zone-error"'),
    ],
)
def test_says_at_its_field_what_is_wrong_and_keeps_the_rest(
    app: Flask, client: PortalClient, link: str, wrong: dict[str, str], sentence: str
) -> None:
    answer = client.submit(link, FORM | wrong)
    assert answer.status_code in {400, 422}
    page = answer.get_data(as_text=True)
    assert sentence in page
    assert 'value="愛"' in page
    assert (
        "Violet-Kettle-92" not in page.replace('value="Violet-Kettle-92"', "")
        or "login_id" in wrong
    )
    assert db.session.query(Account).count() == db.session.query(Organization).count() == 0
    assert client.get("/profile/").status_code == 302
    token = TOKEN.search(page)
    assert token
    assert client.post(link, data=FORM | {"csrf_token": token[1]}).location == "/o/aozora/", (
        "the refused page can be sent again"
    )


def test_of_two_who_set_it_up_at_once_one_does(each_app: Flask) -> None:
    """Once, however many try, on both databases."""

    def set_up(number: int) -> Callable[[], str]:
        def verb() -> str:
            person = Identity(
                family_name="Root",
                given_name="",
                email=f"root{number}@x.example",
                login_id=f"root{number}",
                language="en",
                time_zone="UTC",
            )
            account, _organization = setup.set_up(
                person, code=f"first{number}", name="First", now=utcnow()
            )
            db.session.commit()
            return account.login_id

        return verb

    results = at_once(each_app, *(set_up(number) for number in range(4)))
    assert sum(isinstance(one, str) for one in results) == 1
    assert sum(isinstance(one, setup.AlreadySetUp) for one in results) == 3
    assert db.session.query(Account).count() == 1


def test_offers_the_demo(app: Flask, client: PortalClient, link: str) -> None:
    answer = client.submit(f"{link}/demo", page=link)
    assert answer.location == "/login/"
    page = client.get("/login/").get_data(as_text=True)
    assert "The demo is loaded." in page
    assert demo.PASSWORD in page
    assert (
        client.submit("/login/", {"login_id": "tanaka", "password": demo.PASSWORD}).location == "/"
    )
    assert client.get(link).status_code == 410


def test_offers_no_demo_in_public(
    app: Flask, client: PortalClient, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody knows the demo's password."""
    monkeypatch.setitem(
        app.config,
        "SETTINGS",
        replace(app.config["SETTINGS"], portal_url="https://members.example"),
    )
    assert "/demo" not in client.get(link).get_data(as_text=True)
    assert client.submit(f"{link}/demo", page=link).status_code == 400
    assert db.session.query(Account).count() == 0


def test_strangers_read_where_the_link_stands_before_it_is_used(
    app: Flask, client: PortalClient, link: str
) -> None:
    """T2-03: never the link itself."""
    page = client.get("/", follow_redirects=True).get_data(as_text=True)
    assert "This portal is not set up yet" in page
    assert "flask portal setup" in page
    assert link.rpartition("/")[2] not in page
    assert 'name="password"' not in page
    client.submit(link, FORM)
    assert 'name="password"' in app.test_client().get("/login/").get_data(as_text=True)


def test_the_link_of_an_earlier_start_says_that_it_was_replaced(
    app: Flask, client: PortalClient, link: str
) -> None:
    """T2-98: two first starts on one folder."""
    assert setup.new_link()
    page = client.get(link)
    assert page.status_code == 410
    assert "This set-up link was replaced" in page.get_data(as_text=True)
