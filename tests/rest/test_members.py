"""Members over the API, as they are read: the screens' list and page, for programs.

Here: reading members, /me. Not here: whose they are (test_members_whose.py), changing them
(test_members_writing.py), /check (test_check.py), keys and headers (test_gate.py).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.access.authorities import CATALOGUE, Authority
from app.members import api, lists
from app.members.columns import COLUMNS
from tests import factories
from tests.cast import Cast
from tests.rest.conftest import Give, code


def test_me_says_who_and_what(cast: Cast, with_key: Give) -> None:
    said = with_key(cast.tanaka, Authority.USER_VIEWER, Authority.BILLING_VIEWER)(
        "GET", "/me"
    ).get_json()
    assert said["account"].pop("name")
    assert said["account"] == {
        "id": cast.tanaka.id,
        "login_id": "tanaka",
        "email": "tanaka@aozora.example",
        "is_service": False,
    }
    assert said["organization"] == {
        "id": cast.aozora.id,
        "code": "aozora",
        "name": "株式会社あおぞら",
        "time_zone": "UTC",
    }
    assert said["member"] == {"id": cast.membership(cast.tanaka).id, "type": "power"}
    assert said["authorities"] == said["key"]["scopes"] == ["billing_viewer", "user_viewer"]
    assert said["key"]["expires_at"].endswith("Z") and "secret" not in said["key"]


def test_lists_as_the_screen_does(cast: Cast, with_key: Give) -> None:
    """S2-06, S3-12, S3-22: the suspended are left out, filters and search combine, orders turn
    round.
    """
    caller = with_key(cast.suzuki)

    def names(query: str) -> list[str]:
        return [one["login_id"] for one in caller("GET", f"/members{query}").get_json()["items"]]

    assert names("") == ["suzuki", "smith", "tanaka"] == names("?sort=name")
    assert names("?sort=-name") == ["tanaka", "smith", "suzuki"]
    assert names("?status=suspended") == ["sato"]
    assert names("?status=suspended&status=active&status=never&sort=email") == [
        "sato",
        "smith",
        "suzuki",
        "tanaka",
    ]
    assert (
        names("?type=power") == ["tanaka"]
        and names("?q=すずき") == ["suzuki"]
        and names("?q=s&type=power") == []
    )


def test_pages_are_linked_and_counted(cast: Cast, with_key: Give) -> None:
    caller = with_key(cast.suzuki)
    first = caller(
        "GET", "/members?page_size=2&type=general&status=never&status=suspended"
    ).get_json()
    assert (first["total"], first["total_is_exact"], first["previous"], len(first["items"])) == (
        3,
        True,
        None,
        2,
    )
    assert first["next"].startswith("http://localhost/api/v1/members?")
    second = caller("GET", first["next"].removeprefix("http://localhost/api/v1")).get_json()
    assert (second["page"], second["page_size"], second["next"], len(second["items"])) == (
        2,
        2,
        None,
        1,
    )
    assert second["previous"] and not {one["id"] for one in first["items"]} & {
        one["id"] for one in second["items"]
    }
    beyond = caller("GET", "/members?page=99").get_json()
    assert beyond["items"] == [] and beyond["total"] == 3 and beyond["next"] is None


def test_asks_the_database_as_often_for_a_hundred_as_for_one(
    cast: Cast, with_key: Give, statements: Callable[[], list[str]]
) -> None:
    role, caller = factories.role(cast.aozora, "Night shift"), with_key(cast.tanaka)
    for number in range(100):
        factories.membership(
            factories.account(f"many{number}"), cast.aozora, roles=[role], invited_by=cast.tanaka
        )
    caller("GET", "/me")
    statements()
    assert len(caller("GET", "/members?page_size=100").get_json()["items"]) == 100
    assert len(statements()) <= 7


@pytest.mark.parametrize(
    "query",
    [
        "page_size=101",
        "page_size=0",
        "page=0",
        "page=-1",
        "page=x",
        "page=1&page=2",
        "page=99999999999",
        "page=٣",
        "sort=password",
        "sort=--name",
        "rol=1",
        "role=x",
        "role=999999",
        "type=root",
        "status=gone",
        "unused=0",
        "two_factor=1",
        "q=%00",
        "q=" + "x" * 201,
        "limit=10",
    ],
)
def test_refuses_what_the_list_cannot_be_asked(cast: Cast, with_key: Give, query: str) -> None:
    """ASVS 2.2.1: a program that misspells a filter must not take everybody for what it asked."""
    answer = with_key(cast.tanaka)("GET", f"/members?{query}")
    assert code(answer) == (422, "InvalidInput")
    assert answer.get_json()["fields"][0]["field"].startswith(query.partition("=")[0])


def test_offers_the_filters_of_the_screen() -> None:
    fields = api.MEMBERS.query().fields
    assert {one.name for one in lists.MEMBERS.filters} <= set(fields), (
        "say in the new filter how programs ask for it"
    )
    assert {"q", "page", "page_size", "sort"} <= set(fields)


def test_a_member_has_the_fields_of_the_export(cast: Cast, with_key: Give) -> None:
    """S3-25: raw values, the same on both ways out."""
    said = with_key(cast.tanaka)("GET", f"/members/{cast.membership(cast.sato).id}").get_json()
    assert {one.key for one in COLUMNS} == set(said) == set(api.MEMBERS.row().fields)
    assert (
        said["state"] == "suspended"
        and said["suspended_reason"] == "On leave"
        and said["effective_authorities"] == []
    )
    assert said["suspended_at"] == "2026-11-21T01:00:00Z" == said["joined_at"]


def test_names_roles_by_id_and_name(cast: Cast, with_key: Give) -> None:
    role = factories.role(cast.aozora, "Night shift", Authority.BILLING_VIEWER)
    cast.membership(cast.smith).roles = [role]
    caller = with_key(cast.tanaka)
    assert caller("GET", f"/members/{cast.membership(cast.smith).id}").get_json()["roles"] == [
        {"id": role.id, "name": "Night shift"}
    ]
    assert [
        one["login_id"] for one in caller("GET", f"/members?role={role.id}").get_json()["items"]
    ] == ["smith"]
    roles = caller("GET", "/roles", headers={"Accept-Language": "ja"}).get_json()["items"]
    assert roles[0] == {
        "id": role.id,
        "key": None,
        "name": "Night shift",
        "description": "",
        "authorities": ["billing_viewer"],
    }
    assert {one["key"]: one["name"] for one in roles}["admin"] == "管理者"
    assert [one["key"] for one in caller("GET", "/authorities").get_json()["items"]] == list(
        CATALOGUE
    )


@pytest.mark.parametrize(
    "pk", ["0", "-1", "x", "1.0", "99999999999", "１", "%00", "%F0%9F%98%80", " 1"]
)
def test_finds_nobody_under_what_is_no_id(cast: Cast, with_key: Give, pk: str) -> None:
    assert code(with_key(cast.tanaka)("GET", f"/members/{pk}")) == (404, "NotFound")
