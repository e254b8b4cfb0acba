"""What becomes of pending invitations whose inviter goes, or may send them no more. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.extensions import db
from app.member_roles import deleting
from app.member_roles import service as roles
from app.memberships import service as members
from app.models import Account, Activity, Invite, InviteStatus
from app.offers.offer import Offer
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
BASE = "/o/aozora/members"


@pytest.fixture
def manager(cast: Cast) -> Account:
    """smith, who manages members by a role and sent one invitation."""
    role = factories.role(cast.aozora, "Team lead", "member_manager")
    own = cast.membership(cast.smith)
    own.roles, own.authorities = [role], frozenset({"user_viewer"})
    factories.invite(
        cast.aozora, "a@example.com", cast.smith, authorities=frozenset({"user_viewer"})
    )
    db.session.commit()
    return cast.smith


def waiting() -> list[Invite]:
    db.session.expire_all()
    return db.session.query(Invite).filter_by(status=InviteStatus.PENDING).all()


def told(event: str) -> list[Activity]:
    return db.session.query(Activity).filter_by(event=event).all()


@pytest.mark.parametrize("how", ["member", "role", "deleted role"])
def test_falls_with_the_right_to_invite(
    cast: Cast, manager: Account, now: datetime, how: str
) -> None:
    """T2-96: whichever way Member Manager is lost; told in the log."""
    by, own = factories.seat(cast.membership(cast.tanaka)), cast.membership(manager)
    [role] = own.roles
    if how == "member":
        keeps = Offer(authorities=frozenset({"user_viewer", "billing_viewer"}))
        members.edit(own, offer=keeps, by=by, now=now)
    elif how == "role":
        roles.edit(role, cast.aozora, name="Lead", description="", authorities=[], by=by, now=now)
    else:
        deleting.delete(role, cast.aozora, without=True, by=by, now=now)
    db.session.commit()
    assert waiting() == []
    assert [line.subject_name for line in told("invite_cancelled")] == ["a@example.com"]


def test_stays_while_the_inviter_may_still_send_it(
    cast: Cast, manager: Account, now: datetime
) -> None:
    by, own = factories.seat(cast.membership(cast.tanaka)), cast.membership(manager)
    keeps = Offer(roles=tuple(own.roles), authorities=frozenset({"billing_viewer"}))
    members.edit(own, offer=keeps, by=by, now=now)
    assert len(waiting()) == 1, "User Viewer is ordinary: given without being held"


@pytest.mark.parametrize("how", ["edit", "role", "delete of the role"])
def test_is_counted_on_the_page_that_asks(cast: Cast, manager: Account, as_: As, how: str) -> None:
    """T2-96."""
    browser, own = as_(cast.tanaka), cast.membership(manager)
    form = {"type": "general", "preset": "custom", "authorities": ["user_viewer"]}
    role = f"/o/aozora/roles/%s/{own.roles[0].id}"
    if how == "edit":
        page = browser.submit(f"{BASE}/edit/{own.id}", form)
    elif how == "role":
        page = browser.submit(role % "edit", {"name": "Lead", "authorities": ["user_viewer"]})
    else:
        page = browser.get(role % "delete")
    assert "1 pending invitation they sent promises more" in page.get_data(as_text=True)
    assert len(waiting()) == 1


@pytest.mark.parametrize("path", ["delete", "suspension", "edit", "bulk"])
@pytest.mark.parametrize("keeps", [True, False])
def test_is_kept_under_the_name_of_who_acts_where_that_is_chosen(
    cast: Cast, manager: Account, as_: As, path: str, keeps: bool
) -> None:
    """T2-48: offered, not done unasked; link and end stay as they were."""
    [before] = waiting()
    was = (before.token_digest, before.expires_at)
    pk = cast.membership(manager).id
    form: dict[str, object] = {"keep_invites": "1"} if keeps else {}
    browser, address = as_(cast.tanaka), f"{BASE}/{path}/{pk}"
    if path == "edit":
        form |= {"type": "general", "preset": "custom", "authorities": ["user_viewer"]}
        page = browser.submit(address, form)
        form |= {"sure": "1"}
    elif path == "bulk":
        address = f"{BASE}/action_post"
        form |= {"action": "remove", "rowid": [str(pk)]}
        asked = browser.submit(address, form, page="/profile/")
        page = browser.get(asked.location)
    else:
        page = browser.get(address)
    assert "Keep 1 pending invitation under my name" in page.get_data(as_text=True)
    assert browser.act(address, form, page="/profile/").status_code == 302
    found = waiting()
    assert len(found) == keeps
    if keeps:
        assert found[0].inviter_id == cast.tanaka.id
        assert found[0].inviter_email == cast.tanaka.email
        assert (found[0].token_digest, found[0].expires_at) == was
        [line] = told("invite_taken_over")
        assert "Smith" in line.details["inviter"]
    assert len(told("invite_cancelled")) == (not keeps)


def test_keeps_only_what_the_actor_may_send(cast: Cast, manager: Account, now: datetime) -> None:
    """T2-48, D-1: the others are cancelled."""
    higher, _token = factories.invite(
        cast.aozora, "b@example.com", manager, authorities=frozenset({"role_manager"})
    )
    cast.membership(cast.suzuki).authorities = frozenset({"member_manager"})
    db.session.commit()
    by = factories.seat(cast.membership(cast.suzuki))
    members.remove(cast.membership(manager), keep=True, by=by, now=now)
    db.session.commit()
    assert [one.address for one in waiting()] == ["a@example.com"]
    assert db.session.get_one(Invite, higher.id).status is InviteStatus.CANCELLED


@pytest.mark.parametrize("replaced", [True, False])
def test_is_told_when_the_role_it_promises_is_deleted(
    cast: Cast, now: datetime, replaced: bool
) -> None:
    """T2-47: an invitation that moves to another role has a line of its own."""
    old, new = (factories.role(cast.aozora, name, "billing_viewer") for name in ("Old", "New"))
    factories.invite(cast.aozora, "c@example.com", cast.tanaka, roles=[old])
    db.session.commit()
    deleting.delete(
        old,
        cast.aozora,
        replacement=new if replaced else None,
        without=not replaced,
        by=factories.seat(cast.membership(cast.tanaka)),
        now=now,
    )
    [line] = told("invite_edited")
    assert line.subject_name == "c@example.com"
    assert line.details["changes"]["roles"] == [["Old"], ["New"] if replaced else []]


@pytest.mark.parametrize("path", ["edit", "delete"])
def test_says_before_it_opens_that_an_invitation_is_over(cast: Cast, as_: As, path: str) -> None:
    """T2-46"""
    sent_at = datetime.now(cast.aozora.created_at.tzinfo) - timedelta(days=9)
    over, _token = factories.invite(cast.aozora, "d@example.com", cast.tanaka, sent_at=sent_at)
    fresh, _token = factories.invite(cast.aozora, "e@example.com", cast.tanaka)
    db.session.commit()
    browser = as_(cast.tanaka)
    assert browser.get(f"/o/aozora/invites/{path}/{over.id}").status_code == 410
    assert browser.get(f"/o/aozora/invites/{path}/{fresh.id}").status_code == 200


@pytest.mark.parametrize("path", ["edit", "delete"])
def test_is_locked_where_its_change_would_be_refused(cast: Cast, as_: As, path: str) -> None:
    """D-1: a hidden button and a refused page never disagree."""
    cast.membership(cast.smith).authorities = frozenset({"member_manager", "user_viewer"})
    higher, _token = factories.invite(
        cast.aozora, "f@example.com", cast.tanaka, authorities=frozenset({"role_manager"})
    )
    db.session.commit()
    browser = as_(cast.smith)
    answer = browser.get(f"/o/aozora/invites/{path}/{higher.id}")
    assert answer.status_code == 403
    assert "You need “Role Manager” to change this invitation." in answer.get_data(as_text=True)
    shown = browser.get(f"/o/aozora/invites/show/{higher.id}").get_data(as_text=True)
    assert f"/o/aozora/invites/{path}/{higher.id}" not in shown
