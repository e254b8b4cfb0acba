"""Answering an invitation in the envelope, signed in (D-5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import InviteStatus, Membership, MemberType
from tests import factories
from tests.invites.conftest import opened, sent


def test_the_envelope_lists_open_invitations_soonest_first(as_, cast, now):
    """S1-01, S1-02, S1-03"""
    factories.invite(
        cast.minato, cast.newcomer.email, cast.yamada, expires_at=now + timedelta(days=5)
    )
    factories.invite(
        cast.aozora, cast.newcomer.email, cast.tanaka, expires_at=now + timedelta(days=2)
    )
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
    invite, _token = factories.invite(
        cast.aozora,
        cast.newcomer.email,
        cast.tanaka,
        authorities=frozenset({"user_viewer"}),
        roles=[role],
    )
    answer = as_(cast.newcomer).submit(f"/invites/{invite.public_id}/accept", page="/invites/")
    assert answer.location.endswith("/o/aozora/")
    made = db.session.scalars(
        select(Membership).where(Membership.account_id == cast.newcomer.id)
    ).one()
    assert (made.type, made.authorities, [one.name for one in made.roles]) == (
        MemberType.GENERAL,
        {"user_viewer"},
        ["Support"],
    )
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
    assert (
        as_(cast.yamada).submit(f"/invites/{invite.public_id}/{verb}", page="/invites/").status_code
        == 404
    )
    assert sent()[0].status is InviteStatus.PENDING


@pytest.mark.parametrize("how", ["expired", "cancelled"])
def test_an_invitation_that_is_over_cannot_be_accepted(as_, cast, now, how):
    """S1-25, D-5"""
    more = (
        {"expires_at": now - timedelta(seconds=1)}
        if how == "expired"
        else {"status": InviteStatus.CANCELLED}
    )
    invite, _token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka, **more)
    answer = as_(cast.newcomer).submit(
        f"/invites/{invite.public_id}/accept", page="/invites/", follow_redirects=True
    )
    assert "has been answered, cancelled or has expired" in answer.get_data(as_text=True)
    assert (
        db.session.scalars(
            select(Membership).where(Membership.account_id == cast.newcomer.id)
        ).all()
        == []
    )


def test_an_unverified_address_answers_by_the_link_only(as_, cast):
    cast.newcomer.email_verified_at = None
    invite, token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    browser = as_(cast.newcomer)
    told = browser.submit(
        f"/invites/{invite.public_id}/accept", page="/invites/", follow_redirects=True
    ).get_data(as_text=True)
    assert "not verified yet" in told
    answer = browser.submit(opened(browser, token), {"answer": "accept"})
    assert answer.location.endswith("/o/aozora/")
    db.session.refresh(cast.newcomer)
    assert cast.newcomer.email_verified_at is not None


def test_an_address_that_is_only_claimed_shows_nobodys_invitations(as_, cast):
    """Anybody may move to an address that has no account yet; who invites its owner is none of
    their business.
    """
    cast.newcomer.email_verified_at = None
    factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    page = as_(cast.newcomer).get("/invites/").get_data(as_text=True)
    assert "not verified yet" in page
    assert (
        "Aozora" not in page
        and cast.tanaka.email not in page
        and 'rounded-pill count">' not in page
    )
