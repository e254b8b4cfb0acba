"""What an invitation's row offers, and deleting one that is over (T2-43, T2-44). It …"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Activity, Invite, InviteStatus
from tests import factories
from tests.invites.conftest import sent
from tests.rest.conftest import Caller, issued

LIST = "/o/aozora/invites/list/"
ACTION = "/o/aozora/invites/action"


@pytest.fixture
def pending(cast):
    return factories.invite(cast.aozora, "open@example.com", cast.tanaka)[0].id


@pytest.fixture
def over(cast, now):
    """One that was declined and one that has expired."""
    return [
        factories.invite(cast.aozora, "no@example.com", cast.tanaka, status=InviteStatus.DECLINED)[
            0
        ].id,
        factories.invite(
            cast.aozora, "late@example.com", cast.tanaka, expires_at=now - timedelta(days=1)
        )[0].id,
    ]


def test_offers_each_row_what_its_invitation_can_go_through(as_, cast, pending, over):
    """T2-43: send again and cancel while it waits; invite again and delete once it is over."""
    page = as_(cast.tanaka).get(LIST).get_data(as_text=True)
    for verb in ("resend", "delete", "again", "discard"):
        assert f'data-verb-name="{verb}"' in page
    assert len(re.findall(r'data-locks="again discard"', page)) == 1
    assert len(re.findall(r'data-locks="delete edit resend"', page)) == 2


def test_offers_nothing_of_it_to_who_only_looks(as_, cast, pending):
    """T2-43: suzuki reads invitations at most."""
    cast.membership(cast.suzuki).authorities = frozenset({"organization_invitation_viewer"})
    db.session.commit()
    page = as_(cast.suzuki).get(LIST).get_data(as_text=True)
    assert 'data-verb-name="show"' in page and 'data-verb-name="resend"' not in page
    assert as_(cast.suzuki).get(f"{ACTION}/discard/{pending}").status_code == 403


def test_asks_before_it_sends_again_and_writes_nothing_by_asking(as_, cast, pending):
    """T2-43"""
    tanaka = as_(cast.tanaka)
    page = tanaka.get(f"{ACTION}/resend/{pending}").get_data(as_text=True)
    assert "Send the invitation to open@example.com again?" in page
    assert not db.session.scalars(select(Activity).where(Activity.event == "invite_resent")).all()
    tanaka.submit(f"{ACTION}/resend/{pending}")
    assert db.session.scalars(select(Activity).where(Activity.event == "invite_resent")).all()


def test_leads_from_one_that_is_over_to_a_new_one_that_is_filled_in(as_, cast, over):
    """T2-43"""
    page = as_(cast.tanaka).get(f"/o/aozora/invites/again/{over[0]}", follow_redirects=True)
    assert "no@example.com" in page.get_data(as_text=True)


def test_deletes_what_is_over(as_, cast, over):
    """T2-43, S3-34, S3-51: the row goes, the log keeps that it was."""
    tanaka = as_(cast.tanaka)
    for pk in over:
        assert tanaka.submit(f"{ACTION}/discard/{pk}").location == LIST
    assert sent() == []
    told = db.session.scalars(select(Activity).where(Activity.event == "invite_deleted")).all()
    assert {line.subject_name for line in told} == {"no@example.com", "late@example.com"}


def test_deletes_many_and_says_which_are_still_open(as_, cast, pending, over):
    """T2-43: in one go, the open one refused with its reason."""
    tanaka = as_(cast.tanaka)
    rows = {"action": "discard", "rowid": [str(pk) for pk in (pending, *over)]}
    answer = tanaka.act("/o/aozora/invites/action_post", rows, follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert "2 invitations were deleted." in page
    assert "open@example.com: This invitation is still waiting for an answer." in page
    assert [one.address for one in sent()] == ["open@example.com"]


def test_names_the_safe_button_keep(as_, cast, pending):
    """T2-44: not "Cancel / Cancel the invitation"."""
    tanaka = as_(cast.tanaka)
    page = tanaka.get(f"/o/aozora/invites/delete/{pending}").get_data(as_text=True)
    assert re.search(r"data-cancel>Keep<", page)
    cast.tanaka.language = "ja_JP"
    db.session.commit()
    page = tanaka.get(f"/o/aozora/invites/delete/{pending}").get_data(as_text=True)
    assert re.search(r"data-cancel>閉じる<", page)


def test_deletes_for_machines_too(app, cast, pending, over):
    """T2-43: 204 for one that is over, 409 for one that is open."""
    key, secret = issued(cast.membership(cast.tanaka), ["member_manager"])
    call, by_id = Caller(app, secret, key), {one.id: one.public_id for one in sent()}
    assert call("DELETE", f"/invites/{by_id[pending]}").status_code == 409
    assert call("DELETE", f"/invites/{by_id[over[0]]}").status_code == 204
    assert db.session.get(Invite, over[0]) is None
