"""Answering an invitation: in the envelope, and by the letter's link (D-5)."""
from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.invites import answering
from app.invites import service as invites
from app.invites.service import InviteOver
from app.kernel.tokens import digest
from app.models import Account, Activity, Invite, InviteStatus, Membership, MemberType
from tests import cast as people
from tests import factories
from tests.conftest import at_once
from tests.invites.conftest import ADD, given, link_in, sent

SIGN_UP = {
    "family_name": "佐々木", "given_name": "健", "login_id": "sasaki", "password": "Sakura-no-hana-7", "language": "ja_JP", "time_zone": "Asia/Tokyo",
}


def members_of(organization):
    return db.session.scalar(select(func.count(Membership.id)).where(Membership.organization_id == organization.id))


# the envelope

def test_the_envelope_lists_open_invitations_soonest_first(as_, cast, now):
    """S1-01, S1-02, S1-03"""
    factories.invite(cast.minato, cast.newcomer.email, cast.yamada, expires_at=now + timedelta(days=5))
    factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka, expires_at=now + timedelta(days=2))
    gone = factories.organization("gone", "Gone Ltd")
    factories.invite(gone, cast.newcomer.email, cast.yamada, expires_at=now - timedelta(minutes=1))
    page = as_(cast.newcomer).get("/invites/").get_data(as_text=True)
    assert page.index("Aozora Inc.") < page.index("Minato Design")
    assert "<code>aozora</code>" in page and cast.tanaka.email in page and "General user" in page
    assert "Gone Ltd" not in page
    assert 'rounded-pill count">2<' in page


def test_accepting_joins_with_what_was_offered(as_, cast, letters):
    """S1-04, S4-10"""
    role = factories.role(cast.aozora, "Support", "inquiry_user")
    invite, _token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka, authorities=frozenset({"user_viewer"}), roles=[role])
    answer = as_(cast.newcomer).submit(f"/invites/{invite.public_id}/accept", page="/invites/")
    assert answer.location.endswith("/o/aozora/")
    made = db.session.scalars(select(Membership).where(Membership.account_id == cast.newcomer.id)).one()
    assert (made.type, made.authorities, [one.name for one in made.roles]) == (MemberType.GENERAL, {"user_viewer"}, ["Support"])
    assert made.invited_by_id == cast.tanaka.id
    assert [letter.recipient for letter in letters("invite_accepted")] == [cast.tanaka.email]


def test_declining_is_told_to_the_organization(as_, cast, letters):
    """S1-05, S3-33"""
    invite, _token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    as_(cast.newcomer).submit(f"/invites/{invite.public_id}/decline", page="/invites/")
    assert sent()[0].status is InviteStatus.DECLINED
    assert [letter.recipient for letter in letters("invite_declined")] == [cast.tanaka.email]
    assert "Declined" in as_(cast.tanaka).get("/o/aozora/invites/list/").get_data(as_text=True)


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_somebody_elses_invitation_is_not_there(as_, cast, verb):
    """D-5"""
    invite, _token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    assert as_(cast.yamada).submit(f"/invites/{invite.public_id}/{verb}", page="/invites/").status_code == 404
    assert sent()[0].status is InviteStatus.PENDING


@pytest.mark.parametrize("how", ["expired", "cancelled"])
def test_an_invitation_that_is_over_cannot_be_accepted(as_, cast, now, how):
    """S1-25, D-5"""
    more = {"expires_at": now - timedelta(seconds=1)} if how == "expired" else {"status": InviteStatus.CANCELLED}
    invite, _token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka, **more)
    answer = as_(cast.newcomer).submit(f"/invites/{invite.public_id}/accept", page="/invites/", follow_redirects=True)
    assert "has been answered, cancelled or has expired" in answer.get_data(as_text=True)
    assert db.session.scalars(select(Membership).where(Membership.account_id == cast.newcomer.id)).all() == []


def test_an_unverified_address_answers_by_the_link_only(as_, cast):
    cast.newcomer.email_verified_at = None
    invite, token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    browser = as_(cast.newcomer)
    told = browser.submit(f"/invites/{invite.public_id}/accept", page="/invites/", follow_redirects=True).get_data(as_text=True)
    assert "not verified yet" in told
    assert browser.submit(f"/invites/{token}", {"answer": "accept"}).location.endswith("/o/aozora/")
    db.session.refresh(cast.newcomer)
    assert cast.newcomer.email_verified_at is not None


def test_an_address_that_is_only_claimed_shows_nobodys_invitations(as_, cast):
    """Anybody may move to an address that has no account yet; who invites its owner is none of their business."""
    cast.newcomer.email_verified_at = None
    factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    page = as_(cast.newcomer).get("/invites/").get_data(as_text=True)
    assert "not verified yet" in page
    assert "Aozora" not in page and cast.tanaka.email not in page and 'rounded-pill count">' not in page


# the link

def test_a_head_answers_nothing(as_, cast):
    """D-5: no CSRF token is asked of a HEAD."""
    invite, token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    assert as_(cast.newcomer).head(f"/invites/{token}").status_code == 200
    db.session.refresh(invite)
    assert invite.status is InviteStatus.PENDING


def test_a_get_never_accepts(as_, cast):
    """D-5"""
    _invite, token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    assert as_(cast.newcomer).get(f"/invites/{token}").status_code == 200
    assert as_(cast.newcomer).get(f"/invites/{sent()[0].public_id}/accept").status_code == 405
    assert sent()[0].status is InviteStatus.PENDING


def test_a_new_person_makes_an_account_and_joins(client, cast, as_, letters):
    """S1-23, S3-50, D-5"""
    as_(cast.tanaka).submit(ADD, given("sasaki@example.jp", language="ja_JP"))
    link = link_in(letters("invite")[0])
    page = client.get(link).get_data(as_text=True)
    assert "sasaki@example.jp" in page
    answer = client.submit(link, SIGN_UP | {"email": "someone-else@example.com"})
    account = db.session.scalars(select(Account).where(Account.login_id == "sasaki")).one()
    assert (account.email, account.email_verified_at is not None, account.language) == ("sasaki@example.jp", True, "ja_JP")
    assert db.session.scalars(select(Membership).where(Membership.account_id == account.id)).one().organization_id == cast.aozora.id
    assert answer.status_code == 302
    assert client.get("/o/aozora/").status_code == 200


def test_the_organizations_second_step_is_asked_before_anything_opens(client, cast):
    """D-5, D-4"""
    cast.aozora.two_factor_required = True
    _invite, token = factories.invite(cast.aozora, "sasaki@example.jp", cast.tanaka)
    answer = client.submit(f"/invites/{token}", SIGN_UP)
    assert answer.location.endswith("/login/code/")
    assert "/login/" in client.get("/o/aozora/").location


@pytest.mark.parametrize(("more", "told"), [
    ({"password": "short"}, "password"), ({"login_id": "tanaka"}, "Another account has this login ID"), ({"login_id": "a@b"}, "cannot contain @"),
    ({"family_name": ""}, "Fill this in."), ({"family_name": "Sa\x00saki"}, "cannot be used here"), ({"time_zone": "Mars/Base"}, "Not a valid choice"),
])
def test_a_mistake_keeps_the_form_and_the_invitation(client, cast, more, told):
    _invite, token = factories.invite(cast.aozora, "sasaki@example.jp", cast.tanaka)
    answer = client.submit(f"/invites/{token}", SIGN_UP | more)
    page = answer.get_data(as_text=True)
    assert answer.status_code in (409, 422)
    assert told in page and 'value="健"' in page
    assert sent()[0].status is InviteStatus.PENDING
    assert db.session.scalar(select(Account.id).where(Account.email == "sasaki@example.jp")) is None


def test_the_wrong_account_is_told_both_addresses(as_, cast):
    """D-5"""
    _invite, token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    browser = as_(cast.yamada)
    answer = browser.get(f"/invites/{token}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert cast.newcomer.email in page and cast.yamada.email in page
    assert browser.submit(f"/invites/{token}", {"answer": "accept"}).status_code == 403
    assert sent()[0].status is InviteStatus.PENDING


def test_a_stranger_with_an_account_signs_in_first_and_comes_back(client, cast):
    _invite, token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    page = client.get(f"/invites/{token}").get_data(as_text=True)
    assert f"next=/invites/{token}" in page.replace("%2F", "/")
    assert "family_name" not in page


@pytest.mark.parametrize(("more", "told"), [
    ({"status": InviteStatus.DECLINED}, "was declined"), ({"expires_at": factories.NOW}, "expired on"),
])
def test_a_link_that_is_over_says_why(client, cast, more, told):
    """S1-22, D-2"""
    _invite, token = factories.invite(cast.aozora, "sasaki@example.jp", cast.tanaka, **more)
    answer = client.get(f"/invites/{token}")
    assert (answer.status_code, told in answer.get_data(as_text=True)) == (410, True)
    assert client.submit(f"/invites/{token}", SIGN_UP, page="/login/").status_code == 410
    assert db.session.scalar(select(Account.id).where(Account.email == "sasaki@example.jp")) is None


def test_of_a_cancelled_invitation_nothing_but_the_account_is_left(client, cast):
    """S3-52"""
    _invite, token = factories.invite(cast.aozora, "sasaki@example.jp", cast.tanaka, status=InviteStatus.CANCELLED)
    assert client.submit(f"/invites/{token}", SIGN_UP).status_code == 302
    account = db.session.scalars(select(Account).where(Account.login_id == "sasaki")).one()
    assert account.memberships == []
    assert "You belong to no organization" in client.get("/", follow_redirects=True).get_data(as_text=True) or account.language == "ja_JP"


@pytest.mark.parametrize("how", ["expired", "cancelled"])
def test_an_older_link_opens_no_newer_invitation(as_, cast, client, now, how):
    """Whoever has a letter of before, wherever from, does not get in by what is sent to its owner later."""
    sent_at = now - timedelta(days=30 if how == "expired" else 1)
    old, token = factories.invite(cast.aozora, "sasaki@example.jp", cast.tanaka, sent_at=sent_at)
    tanaka = as_(cast.tanaka)
    if how == "cancelled":
        tanaka.submit(f"/o/aozora/invites/delete/{old.id}", page="/invites/")
    tanaka.submit(ADD, given("sasaki@example.jp"))
    assert client.submit(f"/invites/{token}", SIGN_UP, page="/login/").status_code == (410 if how == "expired" else 302)
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
    pages = [as_(cast.tanaka).get(path).get_data(as_text=True) for path in ("/o/aozora/invites/list/", f"/o/aozora/invites/show/{sent()[0].id}")]
    assert all(token not in page for page in pages)
    assert all(token not in str(one.details) for one in db.session.scalars(select(Activity)))


# at once

def test_accepting_twice_at_once_makes_one_membership(each_app):
    """D-5"""
    cast = people.assemble()
    invite, _token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    ids = (invite.id, cast.newcomer.id)
    before = members_of(cast.aozora)
    db.session.commit()

    def accept():
        answering.accept(db.session.get(Invite, ids[0]), account=db.session.get(Account, ids[1]), by_link=True, now=factories.datetime.now(factories.UTC))
        db.session.commit()
        return "joined"

    results = at_once(each_app, accept, accept, accept)
    assert sorted(type(one) is InviteOver for one in results) == [False, True, True]
    db.session.expire_all()
    assert members_of(cast.aozora) == before + 1


def test_accepting_and_cancelling_at_once_has_one_winner(each_app):
    cast = people.assemble()
    invite, _token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    ids = (invite.id, cast.newcomer.id, cast.membership(cast.tanaka).id)
    db.session.commit()
    now = factories.datetime.now(factories.UTC)

    def accept():
        answering.accept(db.session.get(Invite, ids[0]), account=db.session.get(Account, ids[1]), by_link=True, now=now)
        db.session.commit()
        return "joined"

    def cancel():
        invites.cancel(db.session.get(Invite, ids[0]), by=factories.seat(db.session.get(Membership, ids[2])), now=now)
        db.session.commit()
        return "cancelled"

    won = [one for one in at_once(each_app, accept, cancel) if isinstance(one, str)]
    db.session.expire_all()
    assert len(won) == 1
    assert (sent()[0].status is InviteStatus.ACCEPTED) == (won == ["joined"])
    assert (db.session.scalar(select(Membership.id).where(Membership.account_id == ids[1])) is not None) == (won == ["joined"])


def test_inviting_one_address_twice_at_once_makes_one_invitation(each_app):
    cast = people.assemble()
    seat_id = cast.membership(cast.tanaka).id
    now = factories.datetime.now(factories.UTC)

    def send():
        by = factories.seat(db.session.get(Membership, seat_id))
        asking = invites.Asking(invites.Offer(authorities=frozenset({"user_viewer"})))
        invites.send(by.organization, to=["emma@example.com"], asking=asking, by=by, now=now)
        db.session.commit()
        return "sent"

    results = at_once(each_app, send, send)
    assert sorted(map(str, results))[-1] == "sent"
    assert len(sent()) == 1
