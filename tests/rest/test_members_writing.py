"""Members over the API, as they are changed: the screens' verbs and refusals, for programs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask

from app.access.authorities import CATALOGUE, Authority
from app.extensions import db
from app.models import FirstLogin, Letter, Membership
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import at_once
from tests.rest.conftest import Caller, Give, code, issued

NEW = {
    "family_name": "青木",
    "given_name": "花",
    "email": "Aoki@EXAMPLE.com",
    "login_id": "aoki",
    "authorities": ["aws_account_viewer"],
}


def test_registers_a_member(
    cast: Cast, with_key: Give, letters: Callable[..., list[Letter]]
) -> None:
    """S2-11, S2-12, S0-25: the account, the membership, what the authorities need, the letter; in
    one transaction.
    """
    answer = with_key(cast.tanaka)("POST", "/members", json=NEW)
    said = answer.get_json()
    assert answer.status_code == 201 and answer.headers["Location"].endswith(
        f"/api/v1/members/{said['id']}"
    )
    assert (
        said["email"] == "Aoki@example.com"
        and said["language"] == "ja_JP"
        and said["state"] == "never"
        and said["managed"] is True
    )
    assert said["authorities"] == ["aws_account_viewer", "project_viewer"]
    assert [one.recipient for one in letters()][-1] == "Aoki@example.com"


def test_registers_nobody_twice(cast: Cast, with_key: Give) -> None:
    caller = with_key(cast.tanaka)
    assert caller("POST", "/members", json=NEW).status_code == 201
    assert code(caller("POST", "/members", json=NEW)) == (409, "AlreadyMember")
    again = caller("POST", "/members", json=NEW | {"email": "other@example.com"})
    assert code(again) == (409, "LoginIdTaken") and again.get_json()["field"] == "login_id"
    assert code(
        caller("POST", "/members", json=NEW | {"email": "yamada@minato.example", "login_id": "y2"})
    ) == (409, "HasAccount")
    assert code(caller("POST", "/members", json=NEW | {"login_id": "smith"})) == (422, "Several")


def test_sets_a_password_only_where_letters_carry_one(cast: Cast, with_key: Give) -> None:
    """D-C4."""
    caller = with_key(cast.tanaka)
    refused = caller("POST", "/members", json=NEW | {"password": factories.PASSWORD})
    assert (
        code(refused) == (422, "InvalidInput")
        and refused.get_json()["fields"][0]["field"] == "password"
    )
    cast.aozora.first_login = FirstLogin.PASSWORD
    assert code(caller("POST", "/members", json=NEW | {"password": "short"}))[0] in {400, 422}
    assert (
        caller("POST", "/members", json=NEW | {"password": factories.PASSWORD}).status_code == 201
    )


def test_changes_only_what_is_named(cast: Cast, with_key: Give) -> None:
    """S0-36."""
    caller, pk = with_key(cast.tanaka), cast.membership(cast.suzuki).id
    role = factories.role(cast.aozora, "Night shift", Authority.BILLING_VIEWER)
    said = caller("PATCH", f"/members/{pk}", json={"roles": [role.id]}).get_json()
    assert said["authorities"] == ["user_viewer"] and said["effective_authorities"] == [
        "billing_viewer",
        "user_viewer",
    ]
    assert caller("PATCH", f"/members/{pk}", json={}).get_json() == said
    assert caller("PATCH", f"/members/{pk}", json={"type": "power"}).get_json()["type"] == "power"
    elsewhere = factories.role(cast.minato, "Day shift")
    assert code(caller("PATCH", f"/members/{pk}", json={"roles": [elsewhere.id]})) == (
        422,
        "RoleElsewhere",
    )


def test_refuses_what_the_screens_refuse(cast: Cast, with_key: Give) -> None:
    """D-1, D-2, S2-27: above oneself, oneself, the last power user."""
    own, pk = cast.membership(cast.tanaka).id, cast.membership(cast.suzuki).id
    caller = with_key(cast.tanaka)
    assert code(caller("PATCH", f"/members/{own}", json={"type": "general"})) == (
        409,
        "LastPowerUser",
    )
    assert code(caller("POST", f"/members/{own}/suspend", json={})) == (409, "Yourself")
    assert code(caller("DELETE", f"/members/{own}")) == (409, "Yourself")
    narrow = with_key(cast.tanaka, Authority.MEMBER_MANAGER)
    assert code(
        narrow("PATCH", f"/members/{pk}", json={"authorities": ["user_viewer", "role_manager"]})
    ) == (403, "AboveYourself")
    assert code(
        narrow("PATCH", f"/members/{cast.membership(cast.smith).id}", json={"type": "power"})
    ) == (403, "AboveYourself")
    assert code(narrow("DELETE", f"/members/{own}"))[0] in {403, 409}


def test_suspends_and_reinstates_once(
    cast: Cast, with_key: Give, letters: Callable[..., list[Letter]]
) -> None:
    """S2-28, D-3: asked again, it says that it was done."""
    caller, pk = with_key(cast.tanaka), cast.membership(cast.smith).id
    said = caller("POST", f"/members/{pk}/suspend", json={"reason": "On\nleave"}).get_json()
    assert (
        said["state"] == "suspended"
        and said["suspended_reason"] == "On\nleave"
        and letters("membership_suspended")
    )
    assert code(caller("POST", f"/members/{pk}/suspend")) == (409, "AlreadySuspended")
    assert caller("POST", f"/members/{pk}/reinstate").get_json()["state"] == "never"
    assert code(caller("POST", f"/members/{pk}/reinstate")) == (409, "NotSuspended")


def test_removes_a_member(cast: Cast, with_key: Give) -> None:
    """S0-06: the membership, not the account."""
    caller, pk = with_key(cast.tanaka), cast.membership(cast.smith).id
    answer = caller("DELETE", f"/members/{pk}")
    assert answer.status_code == 204 and not answer.data
    assert code(caller("DELETE", f"/members/{pk}")) == (404, "NotFound")
    db.session.expire_all()
    assert not db.session.get(Membership, pk) and cast.smith.login_id == "smith"


def test_two_at_once_keep_a_power_user(each_app: Flask) -> None:
    """D-2: two programs demote the two power users at the same moment; one is refused."""
    cast = people.assemble()
    other = factories.membership(factories.account("kato"), cast.aozora, power=True)
    first, second = cast.membership(cast.tanaka), other
    ids, callers = (
        [second.id, first.id],
        [Caller(each_app, issued(one, CATALOGUE)[1]) for one in (first, second)],
    )
    answers = at_once(
        each_app, *(partial(_demote, *pair) for pair in zip(callers, ids, strict=True))
    )
    assert sorted(answers)[0] == 200 and sorted(answers)[1] in {403, 409}


def _demote(caller: Caller, pk: int) -> int:
    less = {"type": "general", "authorities": ["user_viewer"]}
    return caller("PATCH", f"/members/{pk}", json=less).status_code


def test_two_at_once_change_different_things(each_app: Flask) -> None:
    """What a change does not name stays as another one just made it."""
    cast = people.assemble()
    role = factories.role(cast.aozora, "Night shift")
    own, pk, role_id = cast.membership(cast.tanaka), cast.membership(cast.smith).id, role.id
    caller = Caller(each_app, issued(own, CATALOGUE)[1])
    changes: list[dict[str, Any]] = [{"roles": [role_id]}, {"authorities": ["billing_viewer"]}]
    answers = at_once(
        each_app, *(partial(caller, "PATCH", f"/members/{pk}", json=one) for one in changes)
    )
    assert [one.status_code for one in answers] == [200, 200]
    said = caller("GET", f"/members/{pk}").get_json()
    assert (said["authorities"], [one["id"] for one in said["roles"]]) == (
        ["billing_viewer"],
        [role_id],
    )
