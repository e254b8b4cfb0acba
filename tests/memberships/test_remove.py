"""Removing members, and leaving (S0-06…S0-08, D-C1). It …"""

from __future__ import annotations

import pytest

from app.extensions import db
from app.models import Account, AccountSession, InviteStatus, Membership
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import (
    BASE,
    As,
    Letters,
    Statements,
    built_in,
    events,
    fingerprint,
    is_member,
    of,
    text,
)


@pytest.fixture
def door(cast: Cast) -> str:
    """The page that removes smith."""
    return f"{BASE}/delete/{cast.membership(cast.smith).id}"


def test_removes_from_the_organization_not_the_account(
    tanaka: PortalClient, cast: Cast, door: str
) -> None:
    """S0-06."""
    answer = tanaka.submit(door)
    assert answer.location == f"{BASE}/list/"
    assert not is_member(cast.smith, cast.aozora)
    assert db.session.get(Account, cast.smith.id) is not None
    assert "John Smith was removed." in text(tanaka, "/list/")
    assert "John Smith" not in text(tanaka, "/list/")


def test_asks_first_and_says_what_goes(
    tanaka: PortalClient, cast: Cast, as_: As, door: str
) -> None:
    """S0-06, S4-15: a GET removes nobody."""
    as_(cast.smith)
    membership = cast.membership(cast.smith)
    membership.roles, membership.authorities = (
        [built_in("viewer")],
        frozenset({"billing_viewer", "user_viewer"}),
    )
    factories.invite(cast.aozora, "a@example.com", cast.smith)
    page = text(tanaka, door)
    assert "Remove John Smith from Aozora Inc.?" in page
    cast.smith.managed_by = cast.aozora
    page = text(tanaka, door)
    for label, value in (
        ("Open sessions", "1, loses access at once"),
        ("Pending invitations sent", "1, will be cancelled"),
        ("Roles", "1"),
        ("Single authorities", "2"),
        ("Accounts that this organization registered", "1, from then on edited by its owner alone"),
    ):
        assert f'<span>{label}</span><span class="ms-auto text-end quiet">{value}</span>' in page
    assert "The account and its other organizations stay." in page
    assert is_member(cast.smith, cast.aozora)


def test_closes_the_portal_of_that_organization_at_once(
    tanaka: PortalClient, cast: Cast, as_: As, door: str
) -> None:
    """S0-07, D-C1: sessions end where nothing is left to enter."""
    smith = as_(cast.smith)
    assert smith.get("/o/aozora/").status_code == 200
    tanaka.submit(door)
    assert "/login/" in smith.get("/o/aozora/").location
    assert all(
        one.ended_at for one in db.session.query(AccountSession).filter_by(account_id=cast.smith.id)
    )


def test_keeps_the_access_to_another_organization(
    tanaka: PortalClient, cast: Cast, as_: As, door: str
) -> None:
    """S0-08: in the same open session."""
    factories.membership(cast.smith, cast.minato)
    smith = as_(cast.smith)
    tanaka.submit(door)
    assert smith.get("/o/aozora/").status_code == 404
    assert smith.get("/o/minato/").status_code == 200


def test_gives_the_account_back_to_its_owner(tanaka: PortalClient, cast: Cast, door: str) -> None:
    """D-C3: a managed account is managed no longer."""
    cast.smith.managed_by = cast.aozora
    tanaka.submit(door)
    db.session.refresh(cast.smith)
    assert cast.smith.managed_by_id is None


def test_tells_the_member(tanaka: PortalClient, cast: Cast, door: str, letters: Letters) -> None:
    tanaka.submit(door)
    tanaka.submit(f"{BASE}/delete/{cast.membership(cast.suzuki).id}")
    english, japanese = letters("membership_removed")
    assert (english.recipient, english.subject) == (
        cast.smith.email,
        "You were removed from Aozora Inc.",
    )
    assert (japanese.recipient, japanese.subject) == (
        cast.suzuki.email,
        "【株式会社あおぞら】組織からの削除のお知らせ",
    )
    assert "今後、この組織はご利用いただけません。" in japanese.text


def test_remembers_what_the_member_had(tanaka: PortalClient, cast: Cast, door: str) -> None:
    cast.membership(cast.smith).authorities = frozenset({"billing_viewer"})
    tanaka.submit(door)
    [line] = events("member_removed")
    assert (line.subject_id, line.subject_name) == (cast.smith.id, "Smith John")
    assert line.details == {
        "type": "general",
        "roles": [],
        "authorities": ["billing_viewer"],
        "role_ids": [],
        "suspended": None,
    }


def test_cancels_the_invitations_they_sent(tanaka: PortalClient, cast: Cast, door: str) -> None:
    invite, _token = factories.invite(cast.aozora, "a@example.com", cast.smith)
    tanaka.submit(door)
    db.session.refresh(invite)
    assert invite.status is InviteStatus.CANCELLED


def test_does_not_remove_oneself(tanaka: PortalClient, cast: Cast, second: Account) -> None:
    told = tanaka.submit(f"{BASE}/delete/{cast.membership(cast.tanaka).id}", follow_redirects=True)
    assert "You cannot do this to yourself." in told.get_data(as_text=True)
    assert is_member(cast.tanaka, cast.aozora)


def test_is_404_the_second_time(tanaka: PortalClient, door: str) -> None:
    tanaka.submit(door)
    assert tanaka.submit(door, page=f"{BASE}/list/").status_code == 404


def asked(client: PortalClient, *who: int) -> str:
    form = {"action": "remove", "rowid": [str(one) for one in who]}
    return client.ask(f"{BASE}/action_post", form)


def bulk(client: PortalClient, *who: int) -> str:
    form = {"action": "remove", "rowid": [str(one) for one in who]}
    answer = client.act(f"{BASE}/action_post", form, page=f"{BASE}/list/", follow_redirects=True)
    return " ".join(answer.get_data(as_text=True).split())


def test_removes_several_after_one_question(tanaka: PortalClient, cast: Cast) -> None:
    """S4-14, S4-15, S0-06."""
    ids = [cast.membership(who).id for who in (cast.smith, cast.suzuki, cast.tanaka)]
    before = fingerprint()
    question = asked(tanaka, *ids)
    assert "Remove 2 members from the organization?" in question
    assert fingerprint() == before
    told = bulk(tanaka, *ids)
    assert "2 members were removed." in told
    assert "田中 太郎: You cannot do this to yourself." in told
    assert [is_member(who, cast.aozora) for who in (cast.smith, cast.suzuki, cast.tanaka)] == [
        False,
        False,
        True,
    ]


def test_says_what_goes_with_all_of_them(tanaka: PortalClient, cast: Cast, as_: As) -> None:
    """S4-15: of those who can be removed; what the others have stays."""
    as_(cast.smith)
    as_(cast.suzuki)
    factories.invite(cast.aozora, "a@example.com", cast.smith)
    factories.invite(cast.aozora, "b@example.com", cast.tanaka)
    page = asked(
        tanaka, *(cast.membership(who).id for who in (cast.smith, cast.suzuki, cast.tanaka))
    )
    for label, value in (
        ("Open sessions", "2, lose access at once"),
        ("Pending invitations sent", "1, will be cancelled"),
    ):
        assert f'<span>{label}</span><span class="ms-auto text-end quiet">{value}</span>' in page


def test_asks_about_many_with_few_statements(
    tanaka: PortalClient, cast: Cast, statements: Statements
) -> None:
    for number in range(50):
        factories.membership(factories.account(f"crowd{number}"), cast.aozora).roles = [
            built_in("viewer")
        ]
    ids = [one.id for one in db.session.query(Membership).filter_by(organization_id=cast.aozora.id)]
    page = {
        "csrf_token": tanaka.token(f"{BASE}/list/"),
        "action": "remove",
        "rowid": [str(one) for one in ids],
    }
    statements()
    answer = tanaka.post(f"{BASE}/action_post", data=page)
    assert len(statements()) <= 16
    question = tanaka.get(answer.location).get_data(as_text=True)
    assert f"{len(ids)} selected rows" in question
    assert len(statements()) <= 12


# leaving


def test_lets_a_member_leave_after_a_question(cast: Cast, as_: As, letters: Letters) -> None:
    """S0-07: even one who may see no members."""
    smith = as_(cast.smith)
    assert "1, loses access at once" in text(smith, "/leave")
    assert "Leave Aozora Inc.?" in text(smith, "/leave")
    assert is_member(cast.smith, cast.aozora)
    assert smith.submit(f"{BASE}/leave").location == "/"
    assert not is_member(cast.smith, cast.aozora)
    assert [(line.actor_id, line.subject_id) for line in events("member_left")] == [
        (cast.smith.id, cast.smith.id)
    ]
    assert letters() == []


def test_lets_a_member_of_two_leave_one(cast: Cast, as_: As) -> None:
    """S0-08."""
    factories.membership(cast.smith, cast.minato)
    smith = as_(cast.smith)
    smith.submit(f"{BASE}/leave")
    assert smith.get("/o/minato/").status_code == 200
    assert smith.get("/o/aozora/").status_code == 404


def test_offers_leaving_on_one_s_own_page_only(tanaka: PortalClient, cast: Cast) -> None:
    assert f'href="{BASE}/leave"' in text(tanaka, f"/show/{cast.membership(cast.tanaka).id}")
    assert f'href="{BASE}/leave"' not in text(tanaka, f"/show/{cast.membership(cast.smith).id}")


def test_has_nothing_to_leave_for_the_platform_administrator(cast: Cast, as_: As) -> None:
    root = as_(cast.root)
    assert root.get(f"{BASE}/leave").status_code == 404
    assert of(cast.root) is None
