"""The page at the next sign-in (D-C11): who added one to what, and the answer. It …"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.extensions import db
from app.models import Account, BindingStatus, InviteStatus, MemberType, RoleBinding
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import As, built_in, events, is_member, of, text

HERE = "/joining/"


@pytest.fixture
def added(cast: Cast) -> RoleBinding:
    """newcomer was added by tanaka."""
    made = factories.binding(cast.aozora, cast.newcomer, cast.tanaka)
    made.roles = [built_in("viewer")]
    db.session.commit()
    return made


def state(binding: RoleBinding) -> str:
    db.session.expire_all()
    return str(binding.status)


def go_on(client: PortalClient, binding: RoleBinding, answer: str = "continue") -> Any:
    return client.submit(f"{HERE}{binding.id}/{answer}", page=HERE)


@pytest.mark.parametrize(
    "path", ["/", "/profile/", "/invites/", "/o/minato/", "/profile/two-factor/app"]
)
def test_opens_nothing_else_before_the_answer(
    cast: Cast, as_: As, added: RoleBinding, path: str
) -> None:
    factories.membership(cast.newcomer, cast.minato)
    db.session.commit()
    answer = as_(cast.newcomer).get(path)
    assert answer.status_code == 302
    assert answer.location.startswith(HERE)


def test_writes_nothing_of_somebody_who_has_not_answered(
    cast: Cast, as_: As, added: RoleBinding
) -> None:
    """A form of another page is not taken, either."""
    client = as_(cast.newcomer)
    token = client.token(HERE)
    answer = client.post("/profile/", data={"csrf_token": token, "family_name": "Else"})
    assert answer.location.startswith(HERE)
    db.session.expire_all()
    assert cast.newcomer.family_name == "Clark"


def test_leaves_a_session_from_before_alone(cast: Cast, as_: As) -> None:
    """S3-37: at the next sign-in, not in the middle of something; the letter's link opens it."""
    client = as_(cast.newcomer)
    factories.binding(
        cast.aozora, cast.newcomer, cast.tanaka, created_at=datetime.now(UTC) + timedelta(seconds=1)
    )
    db.session.commit()
    assert client.get("/profile/").status_code == 200
    assert "Aozora Inc." in client.get(HERE).get_data(as_text=True)


@pytest.mark.parametrize("language", ["en", "ja_JP"])
def test_says_who_added_them_to_what_with_what_rights(
    cast: Cast, as_: As, added: RoleBinding, language: str
) -> None:
    cast.newcomer.language = language
    db.session.commit()
    page = as_(cast.newcomer).get(HERE).get_data(as_text=True)
    wanted = {
        "en": ("Aozora Inc.", "Taro Tanaka", "tanaka@aozora.example", "Viewer", "Continue"),
        "ja_JP": ("株式会社あおぞら", "田中 太郎", "tanaka@aozora.example", "続ける", "拒否"),
    }[language]
    for word in wanted:
        assert word in page, word


def test_joins_on_continue(cast: Cast, as_: As, added: RoleBinding) -> None:
    """S3-35…S3-37; the invitation that waited for the same address is over."""
    invite, _token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    client = as_(cast.newcomer)
    back = client.submit(f"{HERE}{added.id}/continue?next=/o/aozora/", page=HERE)
    assert back.location.endswith("next=/o/aozora/")
    assert client.get(back.location).location == "/o/aozora/"
    assert client.get("/o/aozora/").status_code == 200
    member = of(cast.newcomer, cast.aozora)
    assert member
    assert (member.roles, member.authorities) == ([built_in("viewer")], frozenset({"user_viewer"}))
    assert member.invited_by_id == cast.tanaka.id
    assert state(added) == "joined"
    assert [line.event for line in events()][-2:] == ["binding_continued", "invite_cancelled"][::-1]
    assert events("member_joined")
    db.session.refresh(invite)
    assert invite.status is InviteStatus.CANCELLED


def test_makes_nobody_the_manager_of_the_account(
    cast: Cast, as_: As, added: RoleBinding, tanaka: PortalClient
) -> None:
    """D-C3: not even once they have joined."""
    go_on(as_(cast.newcomer), added)
    member = of(cast.newcomer, cast.aozora)
    assert member
    assert cast.newcomer.managed_by_id is None
    assert tanaka.get(f"/o/aozora/members/account/{member.id}").status_code == 403


def test_joins_nothing_on_decline(
    cast: Cast, as_: As, added: RoleBinding, tanaka: PortalClient
) -> None:
    """The adder sees it in the list and in the log."""
    client = as_(cast.newcomer)
    go_on(client, added, "decline")
    assert not is_member(cast.newcomer, cast.aozora)
    assert state(added) == "declined"
    assert client.get("/profile/").status_code == 200
    assert "Declined" in text(tanaka, "/o/aozora/bindings/list/")
    assert [line.event for line in events()] == ["binding_declined"]
    assert "declined" in text(tanaka, "/o/aozora/activity/list/")


@pytest.mark.parametrize("answer", ["continue", "decline"])
def test_takes_nobody_else_s_answer(cast: Cast, as_: As, added: RoleBinding, answer: str) -> None:
    for who in (cast.yamada, cast.root, cast.tanaka):
        assert go_on(as_(who), added, answer).status_code == 404
    assert state(added) == "waiting"


def _gone(cast: Cast) -> None:
    factories.membership(cast.smith, cast.minato)
    db.session.delete(cast.membership(cast.tanaka))


def _suspended(cast: Cast) -> None:
    cast.membership(cast.tanaka).suspended_at = factories.NOW


def _shut_out(cast: Cast) -> None:
    cast.tanaka.suspended_at = factories.NOW


def _lowered(cast: Cast) -> None:
    cast.membership(cast.tanaka).type = MemberType.GENERAL


@pytest.mark.parametrize("what", [_gone, _suspended, _shut_out, _lowered])
def test_gives_nothing_that_the_adder_could_not_give_any_more(
    cast: Cast, as_: As, added: RoleBinding, what: Any
) -> None:
    """Whatever happened to them, and whoever forgot to tell: the guard stands where it is given."""
    what(cast)
    db.session.commit()
    client = as_(cast.newcomer)
    assert "may not do so any more" in client.get(HERE).get_data(as_text=True)
    go_on(client, added)
    assert not is_member(cast.newcomer, cast.aozora)
    assert state(added) == "void"
    assert client.get("/profile/").status_code == 200
    assert events("binding_void")


def test_gives_less_than_power_to_whom_a_lowered_manager_added(
    cast: Cast, as_: As, co_admin: Account
) -> None:
    """D-1 at the moment of joining: a power user's place is given by power users only."""
    made = factories.binding(cast.aozora, cast.newcomer, co_admin, type=MemberType.POWER)
    db.session.commit()
    go_on(as_(cast.newcomer), made)
    assert state(made) == "void"


def test_is_void_in_the_list_as_soon_as_the_adder_is_suspended(
    cast: Cast, as_: As, second: Account, added: RoleBinding
) -> None:
    client = as_(second)
    client.submit(f"/o/aozora/members/suspension/{cast.membership(cast.tanaka).id}", {"reason": ""})
    assert state(added) == "void"
    assert "Void" in text(client, "/o/aozora/bindings/list/")
    assert as_(cast.newcomer).get("/profile/").status_code == 200


def test_changes_nothing_for_somebody_who_joined_another_way(
    cast: Cast, as_: As, added: RoleBinding
) -> None:
    factories.membership(cast.newcomer, cast.aozora)
    db.session.commit()
    client = as_(cast.newcomer)
    go_on(client, added)
    member = of(cast.newcomer, cast.aozora)
    assert member
    assert not member.roles
    assert client.get("/profile/").status_code == 200


def test_joins_once_by_two_presses_at_once(each_app: Any, now: Any) -> None:
    from app.bindings import answering
    from tests import cast as people
    from tests.conftest import at_once

    made = people.assemble()
    added = factories.binding(made.aozora, made.newcomer, made.tanaka)
    db.session.commit()
    added_id, who = added.id, made.newcomer.id

    def press() -> None:
        answering.proceed(
            db.session.get_one(RoleBinding, added_id),
            account=db.session.get_one(Account, who),
            now=now,
        )
        db.session.commit()

    results = at_once(each_app, press, press)
    assert sorted(type(one).__name__ for one in results) == ["BindingOver", "NoneType"]
    db.session.expire_all()
    assert db.session.get_one(RoleBinding, added_id).status is BindingStatus.JOINED
    assert len(db.session.get_one(Account, who).memberships) == 1
