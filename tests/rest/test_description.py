"""The description allows what the server takes, and no more (T2-98). It …"""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from flask import Flask

from tests import factories
from tests.cast import Cast
from tests.rest.conftest import Give, code

TYPED = ["名簿", " a ", "a b", "Ω", "a\u00a0b", "😀"]
UNTYPED = [
    "a\0",
    "a\x1f",
    "a\x7f",
    "a\x85b",
    "a\u2028b",
    "a\u202eb",
    "a\u2066b",
    "a\uffff",
    "a\nb",
    "a\t",
]
NUMBERS = [1, 1.0, 617470.0, 2**31 - 1, 1.5, 0, -1, 2**31, 1e300, "1", True, None, [1]]


def allows(app: Flask, shape: str, field: str, value: Any) -> bool:
    """Whether the description lets a field of a body have a value."""
    schemas = app.test_client().get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    field_schema = schemas[shape]["properties"][field]
    assert "$ref" not in str(field_schema)
    return bool(jsonschema_rs.validator_for(field_schema).is_valid(value))


def complaints(answer: Any) -> str:
    """The fields that the server finds wrong, in one line."""
    said = answer.get_json()
    return " ".join(one["field"] for one in said.get("fields", ())) if said else ""


@pytest.mark.parametrize("value", [*TYPED, *UNTYPED, "", " ", "\u3000", "x" * 64, "x" * 65])
def test_says_which_text_is_taken(app: Flask, cast: Cast, with_key: Give, value: str) -> None:
    """T2-98: control characters, and names of spaces."""
    body = {"family_name": value, "latin_name": value, "email": "x", "login_id": "?"}
    wrong = complaints(with_key(cast.tanaka)("POST", "/members", json=body)).split()
    for name in ("family_name", "latin_name"):
        assert allows(app, "Registration", name, value) is (name not in wrong), name


@pytest.mark.parametrize("value", ["On\nleave", "a\tb", "a\0b", "a\u202eb"])
def test_says_where_lines_may_end(app: Flask, cast: Cast, with_key: Give, value: str) -> None:
    """T2-98"""
    path = f"/members/{cast.membership(cast.smith).id}/suspend"
    answer = with_key(cast.tanaka)("POST", path, json={"reason": value})
    assert allows(app, "Suspension", "reason", value) is (answer.status_code == 200)


@pytest.mark.parametrize("value", NUMBERS)
def test_says_which_numbers_are_taken(app: Flask, cast: Cast, with_key: Give, value: Any) -> None:
    """T2-98: 617470.0 is a whole number in JSON Schema; the server took it for none."""
    caller, path = with_key(cast.tanaka), f"/members/{cast.membership(cast.smith).id}"
    wrong = complaints(caller("PATCH", path, json={"roles": [value]}))
    assert allows(app, "MemberChange", "roles", [value]) is ("roles" not in wrong)
    wrong = complaints(caller("POST", "/check", json={"member": value, "authority": "user_viewer"}))
    assert allows(app, "Question", "member", value) is ("member" not in wrong)


def test_says_what_an_unknown_role_is(app: Flask, cast: Cast, with_key: Give) -> None:
    """T2-98: 422 wherever roles are named, and the description says so."""
    caller, elsewhere = with_key(cast.tanaka), factories.role(cast.minato, "Day shift").id
    person = {"family_name": "Doe", "email": "doe@example.com", "login_id": "doe"}
    path = f"/members/{cast.membership(cast.smith).id}"
    for role in (elsewhere, 617470.0, 2**31 - 1):
        for method, where, body in (
            ("PATCH", path, {}),
            ("POST", "/members", person),
            ("POST", "/invites", {"addresses": ["doe@example.com"]}),
        ):
            answer = caller(method, where, json=body | {"roles": [role]})
            assert code(answer) == (422, "RoleElsewhere"), where
            assert answer.get_json()["field"] == "roles"
    schemas = app.test_client().get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    for shape in ("Registration", "MemberChange", "NewInvitations"):
        assert "RoleElsewhere" in schemas[shape]["properties"]["roles"]["description"]
