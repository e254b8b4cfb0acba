"""Suspending a member (S2-27, D-3). It …"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from app.extensions import db
from app.kernel.errors import Forbidden
from app.memberships import suspension
from app.models import Account, AccountSession, InviteStatus
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, As, Letters, events, fingerprint, is_suspended, of, text


def test_says_first_what_goes_with_it(tanaka: PortalClient, cast: Cast, as_: As, door: str) -> None:
    """Sessions and invitations go, roles and authorities wait."""
    as_(cast.smith)
    cast.membership(cast.smith).authorities = frozenset({"billing_viewer"})
    factories.invite(cast.aozora, "a@example.com", cast.smith)
    page = text(tanaka, door)
    for label, value in (
        ("Open sessions", "1, loses access at once"),
        ("Pending invitations sent", "1, will be cancelled"),
    ):
        assert f'<span>{label}</span><span class="ms-auto text-end quiet">{value}</span>' in page
    assert "<span>Single authorities</span>" not in page


def test_closes_the_organization_on_the_very_next_request(
    tanaka: PortalClient, cast: Cast, as_: As, door: str
) -> None:
    """S2-27, D-C1: in a session that is open."""
    smith = as_(cast.smith)
    assert smith.get("/o/aozora/").status_code == 200
    answer = tanaka.submit(door, {"reason": "On leave"})
    assert answer.location == door.replace("suspension", "show")
    assert smith.get("/o/aozora/").status_code in (302, 403)
    assert is_suspended(cast.smith)


def test_leaves_other_organizations_open(
    tanaka: PortalClient, cast: Cast, as_: As, door: str
) -> None:
    """S0-08, D-3."""
    factories.membership(cast.smith, cast.minato)
    smith = as_(cast.smith)
    tanaka.submit(door, {})
    refused = smith.get("/o/aozora/")
    assert refused.status_code == 403
    assert "suspended" in refused.get_data(as_text=True)
    assert smith.get("/o/minato/").status_code == 200


def test_ends_the_sessions_of_somebody_with_nowhere_left_to_go(
    tanaka: PortalClient, cast: Cast, as_: As, door: str
) -> None:
    """D-3, D-C1."""
    smith = as_(cast.smith)
    tanaka.submit(door, {})
    assert "/login/" in smith.get("/profile/").location
    assert all(
        one.ended_at for one in db.session.query(AccountSession).filter_by(account_id=cast.smith.id)
    )


def test_tells_the_member_why_in_a_letter(
    tanaka: PortalClient, cast: Cast, door: str, letters: Letters
) -> None:
    tanaka.submit(door, {"reason": "On leave until May <soon>"})
    [letter] = letters("membership_suspended")
    assert (letter.recipient, letter.subject) == (
        cast.smith.email,
        "Your membership of Aozora Inc. is suspended",
    )
    assert "Reason: On leave until May <soon>" in letter.text
    assert "On leave until May &lt;soon&gt;" in letter.html


def test_writes_a_japanese_letter_to_who_reads_japanese(
    tanaka: PortalClient, cast: Cast, letters: Letters
) -> None:
    tanaka.submit(f"{BASE}/suspension/{cast.membership(cast.suzuki).id}", {"reason": "休職中"})
    tanaka.submit(
        f"{BASE}/action/reinstate/{cast.membership(cast.suzuki).id}", page=f"{BASE}/list/"
    )
    suspended, reinstated = letters(to=cast.suzuki.email)
    assert (suspended.subject, reinstated.subject) == (
        "【株式会社あおぞら】利用停止のお知らせ",
        "【株式会社あおぞら】利用再開のお知らせ",
    )
    assert "鈴木 一郎 様" in suspended.text
    assert "理由：休職中" in suspended.text


def test_writes_no_letter_to_who_wants_none(
    tanaka: PortalClient, cast: Cast, door: str, letters: Letters
) -> None:
    """S2-32."""
    cast.smith.notifications = False
    tanaka.submit(door, {})
    assert letters() == []


def test_shows_since_when_and_why_on_the_member_s_page(
    tanaka: PortalClient, cast: Cast, door: str
) -> None:
    tanaka.submit(door, {"reason": "On leave"})
    page = text(tanaka, door.replace("suspension", "show"))
    assert "On leave" in page
    assert "While suspended, the member holds none of them." in page
    assert "This member is already suspended." not in page
    assert f'action="{door.replace("suspension", "action/reinstate")}"' in page


def test_logs_who_whom_and_why(tanaka: PortalClient, cast: Cast, door: str) -> None:
    tanaka.submit(door, {"reason": "On leave"})
    [line] = events("member_suspended")
    assert (line.actor_id, line.subject_id, line.details) == (
        cast.tanaka.id,
        cast.smith.id,
        {"reason": "On leave"},
    )


def test_cancels_the_invitations_they_sent(
    tanaka: PortalClient, cast: Cast, second: Account
) -> None:
    invite, _token = factories.invite(cast.aozora, "a@example.com", second)
    elsewhere, _token = factories.invite(cast.minato, "a@example.com", second)
    membership = of(second)
    assert membership
    tanaka.submit(f"{BASE}/suspension/{membership.id}", {})
    db.session.refresh(invite)
    db.session.refresh(elsewhere)
    assert (invite.status, elsewhere.status) == (InviteStatus.CANCELLED, InviteStatus.PENDING)


def test_keeps_the_reason_without_the_space_around_it(cast: Cast, now: datetime) -> None:
    suspension.suspend(
        cast.membership(cast.smith),
        reason=" On leave\n",
        by=factories.seat(cast.membership(cast.tanaka)),
        now=now,
    )
    assert cast.membership(cast.smith).suspended_reason == "On leave"


@pytest.mark.parametrize("reason", ["x" * 501, "Nul \x00 byte"])
def test_refuses_a_reason_that_cannot_be_kept(
    tanaka: PortalClient, cast: Cast, door: str, reason: str
) -> None:
    """S2-19: and shows it again."""
    before = fingerprint()
    answer = tanaka.submit(door, {"reason": reason})
    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.get_data(as_text=True)
    assert f">\n{reason[:4]}" in answer.get_data(as_text=True)
    assert fingerprint() == before


def test_does_not_suspend_twice(tanaka: PortalClient, cast: Cast) -> None:
    """The first reason stays."""
    answer = tanaka.submit(
        f"{BASE}/suspension/{cast.membership(cast.sato).id}", {"reason": "Again"}
    )
    assert answer.status_code == 409
    assert "already suspended" in answer.get_data(as_text=True)
    assert cast.membership(cast.sato).suspended_reason == "On leave"


def test_suspends_nobody_who_asks_for_it(tanaka: PortalClient, cast: Cast, second: Account) -> None:
    """S2-27: not oneself, though another power user is there."""
    answer = tanaka.submit(f"{BASE}/suspension/{cast.membership(cast.tanaka).id}", {})
    assert answer.status_code == 409
    assert "You cannot do this to yourself." in answer.get_data(as_text=True)
    assert not is_suspended(cast.tanaka)


def test_works_after_some_time_too(
    tanaka: PortalClient, cast: Cast, as_: As, door: str, now: datetime
) -> None:
    """D-C1: an hour-old session is shut like a fresh one."""
    smith = as_(cast.smith)
    for row in db.session.query(AccountSession).filter_by(account_id=cast.smith.id):
        row.created_at = now - timedelta(hours=1)
    tanaka.submit(door, {})
    assert smith.get("/o/aozora/").status_code != 200


def test_is_not_done_by_somebody_whose_account_was_suspended_while_they_waited(
    cast: Cast, now: datetime
) -> None:
    """D-C1: a request that was let in before the platform administrator suspended the account has
    its turn after it.
    """
    seat = factories.seat(cast.membership(cast.tanaka))
    assert not seat.account.is_suspended
    db.session.execute(
        update(Account).where(Account.id == cast.tanaka.id).values(suspended_at=now),
        execution_options={"synchronize_session": False},
    )
    with pytest.raises(Forbidden):
        suspension.suspend(cast.membership(cast.smith), reason="", by=seat, now=now)
    db.session.rollback()
    assert not cast.membership(cast.smith).is_suspended
