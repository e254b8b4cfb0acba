"""What an organization does with its invitations: show, edit, send again, cancel."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models import InviteStatus, LetterState
from tests import factories
from tests.invites.conftest import ADD, LIST, given, link_in, sent


def test_the_page_of_one_shows_its_id_and_its_steps(as_, cast, letters):
    """S3-49, S3-50"""
    browser = as_(cast.tanaka)
    browser.submit(ADD, given("emma@example.com"))
    invite = sent()[0]
    page = browser.get(f"/o/aozora/invites/show/{invite.id}").get_data(as_text=True)
    assert (
        invite.public_id in page
        and "Letter handed to the mail server" in page
        and "Account made" in page
    )


def test_resending_renews_the_week_and_the_link(as_, client, cast, letters, now):
    """S1-24"""
    browser = as_(cast.tanaka)
    browser.submit(ADD, given("emma@example.com"))
    invite, old = sent()[0], link_in(letters("invite")[0])
    invite.expires_at = now + timedelta(hours=1)
    browser.submit(f"/o/aozora/invites/action/resend/{invite.id}", page=LIST)
    first, second = letters("invite")
    assert (sent()[0].expires_at - now) > timedelta(days=6, hours=23)
    assert first.state is LetterState.DROPPED
    assert (client.get(old).status_code, client.get(link_in(second)).status_code) == (410, 302)


def test_cancelling_kills_the_link_and_the_letter(as_, client, cast, letters):
    """S1-25, S3-51"""
    browser = as_(cast.tanaka)
    browser.submit(ADD, given(cast.newcomer.email))
    invite = sent()[0]
    assert "Cancel the invitation of" in browser.get(
        f"/o/aozora/invites/delete/{invite.id}"
    ).get_data(as_text=True)
    browser.submit(f"/o/aozora/invites/delete/{invite.id}")
    assert sent()[0].status is InviteStatus.CANCELLED
    assert letters("invite")[0].state is LetterState.DROPPED
    assert "No invitations for you" in as_(cast.newcomer).get("/invites/").get_data(as_text=True)


def test_what_is_offered_can_be_edited_while_pending(as_, cast):
    """S3-34"""
    invite, _token = factories.invite(
        cast.aozora, "emma@example.com", cast.tanaka, authorities=frozenset({"user_viewer"})
    )
    path = f"/o/aozora/invites/edit/{invite.id}"
    browser = as_(cast.tanaka)
    assert 'value="user_viewer"' in browser.get(path).get_data(as_text=True)
    assert browser.submit(path, {"type": "general", "preset": "accounting"}).status_code == 302
    assert sent()[0].authorities == {"invoice_downloader", "inquiry_user"}
    assert browser.submit(path, {"type": "general", "preset": "custom"}).status_code == 422


@pytest.mark.parametrize("how", ["expired", "declined", "accepted", "cancelled"])
def test_no_action_is_offered_or_taken_on_one_that_is_over(as_, cast, letters, how):
    """S1-26, D-C2"""
    more = {"expires_at": factories.NOW} if how == "expired" else {"status": InviteStatus(how)}
    invite, _token = factories.invite(
        cast.aozora, "emma@example.com", cast.tanaka, authorities=frozenset({"user_viewer"}), **more
    )
    browser = as_(cast.tanaka)
    page = browser.get(f"/o/aozora/invites/show/{invite.id}").get_data(as_text=True)
    assert (
        f"/action/resend/{invite.id}" not in page
        and f"/delete/{invite.id}" not in page
        and f"/edit/{invite.id}" not in page
    )
    browser.submit(f"/o/aozora/invites/action/resend/{invite.id}", page=LIST)
    browser.submit(f"/o/aozora/invites/delete/{invite.id}", page=LIST)
    browser.submit(
        f"/o/aozora/invites/edit/{invite.id}",
        {"type": "general", "preset": "accounting"},
        page=LIST,
    )
    kept = sent()[0]
    assert (kept.status, kept.authorities, letters()) == (
        InviteStatus.PENDING if how == "expired" else InviteStatus(how),
        {"user_viewer"},
        [],
    )


def test_several_are_handled_at_once_and_each_refusal_is_told(as_, cast):
    """S1-26"""
    ids = [factories.invite(cast.aozora, f"p{n}@example.com", cast.tanaka)[0].id for n in range(2)]
    late = factories.invite(cast.aozora, "late@example.com", cast.tanaka, expires_at=factories.NOW)[
        0
    ].id
    foreign = factories.invite(cast.minato, "far@example.com", cast.yamada)[0].id
    told = (
        as_(cast.tanaka)
        .act(
            "/o/aozora/invites/action_post",
            {"action": "cancel", "rowid": [*ids, late, foreign]},
            page=LIST,
            follow_redirects=True,
        )
        .get_data(as_text=True)
    )
    assert "2 invitations were cancelled." in told and "late@example.com" in told
    assert [one.status for one in sent()] == [
        InviteStatus.CANCELLED,
        InviteStatus.CANCELLED,
        InviteStatus.PENDING,
        InviteStatus.PENDING,
    ]


@pytest.mark.parametrize("verb", ["edit", "delete", "action/resend"])
@pytest.mark.parametrize(("who", "status"), [("yamada", 404), ("smith", 403), ("viewer", 403)])
def test_others_may_not_touch_them(as_, cast, verb, who, status):
    """S1-10"""
    viewer = factories.account("viewer")
    factories.membership(viewer, cast.aozora, authorities=["organization_invitation_viewer"])
    invite, _token = factories.invite(cast.aozora, "emma@example.com", cast.tanaka)
    browser = as_(viewer if who == "viewer" else getattr(cast, who))
    form = {"type": "general", "preset": "all"}
    assert (
        browser.submit(f"/o/aozora/invites/{verb}/{invite.id}", form, page="/invites/").status_code
        == status
    )
    assert sent()[0].status is InviteStatus.PENDING


def test_the_outsider_cannot_reach_an_invitation_through_their_own_organization(as_, cast):
    invite, _token = factories.invite(cast.aozora, "emma@example.com", cast.tanaka)
    browser = as_(cast.yamada)
    assert browser.get(f"/o/minato/invites/show/{invite.id}").status_code == 404
    assert (
        browser.submit(f"/o/minato/invites/delete/{invite.id}", page="/invites/").status_code == 404
    )


def test_nobody_touches_an_invitation_above_themselves(as_, cast):
    """D-1"""
    manager = factories.account("manager")
    factories.membership(manager, cast.aozora, authorities=["member_manager"])
    invite, _token = factories.invite(cast.aozora, "emma@example.com", cast.tanaka, type="power")
    browser = as_(manager)
    browser.submit(f"/o/aozora/invites/delete/{invite.id}")
    browser.submit(f"/o/aozora/invites/action/resend/{invite.id}", page=LIST)
    browser.submit(
        f"/o/aozora/invites/edit/{invite.id}",
        {"type": "general", "preset": "custom", "authorities": ["member_manager"]},
        page=LIST,
    )
    assert (sent()[0].status, str(sent()[0].type)) == (InviteStatus.PENDING, "power")


def test_the_viewer_sees_the_list_but_no_buttons(as_, cast):
    """S1-06, S1-10"""
    viewer = factories.account("viewer")
    factories.membership(viewer, cast.aozora, authorities=["organization_invitation_viewer"])
    factories.invite(cast.aozora, "emma@example.com", cast.tanaka, expires_at=factories.NOW)
    page = as_(viewer).get(LIST).get_data(as_text=True)
    assert "emma@example.com" in page
    assert "New invitation" not in page and "Invite again" not in page and "rowid" not in page
