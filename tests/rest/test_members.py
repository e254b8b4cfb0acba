"""Members over the API: the screens' lists, verbs and refusals, for programs.

Here: every operation on members, the question of /check, /me. Not here: keys and headers (test_gate.py), invitations (test_invites.py).
"""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask

from app.access.authorities import CATALOGUE, Authority
from app.exchange import columns
from app.extensions import db
from app.members import filters, queries, shapes
from app.models import FirstLogin, Letter, Membership
from app.web.rest import document
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import at_once
from tests.rest.conftest import Caller, Give, issued
from tests.rest.test_gate import code


def test_me_says_who_and_what(cast: Cast, with_key: Give) -> None:
    said = with_key(cast.tanaka, Authority.USER_VIEWER, Authority.BILLING_VIEWER)("GET", "/me").get_json()
    assert said["account"].pop("name")
    assert said["account"] == {"id": cast.tanaka.id, "login_id": "tanaka", "email": "tanaka@aozora.example", "is_service": False}
    assert said["organization"] == {"id": cast.aozora.id, "code": "aozora", "name": "株式会社あおぞら"}
    assert said["member"] == {"id": cast.membership(cast.tanaka).id, "type": "power"}
    assert said["authorities"] == said["key"]["scopes"] == ["billing_viewer", "user_viewer"]
    assert said["key"]["expires_at"].endswith("Z") and "secret" not in said["key"]


def test_lists_as_the_screen_does(cast: Cast, with_key: Give) -> None:
    """S2-06, S3-12, S3-22: the suspended are left out, filters and search combine, orders turn round."""
    caller = with_key(cast.suzuki)

    def names(query: str) -> list[str]:
        return [one["login_id"] for one in caller("GET", f"/members{query}").get_json()["items"]]

    assert names("") == ["suzuki", "smith", "tanaka"] == names("?sort=name")
    assert names("?sort=-name") == ["tanaka", "smith", "suzuki"]
    assert names("?status=suspended") == ["sato"]
    assert names("?status=suspended&status=active&status=never&sort=email") == ["sato", "smith", "suzuki", "tanaka"]
    assert names("?type=power") == ["tanaka"] and names("?q=すずき") == ["suzuki"] and names("?q=s&type=power") == []


def test_pages_are_linked_and_counted(cast: Cast, with_key: Give) -> None:
    caller = with_key(cast.suzuki)
    first = caller("GET", "/members?page_size=2&type=general&status=never&status=suspended").get_json()
    assert (first["total"], first["total_is_exact"], first["previous"], len(first["items"])) == (3, True, None, 2)
    assert first["next"].startswith("http://localhost/api/v1/members?")
    second = caller("GET", first["next"].removeprefix("http://localhost/api/v1")).get_json()
    assert (second["page"], second["page_size"], second["next"], len(second["items"])) == (2, 2, None, 1)
    assert second["previous"] and not {one["id"] for one in first["items"]} & {one["id"] for one in second["items"]}
    beyond = caller("GET", "/members?page=99").get_json()
    assert beyond["items"] == [] and beyond["total"] == 3 and beyond["next"] is None


def test_asks_the_database_as_often_for_a_hundred_as_for_one(cast: Cast, with_key: Give, statements: Callable[[], list[str]]) -> None:
    role, caller = factories.role(cast.aozora, "Night shift"), with_key(cast.tanaka)
    for number in range(100):
        factories.membership(factories.account(f"many{number}"), cast.aozora, roles=[role], invited_by=cast.tanaka)
    caller("GET", "/me")
    statements()
    assert len(caller("GET", "/members?page_size=100").get_json()["items"]) == 100
    assert len(statements()) <= 7


@pytest.mark.parametrize("query", [
    "page_size=101", "page_size=0", "page=0", "page=-1", "page=x", "page=1&page=2", "page=99999999999", "page=٣", "sort=password", "sort=--name",
    "rol=1", "role=x", "role=999999", "type=root", "status=gone", "unused=1", "two_factor=1", "q=%00", "q=" + "x" * 201, "limit=10",
])
def test_refuses_what_the_list_cannot_be_asked(cast: Cast, with_key: Give, query: str) -> None:
    """ASVS 2.2.1: a program that misspells a filter must not take everybody for what it asked."""
    answer = with_key(cast.tanaka)("GET", f"/members?{query}")
    assert code(answer) == (422, "InvalidInput")
    assert answer.get_json()["fields"][0]["field"].startswith(query.partition("=")[0])


def test_offers_the_filters_of_the_screen() -> None:
    fields = shapes.MemberQuery().fields
    assert {one.name for one in filters.FILTERS} <= set(fields), "add the new filter to MemberQuery"
    assert {"q", "page", "page_size", "sort"} <= set(fields) and queries.SORTS


def test_a_member_has_the_fields_of_the_export(cast: Cast, with_key: Give) -> None:
    """S3-25: raw values, the same on both ways out."""
    said = with_key(cast.suzuki)("GET", f"/members/{cast.membership(cast.sato).id}").get_json()
    assert {one.key for one in columns.MEMBERS} == set(said) == set(shapes.Member().fields)
    assert said["state"] == "suspended" and said["suspended_reason"] == "On leave" and said["effective_authorities"] == []
    assert said["suspended_at"] == "2026-11-21T01:00:00Z" == said["joined_at"]


def test_names_roles_by_id_and_name(cast: Cast, with_key: Give) -> None:
    role = factories.role(cast.aozora, "Night shift", Authority.BILLING_VIEWER)
    cast.membership(cast.smith).roles = [role]
    caller = with_key(cast.tanaka)
    assert caller("GET", f"/members/{cast.membership(cast.smith).id}").get_json()["roles"] == [{"id": role.id, "name": "Night shift"}]
    assert [one["login_id"] for one in caller("GET", f"/members?role={role.id}").get_json()["items"]] == ["smith"]
    roles = caller("GET", "/roles", headers={"Accept-Language": "ja"}).get_json()["items"]
    assert roles[0] == {"id": role.id, "key": None, "name": "Night shift", "description": "", "authorities": ["billing_viewer"]}
    assert {one["key"]: one["name"] for one in roles}["admin"] == "管理者"
    assert [one["key"] for one in caller("GET", "/authorities").get_json()["items"]] == list(CATALOGUE)


@pytest.mark.parametrize("pk", ["0", "-1", "x", "1.0", "99999999999", "１", "%00", "%F0%9F%98%80", " 1"])
def test_finds_nobody_under_what_is_no_id(cast: Cast, with_key: Give, pk: str) -> None:
    assert code(with_key(cast.tanaka)("GET", f"/members/{pk}")) == (404, "NotFound")


ONE_MEMBER: list[tuple[str, str, Any]] = [
    ("GET", "", None), ("PATCH", "", {"authorities": []}), ("POST", "/suspend", {}), ("POST", "/reinstate", None), ("DELETE", "", None),
]


@pytest.mark.parametrize(("method", "verb", "body"), ONE_MEMBER)
def test_the_outsider_finds_nobody(cast: Cast, with_key: Give, method: str, verb: str, body: Any) -> None:
    """S0-01: whatever their key may do at home."""
    pk, caller = cast.membership(cast.smith).id, with_key(cast.yamada)
    assert code(caller(method, f"/members/{pk}{verb}", json=body)) == (404, "NotFound")
    db.session.expire_all()
    assert not cast.membership(cast.smith).is_suspended


@pytest.mark.parametrize(("method", "verb", "body"), ONE_MEMBER[1:])
def test_a_viewer_changes_nothing(cast: Cast, with_key: Give, method: str, verb: str, body: Any) -> None:
    """S0-02: as on the screens."""
    caller = with_key(cast.suzuki)
    assert code(caller(method, f"/members/{cast.membership(cast.smith).id}{verb}", json=body)) == (403, "Forbidden")
    assert code(caller("POST", "/members", json={})) == (403, "Forbidden")


def test_nobody_without_authority_reads(cast: Cast, with_key: Give) -> None:
    caller = with_key(cast.smith)
    for method, path in [("GET", "/members"), ("GET", "/members/1"), ("POST", "/check"), ("GET", "/roles"), ("GET", "/invites")]:
        assert code(caller(method, path)) == (403, "Forbidden")
    assert caller("GET", "/me").status_code == caller("GET", "/authorities").status_code == 200


NEW = {"family_name": "青木", "given_name": "花", "email": "Aoki@EXAMPLE.com", "login_id": "aoki", "authorities": ["aws_account_viewer"]}


def test_registers_a_member(cast: Cast, with_key: Give, letters: Callable[..., list[Letter]]) -> None:
    """S2-11, S2-12, S0-25: the account, the membership, what the authorities need, the letter; in one transaction."""
    answer = with_key(cast.tanaka)("POST", "/members", json=NEW)
    said = answer.get_json()
    assert answer.status_code == 201 and answer.headers["Location"].endswith(f"/api/v1/members/{said['id']}")
    assert said["email"] == "Aoki@example.com" and said["language"] == "ja_JP" and said["state"] == "never" and said["managed"] is True
    assert said["authorities"] == ["aws_account_viewer", "project_viewer"]
    assert [one.recipient for one in letters()][-1] == "Aoki@example.com"


def test_registers_nobody_twice(cast: Cast, with_key: Give) -> None:
    caller = with_key(cast.tanaka)
    assert caller("POST", "/members", json=NEW).status_code == 201
    assert code(caller("POST", "/members", json=NEW)) == (409, "AlreadyMember")
    again = caller("POST", "/members", json=NEW | {"email": "other@example.com"})
    assert code(again) == (409, "LoginIdTaken") and again.get_json()["field"] == "login_id"
    assert code(caller("POST", "/members", json=NEW | {"email": "yamada@minato.example", "login_id": "y2"})) == (409, "HasAccount")


def test_sets_a_password_only_where_letters_carry_one(cast: Cast, with_key: Give) -> None:
    """D-C4."""
    caller = with_key(cast.tanaka)
    refused = caller("POST", "/members", json=NEW | {"password": factories.PASSWORD})
    assert code(refused) == (422, "InvalidInput") and refused.get_json()["fields"][0]["field"] == "password"
    cast.aozora.first_login = FirstLogin.PASSWORD
    assert code(caller("POST", "/members", json=NEW | {"password": "short"}))[0] in {400, 422}
    assert caller("POST", "/members", json=NEW | {"password": factories.PASSWORD}).status_code == 201


def test_changes_only_what_is_named(cast: Cast, with_key: Give) -> None:
    """S0-36."""
    caller, pk = with_key(cast.tanaka), cast.membership(cast.suzuki).id
    role = factories.role(cast.aozora, "Night shift", Authority.BILLING_VIEWER)
    said = caller("PATCH", f"/members/{pk}", json={"roles": [role.id]}).get_json()
    assert said["authorities"] == ["user_viewer"] and said["effective_authorities"] == ["billing_viewer", "user_viewer"]
    assert caller("PATCH", f"/members/{pk}", json={}).get_json() == said
    assert caller("PATCH", f"/members/{pk}", json={"type": "power"}).get_json()["type"] == "power"
    elsewhere = factories.role(cast.minato, "Day shift")
    assert code(caller("PATCH", f"/members/{pk}", json={"roles": [elsewhere.id]}))[1] == "RoleElsewhere"


def test_refuses_what_the_screens_refuse(cast: Cast, with_key: Give) -> None:
    """D-1, D-2, S2-27: above oneself, oneself, the last power user."""
    own, pk = cast.membership(cast.tanaka).id, cast.membership(cast.suzuki).id
    caller = with_key(cast.tanaka)
    assert code(caller("PATCH", f"/members/{own}", json={"type": "general"})) == (409, "LastPowerUser")
    assert code(caller("POST", f"/members/{own}/suspend", json={})) == (409, "Yourself")
    assert code(caller("DELETE", f"/members/{own}")) == (409, "Yourself")
    narrow = with_key(cast.tanaka, Authority.MEMBER_MANAGER)
    assert code(narrow("PATCH", f"/members/{pk}", json={"authorities": ["user_viewer", "billing_viewer"]})) == (403, "AboveYourself")
    assert code(narrow("PATCH", f"/members/{cast.membership(cast.smith).id}", json={"type": "power"})) == (403, "AboveYourself")
    assert code(narrow("DELETE", f"/members/{own}"))[0] in {403, 409}


def test_suspends_and_reinstates_once(cast: Cast, with_key: Give, letters: Callable[..., list[Letter]]) -> None:
    """S2-28, D-3: asked again, it says that it was done."""
    caller, pk = with_key(cast.tanaka), cast.membership(cast.smith).id
    said = caller("POST", f"/members/{pk}/suspend", json={"reason": "On\nleave"}).get_json()
    assert said["state"] == "suspended" and said["suspended_reason"] == "On\nleave" and letters("membership_suspended")
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


class TestCheck:
    """What the portal's other services ask."""

    def ask(self, caller: Any, member: Any, **what: str) -> tuple[bool, str, list[Any]]:
        said = caller("POST", "/check", json={"member": member, **what}).get_json()
        assert said["reason"]["sentence"]
        return said["allowed"], said["reason"]["code"], said["because"]

    def test_says_yes_and_because_of_what(self, cast: Cast, with_key: Give) -> None:
        """S0-14, D-C8: all sources, as on the member's page."""
        caller = with_key(cast.tanaka)
        role = factories.role(cast.aozora, "Night shift", Authority.USER_VIEWER)
        cast.membership(cast.suzuki).roles = [role]
        told = [{"source": "role", "authority": "user_viewer", "role": {"id": role.id, "name": "Night shift"}},
            {"source": "single", "authority": "user_viewer"}]
        for name in (cast.membership(cast.suzuki).id, "Suzuki@EXAMPLE.com", "SUZUKI"):
            assert self.ask(caller, name, authority="user_viewer") == (True, "Held", told)
        power = [{"source": "power_user", "authority": "billing_viewer"}]
        assert self.ask(caller, "tanaka", authority="billing_viewer") == (True, "Held", power)

    def test_says_no_and_why(self, cast: Cast, with_key: Give) -> None:
        """Somebody unknown, or of another organization, is a plain no."""
        caller = with_key(cast.suzuki)
        assert self.ask(caller, "smith", authority="user_viewer") == (False, "NotHeld", [])
        assert self.ask(caller, "sato", authority="user_viewer") == (False, "MembershipSuspended", [])
        for nobody in ("yamada", "yamada@minato.example", cast.membership(cast.yamada).id, "nobody", 2**31 - 1, "newcomer"):
            assert self.ask(caller, nobody, authority="user_viewer") == (False, "NoSuchMember", [])

    def test_asks_the_table_of_grants(self, cast: Cast, with_key: Give) -> None:
        caller = with_key(cast.tanaka)
        assert self.ask(caller, "suzuki", permission="read", view="Member")[:2] == (True, "Held")
        assert self.ask(caller, "suzuki", permission="manage", view="Member") == (False, "NotHeld", [])
        assert self.ask(caller, "smith", permission="read", view="Home") == (True, "Held", [])
        assert code(caller("POST", "/check", json={"member": 1, "permission": "fly", "view": "Member"})) == (422, "InvalidInput")

    @pytest.mark.parametrize("body", [
        {}, {"member": 1}, {"authority": "user_viewer"}, {"member": 1, "authority": "x"}, {"member": True, "authority": "user_viewer"},
        {"member": 1.0, "authority": "user_viewer"}, {"member": [], "authority": "user_viewer"}, {"member": "", "authority": "user_viewer"},
        {"member": 1, "permission": "read"}, {"member": 1, "authority": "user_viewer", "permission": "read", "view": "Member"}, {"member": 2**40,
        "authority": "user_viewer"}, {"member": "a\0", "authority": "user_viewer"},
    ])
    def test_refuses_other_questions(self, cast: Cast, with_key: Give, body: Any) -> None:
        assert code(with_key(cast.tanaka)("POST", "/check", json=body)) == (422, "InvalidInput")


def test_two_at_once_keep_a_power_user(each_app: Flask) -> None:
    """D-2: two programs demote the two power users at the same moment; one is refused."""
    cast = people.assemble()
    other = factories.membership(factories.account("kato"), cast.aozora, power=True)
    first, second = cast.membership(cast.tanaka), other
    ids, callers = [second.id, first.id], [Caller(each_app, issued(one, CATALOGUE)[1]) for one in (first, second)]
    answers = at_once(each_app, *(partial(_demote, *pair) for pair in zip(callers, ids, strict=True)))
    assert sorted(answers)[0] == 200 and sorted(answers)[1] in {403, 409}


def _demote(caller: Caller, pk: int) -> int:
    return caller("PATCH", f"/members/{pk}", json={"type": "general"}).status_code


def test_two_at_once_change_different_things(each_app: Flask) -> None:
    """What a change does not name stays as another one just made it."""
    cast = people.assemble()
    role = factories.role(cast.aozora, "Night shift")
    own, pk, role_id = cast.membership(cast.tanaka), cast.membership(cast.smith).id, role.id
    caller = Caller(each_app, issued(own, CATALOGUE)[1])
    changes: list[dict[str, Any]] = [{"roles": [role_id]}, {"authorities": ["billing_viewer"]}]
    answers = at_once(each_app, *(partial(caller, "PATCH", f"/members/{pk}", json=one) for one in changes))
    assert [one.status_code for one in answers] == [200, 200]
    said = caller("GET", f"/members/{pk}").get_json()
    assert (said["authorities"], [one["id"] for one in said["roles"]]) == (["billing_viewer"], [role_id])


def test_the_outsider_reaches_no_row_by_any_operation(app: Flask, cast: Cast, with_key: Give) -> None:
    """S0-01: also by those that are written later."""
    invite, _token = factories.invite(cast.aozora, "guest@example.com", cast.tanaka)
    rows = {"members": str(cast.membership(cast.smith).id), "invites": invite.public_id}
    caller = with_key(cast.yamada)
    with app.test_request_context():
        named = [(one.method, one.path.removeprefix("/api/v1")) for one in document.endpoints() if "{" in one.path]
    assert named
    for method, path in named:
        answer = caller(method.upper(), path.replace("{pk}", rows[path.split("/")[1]]), json={})
        assert code(answer) == (404, "NotFound"), f"the outsider reached {method} {path}: load rows with self.datamodel.one(pk)"
