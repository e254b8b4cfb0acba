"""Suspending, reinstating and deleting whole accounts (D-3, D-2, D-C1, S2-27, S2-28). It …"""
from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.access.seat import Seat
from app.accounts import suspension
from app.accounts.suspension import LastAdministrator, LastPowerUserOf, OwnAccount, StillMember
from app.extensions import db
from app.kernel.errors import Forbidden, NotFound
from app.members import registering as members
from app.members.offer import Offer
from app.models import Account, AccountSession, Activity, Invite, InviteStatus, Letter, Membership, MemberType
from app.outbox.service import Draft, post
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, at_once

As = Callable[[Account], PortalClient]
Letters = Callable[..., list[Letter]]


@pytest.fixture
def root(cast: Cast, as_: As) -> PortalClient:
    return as_(cast.root)


def administrator(account: Account) -> Seat:
    """The seat of a platform administrator on a page of the platform."""
    return Seat(account, is_platform_administrator=True)


def suspend(browser: PortalClient, account: Account, reason: str = "") -> Any:
    return browser.submit(f"/accounts/suspension/{account.id}", {"reason": reason})


def act(browser: PortalClient, action: str, *accounts: Account, **more: str) -> Any:
    """Press a verb for the selected rows of the list."""
    data = {"action": action, "rowid": [str(one.id) for one in accounts], **more}
    return browser.submit("/accounts/action_post", data, page="/accounts/list/")


def body(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def lines(event: str) -> list[Activity]:
    return list(db.session.scalars(select(Activity).where(Activity.event == event).order_by(Activity.organization_id)))


# suspending one


def test_says_beforehand_what_goes_with_it(root: PortalClient, cast: Cast, as_: As) -> None:
    as_(cast.smith)
    factories.invite(cast.aozora, "guest@example.com", cast.smith)
    page = body(root.get(f"/accounts/suspension/{cast.smith.id}"))
    for words in (
        "Suspend the account of John Smith?", "signed out everywhere at once", "Open sessions", "Pending invitations sent", "1, will be cancelled",
    ):
        assert words in page
    assert not cast.smith.is_suspended, "a GET changes nothing"


def test_ends_every_session_on_the_very_next_request(root: PortalClient, cast: Cast, as_: As) -> None:
    """S2-27, D-C1."""
    desk, phone = as_(cast.smith), as_(cast.smith)
    assert desk.get("/profile/").status_code == 200
    answer = suspend(root, cast.smith, "Left the company")
    assert answer.location == f"/accounts/show/{cast.smith.id}"
    for browser in (desk, phone):
        assert browser.get("/profile/").location.startswith("/login/")
    assert not db.session.scalars(select(AccountSession).where(AccountSession.account_id == cast.smith.id, AccountSession.ended_at.is_(None))).all()
    page = body(root.get(answer.location))
    assert "The account was suspended." in page
    assert "Left the company" in page


def test_refuses_the_right_password_and_tells_why_only_then(root: PortalClient, cast: Cast, client: PortalClient) -> None:
    """D-3."""
    suspend(root, cast.smith)
    wrong = client.submit("/login/", {"login_id": "smith", "password": "Wrong-Horse-7"})
    assert "suspended" not in body(wrong)
    right = client.submit("/login/", {"login_id": "smith", "password": factories.PASSWORD})
    assert right.status_code == 403
    assert "Your account is suspended" in body(right)


def test_cancels_the_invitations_they_sent_and_withdraws_their_letters(root: PortalClient, cast: Cast, now: datetime) -> None:
    waiting, _token = factories.invite(cast.aozora, "guest@example.com", cast.smith)
    elsewhere, _token = factories.invite(cast.minato, "guest@example.com", cast.smith)
    others, _token = factories.invite(cast.aozora, "other@example.com", cast.tanaka)
    letter = post(Draft("test", "guest@example.com", "en", {"asked_at": now}, invite_id=waiting.id), now=now)
    suspend(root, cast.smith)
    assert [one.status for one in (waiting, elsewhere, others)] == [InviteStatus.CANCELLED, InviteStatus.CANCELLED, InviteStatus.PENDING]
    assert letter.state == "dropped"


def test_tells_the_person_by_letter_with_the_reason(root: PortalClient, cast: Cast, letters: Letters) -> None:
    suspend(root, cast.suzuki, "退職のため")
    (letter,) = letters("account_suspended")
    assert (letter.recipient, letter.language) == ("suzuki@example.com", "ja_JP")
    for part in (letter.text, letter.html):
        for words in ("鈴木 一郎 様", "停止されました", "退職のため", "Root Rita"):
            assert words in part
    root.submit(f"/accounts/action/reinstate/{cast.suzuki.id}", page=f"/accounts/show/{cast.suzuki.id}")
    (letter,) = letters("account_reinstated")
    assert "再有効化されました" in letter.text
    suspend(root, cast.smith)
    english = letters("account_suspended")[-1]
    assert "was suspended. Until it is reinstated, you cannot sign in." in english.text
    assert "Reason" not in english.text


def test_leaves_a_line_in_the_log_of_each_organization(root: PortalClient, cast: Cast) -> None:
    factories.membership(cast.smith, cast.minato)
    suspend(root, cast.smith, "Left")
    found = lines("account_suspended")
    assert [line.organization_id for line in found] == [cast.aozora.id, cast.minato.id]
    for line in found:
        assert (line.actor_id, line.subject_id, line.as_platform, line.details) == (cast.root.id, cast.smith.id, True, {"reason": "Left"})
    suspend(root, cast.newcomer)
    assert lines("account_suspended")[0].organization_id is None


def test_keeps_the_first_reason_when_it_is_suspended_already(root: PortalClient, cast: Cast) -> None:
    suspend(root, cast.smith, "First")
    answer = suspend(root, cast.smith, "Second")
    assert answer.status_code == 409
    assert "already suspended" in body(answer)
    assert cast.smith.suspended_reason == "First"


@pytest.mark.parametrize(("reason", "sentence"), [("x" * 501, "At most 500 characters."), ("a\x00b", "cannot be used here")])
def test_refuses_a_malformed_reason_at_its_field(root: PortalClient, cast: Cast, reason: str, sentence: str) -> None:
    answer = suspend(root, cast.smith, reason)
    assert answer.status_code == 422
    assert sentence in body(answer)
    many = act(root, "suspend", cast.smith, cast.suzuki, sure="1", reason=reason)
    assert many.status_code == 422
    assert sentence in body(many)
    assert not cast.smith.is_suspended


def test_never_suspends_oneself_nor_the_last_platform_administrator(root: PortalClient, cast: Cast) -> None:
    """S2-27."""
    answer = suspend(root, cast.root)
    assert answer.status_code == 409
    assert "You cannot suspend or delete your own account." in body(answer)
    second = factories.platform_administrator(factories.account("second"))
    assert suspend(root, second).status_code == 302
    assert not cast.root.is_suspended


def test_never_suspends_the_last_power_user_of_any_organization(root: PortalClient, cast: Cast) -> None:
    """D-2: nor somebody beside whom only the suspended would remain."""
    answer = suspend(root, cast.tanaka)
    assert answer.status_code == 409
    assert "The last power user of Aozora Inc. cannot be suspended." in body(answer)
    factories.membership(cast.newcomer, cast.aozora, power=True)
    assert suspend(root, cast.newcomer).status_code == 302
    assert suspend(root, cast.tanaka).status_code == 409
    factories.membership(cast.yamada, cast.aozora, power=True)
    assert suspend(root, cast.tanaka).status_code == 302
    assert suspend(root, cast.yamada).status_code == 409, "of another organization, and now of this one"


# reinstating


def test_lets_a_suspended_account_sign_in_again_but_revives_no_session(root: PortalClient, cast: Cast, as_: As, client: PortalClient) -> None:
    """S2-28."""
    before = as_(cast.smith)
    suspend(root, cast.smith)
    answer = root.submit(f"/accounts/action/reinstate/{cast.smith.id}", page=f"/accounts/show/{cast.smith.id}")
    assert "The account was reinstated." in body(root.get(answer.location))
    assert (cast.smith.suspended_at, cast.smith.suspended_reason) == (None, "")
    assert before.get("/profile/").location.startswith("/login/")
    assert client.submit("/login/", {"login_id": "smith", "password": factories.PASSWORD}).status_code == 302
    assert client.get("/o/aozora/").status_code == 200
    assert lines("account_reinstated")[0].organization_id == cast.aozora.id


def test_reinstates_only_the_suspended(root: PortalClient, cast: Cast) -> None:
    answer = root.submit(f"/accounts/action/reinstate/{cast.smith.id}", page=f"/accounts/show/{cast.smith.id}")
    assert "This account is not suspended." in body(root.get(answer.location))
    assert not lines("account_reinstated")


def test_leaves_a_suspended_membership_suspended(root: PortalClient, cast: Cast) -> None:
    suspend(root, cast.sato)
    root.submit(f"/accounts/action/reinstate/{cast.sato.id}", page=f"/accounts/show/{cast.sato.id}")
    assert cast.membership(cast.sato).is_suspended


# many at once


def test_names_everybody_and_who_cannot_be_before_many_are_suspended(root: PortalClient, cast: Cast) -> None:
    """S4-15."""
    answer = act(root, "suspend", cast.smith, cast.suzuki, cast.tanaka, cast.root)
    page = body(answer)
    assert answer.status_code == 200
    for words in ("Suspend 2 accounts?", "John Smith", "鈴木 一郎", "The last power user of Aozora Inc. cannot", "You cannot suspend or delete your own"):
        assert words in page
    assert page.count('name="rowid"') == 2
    assert not cast.smith.is_suspended


def test_suspends_many_and_says_which_could_not_be_and_why(root: PortalClient, cast: Cast, letters: Letters) -> None:
    answer = act(root, "suspend", cast.smith, cast.suzuki, cast.tanaka, cast.root, sure="1", reason="Cleaning up", next="/accounts/list/?q=s")
    assert answer.location == "/accounts/list/?q=s"
    page = body(root.get("/accounts/list/"))
    for words in ("2 accounts were suspended.", "2 could not be changed.", "田中 太郎: The last power user of Aozora Inc.", "Rita Root: You cannot"):
        assert words in page
    assert [one.suspended_reason for one in (cast.smith, cast.suzuki, cast.tanaka)] == ["Cleaning up", "Cleaning up", ""]
    assert len(letters("account_suspended")) == 2


def test_keeps_one_power_user_when_all_of_them_are_suspended_together(root: PortalClient, cast: Cast) -> None:
    """D-2."""
    factories.membership(cast.newcomer, cast.aozora, power=True)
    act(root, "suspend", cast.newcomer, cast.tanaka, sure="1")
    assert [cast.newcomer.is_suspended, cast.tanaka.is_suspended] == [True, False]


def test_reinstates_many(root: PortalClient, cast: Cast, now: datetime) -> None:
    cast.smith.suspended_at = cast.suzuki.suspended_at = now
    act(root, "reinstate", cast.smith, cast.suzuki, cast.tanaka)
    page = body(root.get("/accounts/list/"))
    assert "2 accounts were reinstated." in page
    assert "田中 太郎: This account is not suspended." in page
    assert not cast.smith.is_suspended


def test_says_so_when_nothing_was_selected(root: PortalClient) -> None:
    act(root, "suspend")
    assert "Nothing was selected." in body(root.get("/accounts/list/"))


# at the same moment


def test_keeps_one_power_user_when_both_are_suspended_at_once(each_app: Flask, now: datetime) -> None:
    """D-2: also under two simultaneous requests."""
    chief, one, two = factories.platform_administrator(factories.account("chief")), factories.account("one"), factories.account("two")
    where = factories.organization("acme")
    for who in (one, two):
        factories.membership(who, where, power=True)
    db.session.commit()
    chief_id = chief.id

    def suspending(account_id: int) -> Callable[[], str]:
        def verb() -> str:
            suspension.suspend(db.session.get_one(Account, account_id), reason="", by=administrator(db.session.get_one(Account, chief_id)), now=now)
            db.session.commit()
            return "done"
        return verb

    results = at_once(each_app, *(suspending(account_id) for account_id in (one.id, two.id)))
    assert sorted(type(one).__name__ for one in results) == ["LastPowerUserOf", "str"]


def test_keeps_one_administrator_when_two_suspend_each_other_at_once(each_app: Flask, now: datetime) -> None:
    one, two = (factories.platform_administrator(factories.account(name)) for name in ("one", "two"))
    db.session.commit()

    def suspending(account_id: int, by_id: int) -> Callable[[], str]:
        def verb() -> str:
            suspension.suspend(db.session.get_one(Account, account_id), reason="", by=administrator(db.session.get_one(Account, by_id)), now=now)
            db.session.commit()
            return "done"
        return verb

    results = at_once(each_app, suspending(one.id, two.id), suspending(two.id, one.id))
    assert sorted(type(one).__name__ for one in results) == ["Forbidden", "str"]
    db.session.rollback()
    assert db.session.scalar(select(func.count(Account.id)).where(Account.suspended_at.is_(None))) == 1


def test_never_deletes_an_account_that_joins_an_organization_at_the_same_moment(each_app: Flask, now: datetime) -> None:
    chief, guest = factories.platform_administrator(factories.account("chief")), factories.account("guest")
    acme = factories.organization("acme")
    member = factories.membership(factories.account("boss"), acme, power=True)
    db.session.commit()
    chief_id, guest_id, member_id = chief.id, guest.id, member.id

    def deleting() -> str:
        suspension.delete(db.session.get_one(Account, guest_id), by=administrator(db.session.get_one(Account, chief_id)), now=now)
        db.session.commit()
        return "deleted"

    def adding() -> str:
        by = factories.seat(db.session.get_one(Membership, member_id))
        offer = Offer(type=MemberType.POWER)
        try:
            members.add_existing(by.membership.organization, who="guest", offer=offer, by=by, now=now)  # type: ignore[union-attr]
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            return "too late"
        return "added"

    results = at_once(each_app, deleting, adding)
    db.session.rollback()
    left = db.session.scalar(select(func.count(Membership.id)).where(Membership.account_id == guest_id))
    if results[0] == "deleted":
        assert left == 0
        assert results[1] != "added"
    else:
        assert isinstance(results[0], StillMember)
        assert (results[1], left) == ("added", 1)


def test_does_nothing_for_an_administrator_who_was_suspended_meanwhile(cast: Cast, now: datetime) -> None:
    cast.root.suspended_at = now
    db.session.commit()
    for by in (cast.root, cast.yamada):
        with pytest.raises(Forbidden):
            suspension.suspend(cast.smith, reason="", by=administrator(by), now=now)
        with pytest.raises(Forbidden):
            suspension.delete(cast.newcomer, by=administrator(by), now=now)
        db.session.rollback()


def test_refuses_with_the_sentences_that_the_page_shows_beforehand(cast: Cast, now: datetime) -> None:
    second = factories.platform_administrator(factories.account("second", suspended_at=now))
    by = administrator(cast.root)
    for account, verb, refusal in (
        (cast.root, "suspend", OwnAccount), (cast.root, "delete", OwnAccount),
        (cast.tanaka, "suspend", LastPowerUserOf), (cast.tanaka, "delete", StillMember),
    ):
        with pytest.raises(refusal) as refused:
            suspension.suspend(account, reason="", by=by, now=now) if verb == "suspend" else suspension.delete(account, by=by, now=now)
        assert suspension.obstacles(account, by=by)[verb] == str(refused.value)
    with pytest.raises(LastAdministrator):
        suspension.ensure_dispensable(cast.root, by=administrator(second))
    assert suspension.obstacles(cast.newcomer, by=by) == {}


# deleting


def test_asks_before_deleting_and_says_what_goes_with_it(root: PortalClient, cast: Cast, as_: As) -> None:
    as_(cast.newcomer)
    factories.invite(cast.aozora, "guest@example.com", cast.newcomer)
    page = body(root.get(f"/accounts/delete/{cast.newcomer.id}"))
    for words in ("Delete the account of Emma Clark?", "This cannot be undone.", "Open sessions", "1, will be cancelled"):
        assert words in page
    assert db.session.get(Account, cast.newcomer.id)


def test_deletes_an_account_that_belongs_nowhere(root: PortalClient, cast: Cast, as_: As, client: PortalClient) -> None:
    theirs = as_(cast.newcomer)
    invite, _token = factories.invite(cast.aozora, "guest@example.com", cast.newcomer)
    gone, invite_id = cast.newcomer.id, invite.id
    answer = root.submit(f"/accounts/delete/{gone}")
    assert answer.location == "/accounts/list/"
    assert "The account was deleted." in body(root.get(answer.location))
    db.session.expire_all()
    assert db.session.get(Account, gone) is None
    kept = db.session.get_one(Invite, invite_id)
    assert (kept.status, kept.inviter_id) == (InviteStatus.CANCELLED, None)
    assert theirs.get("/profile/").location.startswith("/login/")
    assert client.submit("/login/", {"login_id": "newcomer", "password": factories.PASSWORD}).status_code == 401
    assert lines("account_deleted")[0].subject_name == "Clark Emma"


def test_deletes_an_administrator_who_registered_others_and_keeps_these(root: PortalClient, cast: Cast, as_: As) -> None:
    second = factories.platform_administrator(factories.account("second"))
    made = {"family_name": "Kato", "email": "kato@example.jp", "login_id": "kato", "language": "en", "time_zone": "UTC"}
    assert as_(second).submit("/accounts/add", made).status_code == 302
    gone = second.id
    assert root.submit(f"/accounts/delete/{gone}").location == "/accounts/list/"
    db.session.expire_all()
    assert db.session.get(Account, gone) is None
    assert db.session.scalar(select(Account.id).where(Account.login_id_key == "kato"))


def test_never_deletes_a_member_of_an_organization_nor_oneself(root: PortalClient, cast: Cast) -> None:
    for who, sentence in ((cast.smith, "Remove it there first."), (cast.root, "You cannot suspend or delete your own account.")):
        answer = root.submit(f"/accounts/delete/{who.id}", page="/accounts/list/")
        assert sentence in body(root.get(answer.location))
        assert db.session.get(Account, who.id)
    with pytest.raises(NotFound):
        suspension.delete(Account(id=10**6), by=administrator(cast.root), now=datetime.now(UTC))


# who may


def test_is_closed_to_everybody_else(cast: Cast, as_: As, client: PortalClient) -> None:
    """S2-01: power user, viewer, outsider, stranger; on every path, and never by GET."""
    pages = (f"/accounts/suspension/{cast.smith.id}", f"/accounts/delete/{cast.newcomer.id}")
    posts: list[tuple[str, dict[str, Any]]] = [
        (pages[0], {"reason": ""}), (pages[1], {}), (f"/accounts/action/reinstate/{cast.smith.id}", {}),
        ("/accounts/action_post", {"action": "suspend", "rowid": [str(cast.smith.id)], "sure": "1"}),
        ("/accounts/action_post", {"action": "reinstate", "rowid": [str(cast.smith.id)]}),
    ]
    for who in (cast.tanaka, cast.suzuki, cast.yamada):
        browser = as_(who)
        assert [browser.get(path).status_code for path in pages] == [403, 403]
        assert [browser.submit(path, data, page="/profile/").status_code for path, data in posts] == [403] * len(posts)
    for path, data in posts:
        assert client.submit(path, data, page="/login/").location.startswith("/login/")
    assert as_(cast.root).get(f"/accounts/action/reinstate/{cast.smith.id}").status_code == 405
    assert as_(cast.root).post(pages[0], data={"reason": ""}).status_code == 400, "without the page's token"
    assert not cast.smith.is_suspended
    assert db.session.get(Account, cast.newcomer.id)
