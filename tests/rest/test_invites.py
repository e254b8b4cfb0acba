"""Invitations over the API.

Here: every operation on invitations. Not here: keys and headers (test_gate.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.access.authorities import Authority
from app.access.roles import PRESETS
from app.extensions import db
from app.invites.api import INVITATIONS
from app.invites.lists import COLUMNS, INVITES
from app.models import Invite, Letter
from tests import factories
from tests.cast import Cast
from tests.rest.conftest import Give, code


def test_invites_people(cast: Cast, with_key: Give, letters: Callable[..., list[Letter]]) -> None:
    """S1-11…S1-21: up to twenty, a preset stands for its authorities, a letter each."""
    said = with_key(cast.tanaka)(
        "POST",
        "/invites",
        json={
            "addresses": ["a@example.com", "B@Example.COM", "a@example.com"],
            "preset": "accounting",
            "language": "ja_JP",
            "hide_inviter": True,
        },
    )
    items = said.get_json()["items"]
    assert said.status_code == 201 and [one["address"] for one in items] == [
        "a@example.com",
        "B@example.com",
    ]
    assert (
        set(items[0]["authorities"]) == set(map(str, PRESETS["accounting"].authorities))
        and items[0]["preset"] == "accounting"
    )
    assert (
        items[0]["state"] == "pending"
        and items[0]["inviter_hidden"] is True
        and len(letters("invite")) == 2
    )


def test_invites_all_or_none(cast: Cast, with_key: Give) -> None:
    """T2-14: a name and a sentence for each address that is in the way."""
    caller = with_key(cast.tanaka)
    refused = caller(
        "POST",
        "/invites",
        json={"addresses": ["new@example.com", "smith@example.com", "x@@y"], "preset": "all"},
    )
    assert code(refused) == (422, "AddressesRefused") and refused.get_json()["field"] == "addresses"
    assert {one["field"]: one["error"] for one in refused.get_json()["fields"]} == {
        "smith@example.com": "AlreadyMember",
        "x@@y": "EmailMalformed",
    }
    assert not db.session.query(Invite).count()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"addresses": []},
        {"addresses": "a@example.com"},
        {"addresses": [f"p{n}@example.com" for n in range(21)], "preset": "all"},
        {"addresses": ["a@example.com"], "preset": "all", "authorities": ["user_viewer"]},
        {"addresses": ["a@example.com"], "preset": "none"},
        {"addresses": ["a@example.com"]},
        {"addresses": ["a@example.com"], "preset": "all", "language": "xx"},
        {"addresses": [None], "preset": "all"},
    ],
)
def test_refuses_what_cannot_be_sent(cast: Cast, with_key: Give, body: Any) -> None:
    assert with_key(cast.tanaka)("POST", "/invites", json=body).status_code == 422
    assert not db.session.query(Invite).count()


def test_lists_and_shows(cast: Cast, with_key: Give) -> None:
    """S3-29, S3-30, S3-25, S3-49: the screen's states and filters, the export's fields, the id that
    the page shows.
    """
    viewer = factories.membership(
        factories.account("viewer"),
        cast.aozora,
        authorities=[Authority.ORGANIZATION_INVITATION_VIEWER],
    )
    factories.invite(
        cast.aozora, "late@example.com", cast.tanaka, sent_at=datetime.now(UTC) - timedelta(days=9)
    )
    waits, _token = factories.invite(cast.aozora, "waits@example.com", cast.tanaka)
    factories.invite(cast.minato, "theirs@example.com", cast.yamada)
    caller = with_key(viewer.account)
    said = caller("GET", "/invites").get_json()
    assert [(one["address"], one["state"]) for one in said["items"]] == [
        ("waits@example.com", "pending"),
        ("late@example.com", "expired"),
    ]
    assert [
        one["address"]
        for one in caller(
            "GET", "/invites?status=expired&inviter=tanaka@aozora.example"
        ).get_json()["items"]
    ] == ["late@example.com"]
    assert caller("GET", "/invites?inviter=nobody@example.com").get_json()["total"] == 0
    one = caller("GET", f"/invites/{waits.public_id}").get_json()
    assert one["id"] == waits.public_id and set(one) == {column.key for column in COLUMNS} == set(
        INVITATIONS.row().fields
    )
    assert {one.name for one in INVITES.filters} <= set(INVITATIONS.query().fields), (
        "add the new filter to InvitationQuery"
    )
    for verb in ("resend", "cancel"):
        assert code(caller("POST", f"/invites/{waits.public_id}/{verb}")) == (403, "Forbidden")


def test_sends_again_and_cancels(
    cast: Cast, with_key: Give, letters: Callable[..., list[Letter]]
) -> None:
    """S1-24, S1-25, D-C2: what is over takes no action."""
    invite, _token = factories.invite(
        cast.aozora, "guest@example.com", cast.tanaka, sent_at=datetime.now(UTC) - timedelta(days=3)
    )
    before, caller, path = invite.expires_at, with_key(cast.tanaka), f"/invites/{invite.public_id}"
    assert (
        caller("POST", f"{path}/resend").get_json()["expires_at"] > before.isoformat()
        and len(letters("invite")) == 1
    )
    assert caller("POST", f"{path}/cancel").get_json()["state"] == "cancelled"
    assert (
        code(caller("POST", f"{path}/cancel"))
        == (410, "InviteOver")
        == code(caller("POST", f"{path}/resend"))
    )


@pytest.mark.parametrize("verb", ["", "/resend", "/cancel"])
def test_the_outsider_finds_none(cast: Cast, with_key: Give, verb: str) -> None:
    """S0-01."""
    invite, _token = factories.invite(cast.aozora, "guest@example.com", cast.tanaka)
    caller = with_key(cast.yamada)
    for name in (invite.public_id, str(invite.id), "x", "%00"):
        assert code(caller("POST" if verb else "GET", f"/invites/{name}{verb}")) == (
            404,
            "NotFound",
        )
