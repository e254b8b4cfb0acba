"""Suspending an account, with all that goes with it (D-3, D-2, D-C1, S2-27). It …"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Account, AccountSession, InviteStatus
from app.outbox.service import Draft, post
from tests import factories
from tests.accounts.conftest import As, Letters, act, body, lines, reinstate, suspend
from tests.cast import Cast
from tests.conftest import PortalClient


def test_says_beforehand_what_goes_with_it(root: PortalClient, cast: Cast, as_: As) -> None:
    as_(cast.smith)
    factories.invite(cast.aozora, "guest@example.com", cast.smith)
    page = body(root.get(f"/accounts/suspension/{cast.smith.id}"))
    for words in (
        "Suspend the account of John Smith?",
        "signed out everywhere at once",
        "Open sessions",
        "Pending invitations sent",
        "1, will be cancelled",
    ):
        assert words in page
    assert not cast.smith.is_suspended, "a GET changes nothing"


def test_ends_every_session_on_the_very_next_request(
    root: PortalClient, cast: Cast, as_: As
) -> None:
    """S2-27, D-C1."""
    desk, phone = as_(cast.smith), as_(cast.smith)
    assert desk.get("/profile/").status_code == 200
    answer = suspend(root, cast.smith, "Left the company")
    assert answer.location == f"/accounts/show/{cast.smith.id}"
    for browser in (desk, phone):
        assert browser.get("/profile/").location.startswith("/login/")
    assert not db.session.scalars(
        select(AccountSession).where(
            AccountSession.account_id == cast.smith.id, AccountSession.ended_at.is_(None)
        )
    ).all()
    page = body(root.get(answer.location))
    assert "The account of John Smith was suspended." in page
    assert "Left the company" in page


def test_refuses_the_right_password_and_tells_why_only_then(
    root: PortalClient, cast: Cast, client: PortalClient
) -> None:
    """D-3."""
    suspend(root, cast.smith)
    wrong = client.submit("/login/", {"login_id": "smith", "password": "Wrong-Horse-7"})
    assert "suspended" not in body(wrong)
    right = client.submit("/login/", {"login_id": "smith", "password": factories.PASSWORD})
    assert right.status_code == 403
    assert "Your account is suspended" in body(right)


def test_cancels_the_invitations_they_sent_and_withdraws_their_letters(
    root: PortalClient, cast: Cast, now: datetime
) -> None:
    waiting, _token = factories.invite(cast.aozora, "guest@example.com", cast.smith)
    elsewhere, _token = factories.invite(cast.minato, "guest@example.com", cast.smith)
    others, _token = factories.invite(cast.aozora, "other@example.com", cast.tanaka)
    letter = post(
        Draft("test", "guest@example.com", "en", {"asked_at": now}, invite_id=waiting.id), now=now
    )
    suspend(root, cast.smith)
    assert [one.status for one in (waiting, elsewhere, others)] == [
        InviteStatus.CANCELLED,
        InviteStatus.CANCELLED,
        InviteStatus.PENDING,
    ]
    assert letter.state == "dropped"


def test_tells_the_person_by_letter_with_the_reason(
    root: PortalClient, cast: Cast, letters: Letters
) -> None:
    suspend(root, cast.suzuki, "退職のため")
    (letter,) = letters("account_suspended")
    assert (letter.recipient, letter.language) == ("suzuki@example.com", "ja_JP")
    for part in (letter.text, letter.html):
        for words in ("鈴木 一郎 様", "停止されました", "退職のため", "Root Rita"):
            assert words in part
    reinstate(root, cast.suzuki)
    (letter,) = letters("account_reinstated")
    assert "再有効化されました" in letter.text
    suspend(root, cast.smith)
    english = letters("account_suspended")[-1]
    assert "was suspended. Until it is reinstated, you cannot sign in." in english.text
    assert "Reason" not in english.text


def test_leaves_a_line_in_the_log_of_each_organization(root: PortalClient, cast: Cast) -> None:
    factories.membership(cast.smith, cast.minato)
    suspend(root, cast.smith, "Left")
    found = lines("account_suspended")
    assert [line.organization_id for line in found] == [cast.aozora.id, cast.minato.id]
    for line in found:
        assert (line.actor_id, line.subject_id, line.as_platform, line.details) == (
            cast.root.id,
            cast.smith.id,
            True,
            {"reason": "Left"},
        )
    suspend(root, cast.newcomer)
    assert lines("account_suspended")[0].organization_id is None


def test_keeps_the_first_reason_when_it_is_suspended_already(
    root: PortalClient, cast: Cast
) -> None:
    suspend(root, cast.smith, "First")
    answer = suspend(root, cast.smith, "Second")
    assert answer.status_code == 409
    assert "already suspended" in body(answer)
    assert cast.smith.suspended_reason == "First"


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("x" * 501, "At most 500 characters."), ("a\x00b", "cannot be used here")],
)
def test_refuses_a_malformed_reason_at_its_field(
    root: PortalClient, cast: Cast, reason: str, sentence: str
) -> None:
    answer = suspend(root, cast.smith, reason)
    assert answer.status_code == 422
    assert sentence in body(answer)
    many = act(root, "suspend", cast.smith, cast.suzuki, sure="1", reason=reason)
    assert many.status_code == 422
    assert sentence in body(many)
    assert not cast.smith.is_suspended


def test_never_suspends_oneself_nor_the_last_platform_administrator(
    root: PortalClient, cast: Cast
) -> None:
    """S2-27."""
    answer = suspend(root, cast.root)
    assert answer.status_code == 409
    assert "You cannot suspend or delete your own account." in body(answer)
    second = factories.platform_administrator(factories.account("second"))
    assert suspend(root, second).status_code == 302
    assert not cast.root.is_suspended


def test_never_suspends_the_last_power_user_of_any_organization(
    root: PortalClient, cast: Cast
) -> None:
    """D-2: nor somebody beside whom only the suspended would remain."""
    answer = suspend(root, cast.tanaka)
    assert answer.status_code == 409
    assert "The last power user of Aozora Inc. cannot be suspended." in body(answer)
    factories.membership(cast.newcomer, cast.aozora, power=True)
    assert suspend(root, cast.newcomer).status_code == 302
    assert suspend(root, cast.tanaka).status_code == 409
    factories.membership(cast.yamada, cast.aozora, power=True)
    assert suspend(root, cast.tanaka).status_code == 302
    assert suspend(root, cast.yamada).status_code == 409, (
        "of another organization, and now of this one"
    )


def test_is_closed_to_everybody_else(cast: Cast, as_: As, client: PortalClient) -> None:
    """S2-01: power user, viewer, outsider, stranger; on every path, and a GET only asks."""
    suspended = factories.account("mori", suspended_at=factories.NOW)
    db.session.commit()
    reinstating = f"/accounts/action/reinstate/{suspended.id}"
    pages = (
        f"/accounts/suspension/{cast.smith.id}",
        f"/accounts/delete/{cast.newcomer.id}",
        reinstating,
    )
    posts: list[tuple[str, dict[str, Any]]] = [
        (pages[0], {"reason": ""}),
        (pages[1], {}),
        (reinstating, {}),
        (
            "/accounts/action_post",
            {"action": "suspend", "rowid": [str(cast.smith.id)], "sure": "1"},
        ),
        ("/accounts/action_post", {"action": "reinstate", "rowid": [str(suspended.id)]}),
    ]
    for who in (cast.tanaka, cast.suzuki, cast.yamada):
        browser = as_(who)
        assert [browser.get(path).status_code for path in pages] == [403] * 3
        assert [
            browser.submit(path, data, page="/profile/").status_code for path, data in posts
        ] == [403] * len(posts)
    for path, data in posts:
        assert client.submit(path, data, page="/login/").location.startswith("/login/")
    assert "Reinstate: " in as_(cast.root).get(reinstating).get_data(as_text=True)
    assert as_(cast.root).post(pages[0], data={"reason": ""}).status_code == 400, (
        "without the page's token"
    )
    db.session.expire_all()
    assert suspended.is_suspended and not cast.smith.is_suspended
    assert db.session.get(Account, cast.newcomer.id)
