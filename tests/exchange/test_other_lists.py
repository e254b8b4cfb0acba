"""Invitations, roles and the activity log as files. It …"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from app.access.authorities import Authority
from app.activity import events
from app.activity import service as activity
from app.activity_log.lists import COLUMNS as ACTIVITY
from app.extensions import db
from app.invites.lists import COLUMNS as INVITES
from app.member_roles.lists import COLUMNS as ROLES
from app.models import Activity, InviteStatus
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.exchange.conftest import As, everything, objects, page, read

INVITATIONS, ROLE_LIST, LOG = "/o/aozora/invites", "/o/aozora/roles", "/o/aozora/activity"


def test_writes_invitations_in_their_states(
    tanaka: PortalClient, cast: Cast, now: datetime
) -> None:
    """S3-23, S3-49: the invitation's own ID; no token; accepted ones stay hidden, as in the list
    (S3-31).
    """
    open_, _token = factories.invite(
        cast.aozora, "open@example.com", cast.tanaka, authorities=frozenset({"user_viewer"})
    )
    open_.roles = [factories.role(cast.aozora, "Night shift")]
    factories.invite(
        cast.aozora,
        "late@example.com",
        cast.suzuki,
        sent_at=now - timedelta(days=8),
        hide_inviter=True,
    )
    factories.invite(cast.aozora, "in@example.com", cast.tanaka, status=InviteStatus.ACCEPTED)
    db.session.commit()
    rows = read(everything(tanaka, base=INVITATIONS))
    assert [(row["address"], row["state"]) for row in rows] == [
        ("open@example.com", "pending"),
        ("late@example.com", "expired"),
    ]
    assert list(rows[0]) == [column.key for column in INVITES]
    assert rows[0]["id"] == open_.public_id
    assert (rows[0]["roles"], rows[0]["authorities"], rows[0]["type"], rows[0]["invited_by"]) == (
        "Night shift",
        "user_viewer",
        "general",
        "tanaka@aozora.example",
    )
    assert rows[1]["inviter_hidden"] == "true"
    assert rows[1]["expires_at"] == (now - timedelta(days=1)).isoformat().replace("+00:00", "Z")
    assert [row["address"] for row in read(page(tanaka, "status=expired", base=INVITATIONS))] == [
        "late@example.com"
    ]
    assert open_.token_digest not in page(tanaka, base=INVITATIONS).get_data(as_text=True)


def test_writes_roles_with_their_authorities(tanaka: PortalClient, cast: Cast) -> None:
    """S3-23: built-in ones by their key; another organization's not at all."""
    factories.role(cast.aozora, "Night shift", Authority.AGENT_VIEWER, Authority.USER_VIEWER)
    factories.role(cast.minato, "Harbour")
    db.session.commit()
    rows = {row["name"]: row for row in objects(everything(tanaka, form="json", base=ROLE_LIST))}
    assert list(rows["Night shift"]) == [column.key for column in ROLES]
    assert (rows["Night shift"]["key"], rows["Night shift"]["authorities"]) == (
        None,
        ["agent_viewer", "user_viewer"],
    )
    assert rows["Co-admin"]["key"] == "co_admin"
    assert "Harbour" not in rows
    assert [row["name"] for row in read(page(tanaka, "q=night", base=ROLE_LIST))] == ["Night shift"]


def test_writes_a_slice_of_the_log(tanaka: PortalClient, cast: Cast, now: datetime) -> None:
    """B-80: the filters of the screen, dates too, hold for everything."""
    for days, subject in ((40, cast.smith), (2, cast.sato), (1, cast.suzuki)):
        activity.record(
            events.MEMBER_SUSPENDED,
            now=now - timedelta(days=days),
            by=cast.tanaka,
            organization=cast.aozora,
            subject=subject,
            reason="=1+1",
        )
    activity.record(
        events.SIGNED_IN,
        now=now,
        by=None,
        organization=cast.aozora,
        subject=cast.smith,
        ip="127.0.0.1",
    )
    activity.record(
        events.MEMBER_LEFT, now=now, by=None, organization=cast.minato, subject=cast.yamada
    )
    db.session.commit()
    asked = f"group=members&from={now - timedelta(days=10):%Y-%m-%d}"
    for rows in (read(page(tanaka, asked, base=LOG)), read(everything(tanaka, asked, base=LOG))):
        assert [row["subject_name"] for row in rows] == ["鈴木 一郎", "佐藤 美咲"]
        assert list(rows[0]) == [column.key for column in ACTIVITY]
        assert (rows[0]["event"], rows[0]["actor_name"], rows[0]["as_platform"]) == (
            "member_suspended",
            "田中 太郎",
            "false",
        )
        assert json.loads(rows[0]["details"]) == {"reason": "=1+1"}
        assert rows[0]["happened_at"] == (now - timedelta(days=1)).isoformat().replace(
            "+00:00", "Z"
        )
    assert objects(page(tanaka, f"{asked}&format=json", base=LOG))[0]["details"] == {
        "reason": "=1+1"
    }


@pytest.mark.parametrize(
    ("base", "event"),
    [
        (INVITATIONS, "invite_list_exported"),
        (ROLE_LIST, "role_list_exported"),
        (LOG, "activity_exported"),
    ],
)
def test_leaves_a_line_in_the_log(tanaka: PortalClient, cast: Cast, base: str, event: str) -> None:
    """B-79: for everything; not for a page."""
    page(tanaka, base=base)
    everything(tanaka, base=base)
    [line] = [one for one in db.session.query(Activity) if one.event.endswith("_exported")]
    assert (line.event, line.actor_id, line.details["format"]) == (event, cast.tanaka.id, "csv")


@pytest.mark.parametrize(
    ("base", "authorities", "page_status", "all_status"),
    [
        (INVITATIONS, {Authority.ORGANIZATION_INVITATION_VIEWER}, 200, 403),
        (INVITATIONS, {Authority.MEMBER_MANAGER}, 200, 200),
        (ROLE_LIST, {Authority.USER_VIEWER}, 200, 403),
        (ROLE_LIST, {Authority.ROLE_MANAGER}, 200, 200),
        (LOG, {Authority.ACTIVITY_VIEWER}, 200, 403),
        (LOG, {Authority.ACTIVITY_VIEWER, Authority.MEMBER_MANAGER}, 200, 200),
        (LOG, {Authority.MEMBER_MANAGER}, 403, 403),
        (INVITATIONS, {Authority.BILLING_VIEWER}, 403, 403),
    ],
)
def test_asks_who_may(
    cast: Cast, as_: As, base: str, authorities: set[str], page_status: int, all_status: int
) -> None:
    cast.membership(cast.suzuki).authorities = frozenset(map(str, authorities))
    db.session.commit()
    suzuki = as_(cast.suzuki)
    assert (page(suzuki, base=base).status_code, everything(suzuki, base=base).status_code) == (
        page_status,
        all_status,
    )


@pytest.mark.parametrize("base", [INVITATIONS, ROLE_LIST, LOG])
def test_is_not_there_for_another_organization(
    cast: Cast, as_: As, client: PortalClient, base: str
) -> None:
    yamada = as_(cast.yamada)
    assert (page(yamada, base=base).status_code, everything(yamada, base=base).status_code) == (
        404,
        404,
    )
    assert page(client, base=base).status_code == 302


@pytest.mark.parametrize("base", [INVITATIONS, ROLE_LIST, LOG])
def test_stands_in_the_toolbar(tanaka: PortalClient, cast: Cast, base: str) -> None:
    factories.invite(cast.aozora, "open@example.com", cast.tanaka)
    activity.record(
        events.SIGNED_IN, now=factories.NOW, by=None, organization=cast.aozora, subject=cast.smith
    )
    db.session.commit()
    assert 'href="?filter=export"' in tanaka.get(f"{base}/list/").get_data(as_text=True)
    html = tanaka.get(f"{base}/list/?filter=export").get_data(as_text=True)
    assert html.count('class="dropdown export"') == 1
    assert f"{base}/export?" in html
