"""Whose members a program reads and changes: those that the holder of its key may, and no others.

Here: outsiders, viewers, holders of nothing. Not here: what is read (test_members.py), keys
without a scope (test_gate.py).
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from app.rest import document
from tests import factories
from tests.cast import Cast
from tests.rest.conftest import Give, code

ONE_MEMBER: list[tuple[str, str, Any]] = [
    ("GET", "", None),
    ("PATCH", "", {"authorities": []}),
    ("POST", "/suspend", {}),
    ("POST", "/reinstate", None),
    ("DELETE", "", None),
]


@pytest.mark.parametrize(("method", "verb", "body"), ONE_MEMBER)
def test_the_outsider_finds_nobody(
    cast: Cast, with_key: Give, method: str, verb: str, body: Any
) -> None:
    """S0-01: whatever their key may do at home."""
    pk, caller = cast.membership(cast.smith).id, with_key(cast.yamada)
    assert code(caller(method, f"/members/{pk}{verb}", json=body)) == (404, "NotFound")
    db.session.expire_all()
    assert not cast.membership(cast.smith).is_suspended


@pytest.mark.parametrize(("method", "verb", "body"), ONE_MEMBER[1:])
def test_a_viewer_changes_nothing(
    cast: Cast, with_key: Give, method: str, verb: str, body: Any
) -> None:
    """S0-02: as on the screens."""
    caller = with_key(cast.suzuki)
    assert code(caller(method, f"/members/{cast.membership(cast.smith).id}{verb}", json=body)) == (
        403,
        "Forbidden",
    )
    assert code(caller("POST", "/members", json={})) == (403, "Forbidden")


def test_nobody_without_authority_reads(cast: Cast, with_key: Give) -> None:
    caller = with_key(cast.smith)
    for method, path in [
        ("GET", "/members"),
        ("GET", "/members/1"),
        ("POST", "/check"),
        ("GET", "/roles"),
        ("GET", "/invites"),
    ]:
        assert code(caller(method, path)) == (403, "Forbidden")
    assert caller("GET", "/me").status_code == caller("GET", "/authorities").status_code == 200


def test_the_outsider_reaches_no_row_by_any_operation(
    app: Flask, cast: Cast, with_key: Give
) -> None:
    """S0-01: also by those that are written later."""
    invite, _token = factories.invite(cast.aozora, "guest@example.com", cast.tanaka)
    binding = factories.binding(cast.aozora, cast.newcomer, cast.tanaka)
    db.session.commit()
    rows = {
        "members": str(cast.membership(cast.smith).id),
        "invites": invite.public_id,
        "bindings": str(binding.id),
        "batches": factories.batch(cast.aozora, cast.tanaka).public_id,
    }
    caller = with_key(cast.yamada)
    with app.test_request_context():
        named = [
            (one.method, one.path.removeprefix("/api/v1"))
            for one in document.endpoints()
            if "{" in one.path
        ]
    assert named
    for method, path in named:
        answer = caller(method.upper(), path.replace("{pk}", rows[path.split("/")[1]]), json={})
        assert code(answer) == (404, "NotFound"), (
            f"the outsider reached {method} {path}: load rows with self.datamodel.one(pk)"
        )
