"""Reinstating an account (S2-28). It …"""

from __future__ import annotations

from datetime import datetime

from tests import factories
from tests.accounts.conftest import As, act, body, lines, reinstate, suspend
from tests.cast import Cast
from tests.conftest import PortalClient


def test_lets_a_suspended_account_sign_in_again_but_revives_no_session(
    root: PortalClient, cast: Cast, as_: As, client: PortalClient
) -> None:
    """S2-28."""
    before = as_(cast.smith)
    suspend(root, cast.smith)
    answer = reinstate(root, cast.smith)
    assert "The account of John Smith was reinstated." in body(root.get(answer.location))
    assert (cast.smith.suspended_at, cast.smith.suspended_reason) == (None, "")
    assert before.get("/profile/").location.startswith("/login/")
    assert (
        client.submit("/login/", {"login_id": "smith", "password": factories.PASSWORD}).status_code
        == 302
    )
    assert client.get("/o/aozora/").status_code == 200
    assert lines("account_reinstated")[0].organization_id == cast.aozora.id


def test_reinstates_only_the_suspended(root: PortalClient, cast: Cast) -> None:
    answer = reinstate(root, cast.smith)
    assert "This account is not suspended." in body(root.get(answer.location))
    assert not lines("account_reinstated")


def test_leaves_a_suspended_membership_suspended(root: PortalClient, cast: Cast) -> None:
    suspend(root, cast.sato)
    reinstate(root, cast.sato)
    assert cast.membership(cast.sato).is_suspended


def test_reinstates_many(root: PortalClient, cast: Cast, now: datetime) -> None:
    cast.smith.suspended_at = cast.suzuki.suspended_at = now
    act(root, "reinstate", cast.smith, cast.suzuki, cast.tanaka)
    page = body(root.get("/accounts/list/"))
    assert "2 accounts were reinstated." in page
    assert "田中 太郎: This account is not suspended." in page
    assert not cast.smith.is_suspended
