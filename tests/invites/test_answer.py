"""Answering an invitation by the link of its letter (D-5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.kernel.tokens import digest
from app.models import Account, Activity, InviteStatus, Membership
from tests import factories
from tests.invites.conftest import ADD, given, link_in, opened, sent

SIGN_UP = {
    "family_name": "佐々木",
    "given_name": "健",
    "login_id": "sasaki",
    "password": "Sakura-no-hana-7",
    "language": "ja_JP",
    "time_zone": "Asia/Tokyo",
}


def test_a_head_answers_nothing(as_, cast):
    """D-5: no CSRF token is asked of a HEAD."""
    invite, token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    browser = as_(cast.newcomer)
    assert browser.head(f"/invites/{token}").status_code == 302
    assert browser.head(opened(browser, token)).status_code == 200
    db.session.refresh(invite)
    assert invite.status is InviteStatus.PENDING


def test_a_get_never_accepts(as_, cast):
    """D-5"""
    _invite, token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    browser = as_(cast.newcomer)
    assert browser.get(opened(browser, token)).status_code == 200
    assert as_(cast.newcomer).get(f"/invites/{sent()[0].public_id}/accept").status_code == 405
    assert sent()[0].status is InviteStatus.PENDING


def test_a_new_person_makes_an_account_and_joins(client, cast, as_, letters):
    """S1-23, S3-50, D-5"""
    as_(cast.tanaka).submit(ADD, given("sasaki@example.jp", language="ja_JP"))
    path = opened(client, link_in(letters("invite")[0]).removeprefix("/invites/"))
    assert "sasaki@example.jp" in client.get(path).get_data(as_text=True)
    answer = client.submit(path, SIGN_UP | {"email": "someone-else@example.com"})
    account = db.session.scalars(select(Account).where(Account.login_id == "sasaki")).one()
    assert (account.email, account.email_verified_at is not None, account.language) == (
        "sasaki@example.jp",
        True,
        "ja_JP",
    )
    assert (
        db.session.scalars(select(Membership).where(Membership.account_id == account.id))
        .one()
        .organization_id
        == cast.aozora.id
    )
    assert answer.status_code == 302
    assert client.get("/o/aozora/").status_code == 200


def test_the_organizations_second_step_is_asked_before_anything_opens(client, cast):
    """D-5, D-4"""
    cast.aozora.two_factor_required = True
    _invite, token = factories.invite(cast.aozora, "sasaki@example.jp", cast.tanaka)
    answer = client.submit(opened(client, token), SIGN_UP)
    assert answer.location.endswith("/login/code/")
    assert "/login/" in client.get("/o/aozora/").location


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"password": "short"}, "password"),
        ({"login_id": "tanaka"}, "Another account has this login ID"),
        ({"login_id": "a@b"}, "cannot contain @"),
        ({"family_name": ""}, "Enter a family name."),
        ({"family_name": "Sa\x00saki"}, "cannot be used here"),
        ({"time_zone": "Mars/Base"}, "Not a valid choice"),
    ],
)
def test_a_mistake_keeps_the_form_and_the_invitation(client, cast, more, told):
    _invite, token = factories.invite(cast.aozora, "sasaki@example.jp", cast.tanaka)
    answer = client.submit(opened(client, token), SIGN_UP | more)
    page = answer.get_data(as_text=True)
    assert answer.status_code in (409, 422)
    assert told in page and 'value="健"' in page
    assert sent()[0].status is InviteStatus.PENDING
    assert db.session.scalar(select(Account.id).where(Account.email == "sasaki@example.jp")) is None


@pytest.mark.parametrize("address", ["newcomer@example.com", "zenji@example.com"])
def test_the_wrong_account_is_told_both_addresses(as_, cast, address):
    """D-5"""
    _invite, token = factories.invite(cast.aozora, address, cast.tanaka)
    browser = as_(cast.yamada)
    answer = browser.get(opened(browser, token))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert address in page and cast.yamada.email in page
    assert browser.submit(opened(browser, token), {"answer": "accept"}).status_code == 403
    assert sent()[0].status is InviteStatus.PENDING


def test_the_wrong_account_is_led_through_signing_out_and_back(as_, cast):
    """T2-113"""
    _invite, token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    browser = as_(cast.yamada)
    path = opened(browser, token)
    page = browser.get(path).get_data(as_text=True)
    assert f'name="next" value="{path}"' in page and "Sign out and continue" in page
    answer = browser.submit("/logout/", {"next": path}, page=path)
    assert answer.location == path
    assert "Sign in to answer" in browser.get(path).get_data(as_text=True)


def test_a_stranger_with_an_account_signs_in_first_and_comes_back(client, cast):
    _invite, token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    path = opened(client, token)
    page = client.get(path).get_data(as_text=True)
    assert f"next={path}" in page.replace("%2F", "/")
    assert "family_name" not in page


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"status": InviteStatus.DECLINED}, "was declined"),
        ({"expires_at": factories.NOW}, "expired on"),
    ],
)
def test_a_link_that_is_over_says_why(client, cast, more, told):
    """S1-22, D-2"""
    _invite, token = factories.invite(cast.aozora, "sasaki@example.jp", cast.tanaka, **more)
    answer = client.get(opened(client, token))
    assert (answer.status_code, told in answer.get_data(as_text=True)) == (410, True)
    assert client.submit(opened(client, token), SIGN_UP, page="/login/").status_code == 410
    assert db.session.scalar(select(Account.id).where(Account.email == "sasaki@example.jp")) is None


def test_of_a_cancelled_invitation_nothing_but_the_account_is_left(client, cast):
    """S3-52"""
    _invite, token = factories.invite(
        cast.aozora, "sasaki@example.jp", cast.tanaka, status=InviteStatus.CANCELLED
    )
    assert client.submit(opened(client, token), SIGN_UP).status_code == 302
    account = db.session.scalars(select(Account).where(Account.login_id == "sasaki")).one()
    assert account.memberships == []
    assert (
        "You belong to no organization"
        in client.get("/", follow_redirects=True).get_data(as_text=True)
        or account.language == "ja_JP"
    )


@pytest.mark.parametrize("how", ["expired", "cancelled"])
def test_an_older_link_opens_no_newer_invitation(as_, cast, client, now, how):
    """Whoever has a letter of before, wherever from, does not get in by what is sent to its owner
    later.
    """
    sent_at = now - timedelta(days=30 if how == "expired" else 1)
    old, token = factories.invite(cast.aozora, "sasaki@example.jp", cast.tanaka, sent_at=sent_at)
    tanaka = as_(cast.tanaka)
    if how == "cancelled":
        tanaka.submit(f"/o/aozora/invites/delete/{old.id}", page="/invites/")
    tanaka.submit(ADD, given("sasaki@example.jp"))
    assert client.submit(opened(client, token), SIGN_UP, page="/login/").status_code == (
        410 if how == "expired" else 302
    )
    [new] = [one for one in sent() if one.status is InviteStatus.PENDING]
    client.submit(f"/invites/{new.public_id}/accept", page="/invites/")
    assert client.get("/o/aozora/").status_code in (302, 404)


@pytest.mark.parametrize("token", ["x", "x" * 3000, "%00", "..%2F", "<script>"])
def test_a_link_that_never_was_is_not_found(client, cast, token):
    assert client.get(f"/invites/{token}").status_code in (400, 404)


def test_the_link_is_kept_as_a_digest_only(as_, cast, letters):
    as_(cast.tanaka).submit(ADD, given("sasaki@example.jp"))
    token = link_in(letters("invite")[0]).removeprefix("/invites/")
    assert sent()[0].token_digest == digest(token)
    pages = [
        as_(cast.tanaka).get(path).get_data(as_text=True)
        for path in ("/o/aozora/invites/list/", f"/o/aozora/invites/show/{sent()[0].id}")
    ]
    assert all(token not in page for page in pages)
    assert all(token not in str(one.details) for one in db.session.scalars(select(Activity)))
