"""Editing a membership: type, roles and single authorities, and nothing else (S0-36). It …"""

from __future__ import annotations

from typing import Any

import pytest

from app.access.authorities import everything
from app.access.roles import PRESETS
from app.extensions import db
from app.models import Account, InviteStatus, MemberRole, MemberType
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import (
    BASE,
    As,
    Letters,
    built_in,
    events,
    fingerprint,
    of,
    offered,
    text,
)


@pytest.fixture
def edit(cast: Cast) -> str:
    """The address of smith's membership form."""
    return f"{BASE}/edit/{cast.membership(cast.smith).id}"


def test_gives_type_roles_and_authorities(
    tanaka: PortalClient, cast: Cast, edit: str, desk: MemberRole
) -> None:
    """S0-13, S0-36, S2-10, S4-12: one by one, and several roles."""
    answer = tanaka.submit(
        edit,
        offered(roles=[str(desk.id), str(built_in("viewer").id)], authorities=["billing_viewer"]),
    )
    member = of(cast.smith)
    assert member
    assert answer.location == f"{BASE}/show/{member.id}"
    assert (member.type, set(member.roles), member.authorities) == (
        MemberType.GENERAL,
        {desk, built_in("viewer")},
        {"billing_viewer"},
    )


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_gives_what_a_preset_holds(
    tanaka: PortalClient, cast: Cast, edit: str, preset: str
) -> None:
    """S1-14…S1-18: whatever was ticked below counts for Custom only."""
    tanaka.submit(edit, offered(preset=preset, authorities=["content_editor"]))
    member = of(cast.smith)
    assert member
    assert member.authorities == PRESETS[preset].authorities
    assert f'value="{preset}" checked' in text(tanaka, edit), "the form knows the preset again"


def test_adds_what_an_authority_needs(tanaka: PortalClient, cast: Cast, edit: str) -> None:
    """S0-25."""
    tanaka.submit(edit, offered(authorities=["aws_account_viewer"]))
    member = of(cast.smith)
    assert member
    assert member.authorities == {"aws_account_viewer", "project_viewer"}


def test_makes_a_power_user_who_holds_everything_without_ticks(
    tanaka: PortalClient, cast: Cast, edit: str, as_: As
) -> None:
    """S0-12, S0-14."""
    tanaka.submit(edit, offered(type="power", authorities=["billing_viewer"], sure="1"))
    member = of(cast.smith)
    assert member
    assert (member.type, member.authorities) == (MemberType.POWER, frozenset())
    assert f"{len(everything())} / {len(everything())}" in text(tanaka, f"/show/{member.id}")
    assert as_(cast.smith).get(f"{BASE}/add").status_code == 200


def test_makes_a_power_user_general_again(
    tanaka: PortalClient, cast: Cast, second: Account
) -> None:
    """S0-12."""
    member = of(second)
    assert member
    tanaka.submit(f"{BASE}/edit/{member.id}", offered(preset="accounting", sure="1"))
    member = of(second)
    assert member
    assert (member.type, member.authorities) == (
        MemberType.GENERAL,
        {"invoice_downloader", "inquiry_user"},
    )


def test_shows_what_the_member_has(
    tanaka: PortalClient, cast: Cast, edit: str, desk: MemberRole
) -> None:
    member = cast.membership(cast.smith)
    member.roles, member.authorities = [desk], frozenset({"billing_viewer"})
    page = text(tanaka, edit)
    assert f'value="{desk.id}" id="roles-{desk.id}" checked' in page
    assert 'value="billing_viewer" id="authorities-billing_viewer" checked' in page
    assert 'id="authorities-user_viewer" checked' not in page


def test_changes_neither_name_nor_address(tanaka: PortalClient, cast: Cast, edit: str) -> None:
    """S0-36, D-C3: whatever is posted."""
    assert 'name="family_name"' not in text(tanaka, edit)
    before = (cast.smith.family_name, cast.smith.email, cast.smith.login_id)
    tanaka.submit(
        edit,
        offered(
            family_name="Jones", email="jones@example.com", login_id="jones", preset="accounting"
        ),
    )
    db.session.refresh(cast.smith)
    assert (cast.smith.family_name, cast.smith.email, cast.smith.login_id) == before


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"type": "boss"}, "Choose one of the two types."),
        ({"type": ""}, "Choose one of the two types."),
        ({"preset": "most"}, "Choose a preset"),
        ({"roles": ["99999"]}, "no longer exists"),
        ({"roles": ["x"]}, "no longer exists"),
        ({"authorities": ["root"]}, "does not exist"),
    ],
)
def test_saves_nothing_while_something_is_wrong(
    tanaka: PortalClient, edit: str, desk: MemberRole, wrong: dict[str, Any], told: str
) -> None:
    """S2-26: a type that is left out makes nobody general either."""
    before = fingerprint()
    answer = tanaka.submit(
        edit, offered(roles=[str(desk.id)], authorities=["billing_viewer"]) | wrong
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert told in page
    assert "roles" in wrong or f'id="roles-{desk.id}" checked' in page
    assert "authorities" in wrong or 'id="authorities-billing_viewer" checked' in page
    assert fingerprint() == before


def test_gives_no_role_of_another_organization(tanaka: PortalClient, cast: Cast, edit: str) -> None:
    """S0-01."""
    foreign = factories.role(cast.minato, "Harbour", "billing_viewer")
    before = fingerprint()
    assert tanaka.submit(edit, offered(roles=[str(foreign.id)])).status_code == 422
    assert fingerprint() == before


def test_tells_the_member_in_their_language_what_was_gained_and_lost(
    tanaka: PortalClient, cast: Cast, letters: Letters
) -> None:
    """The same letter for suzuki, who reads Japanese, and smith, who does not."""
    for who in (cast.suzuki, cast.smith):
        tanaka.submit(
            f"{BASE}/edit/{cast.membership(who).id}",
            offered(roles=[str(built_in("viewer").id)], authorities=["billing_viewer"]),
        )
    japanese, english = letters("membership_changed")
    assert (japanese.recipient, english.recipient) == (cast.suzuki.email, cast.smith.email)
    assert japanese.subject == "【株式会社あおぞら】権限変更のお知らせ"
    assert english.subject == "What you may do in Aozora Inc. has changed"
    for words in (
        "鈴木 一郎 様",
        "付与されたロール：閲覧者",
        "外された権限：",
        "操作者：田中 太郎",
    ):
        assert words in japanese.text
    for words in (
        "Roles given: Viewer",
        "Authorities given: Billing Viewer",
        "By: 田中 太郎 (Taro Tanaka)",
    ):
        assert words in english.text
    assert "taken away" not in english.text


def test_keeps_quiet_towards_who_wants_no_letters_and_towards_oneself(
    tanaka: PortalClient, cast: Cast, edit: str, letters: Letters
) -> None:
    """S2-32."""
    cast.smith.notifications = False
    tanaka.submit(edit, offered(preset="accounting"))
    tanaka.submit(
        f"{BASE}/edit/{cast.membership(cast.tanaka).id}",
        offered(type="power", roles=[str(built_in("viewer").id)]),
    )
    assert letters("membership_changed") == []


def test_writes_before_and_after_into_the_log(tanaka: PortalClient, cast: Cast, edit: str) -> None:
    tanaka.submit(edit, offered(type="power", sure="1"))
    [line] = events("member_edited")
    assert (line.actor_id, line.subject_id, line.organization_id) == (
        cast.tanaka.id,
        cast.smith.id,
        cast.aozora.id,
    )
    assert line.details["changes"] == {"type": ["general", "power"]}


def test_neither_logs_nor_mails_where_nothing_changed(tanaka: PortalClient, edit: str) -> None:
    before = fingerprint()
    assert tanaka.submit(edit, offered()).status_code == 302
    assert fingerprint() == before


def test_cancels_the_invitations_that_promise_more_than_the_member_may_give_now(
    tanaka: PortalClient, cast: Cast, second: Account
) -> None:
    """D-1."""
    big, _token = factories.invite(cast.aozora, "a@example.com", second, type=MemberType.POWER)
    member = of(second)
    assert member
    small, _token = factories.invite(
        cast.aozora, "b@example.com", second, authorities=frozenset({"user_viewer"})
    )
    tanaka.submit(
        f"{BASE}/edit/{member.id}", offered(roles=[str(built_in("co_admin").id)], sure="1")
    )
    db.session.refresh(big)
    db.session.refresh(small)
    assert (big.status, small.status) == (InviteStatus.CANCELLED, InviteStatus.PENDING)


def test_holds_from_the_next_request_on(
    tanaka: PortalClient, cast: Cast, edit: str, as_: As
) -> None:
    """D-C1: both ways, in a session that is already open."""
    smith = as_(cast.smith)
    text(smith, "/list/", 403)
    tanaka.submit(edit, offered(authorities=["user_viewer"]))
    text(smith, "/list/")
    tanaka.submit(edit, offered(authorities=["billing_viewer"], sure="1"))
    text(smith, "/list/", 403)
