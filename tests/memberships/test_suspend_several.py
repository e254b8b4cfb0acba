"""Suspending several members at once (S2-27, S4-15). It …"""

from __future__ import annotations

import pytest

from app.models import Account
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, fingerprint, is_suspended, of


def bulk(client: PortalClient, action: str, *who: int, **more: str) -> str:
    form = {"action": action, "rowid": [str(one) for one in who], **more}
    answer = client.act(f"{BASE}/action_post", form, page=f"{BASE}/list/", follow_redirects=True)
    return " ".join(answer.get_data(as_text=True).split())


def test_asks_once_before_several_and_names_who_cannot_be(tanaka: PortalClient, cast: Cast) -> None:
    """S2-27, S4-15."""
    before = fingerprint()
    ids = [str(cast.membership(who).id) for who in (cast.smith, cast.sato, cast.tanaka)]
    question = tanaka.ask(f"{BASE}/action_post", {"action": "suspend", "rowid": ids})
    assert "Suspend 1 member?" in question
    assert "This member is already suspended." in question
    assert "You cannot do this to yourself." in question
    assert "3 selected rows" in question
    assert fingerprint() == before


def test_suspends_several_and_tells_which_were_refused(
    tanaka: PortalClient, cast: Cast, second: Account
) -> None:
    ids = [cast.membership(who).id for who in (cast.smith, cast.suzuki, cast.sato, second)]
    told = bulk(tanaka, "suspend", *ids, reason="Audit")
    assert "3 members were suspended." in told
    assert "1 could not be changed." in told
    assert "佐藤 美咲: This member is already suspended." in told
    assert [of(who).suspended_reason for who in (cast.smith, cast.suzuki, second)] == ["Audit"] * 3  # type: ignore[union-attr]
    assert "3 members were reinstated." in bulk(tanaka, "reinstate", *ids[:2], ids[3])


@pytest.mark.parametrize("reason", ["Nul \x00 byte", "x" * 501])
def test_asks_again_where_the_reason_for_several_cannot_be_kept(
    tanaka: PortalClient, cast: Cast, reason: str
) -> None:
    before = fingerprint()
    rows = {
        "action": "suspend",
        "rowid": str(cast.membership(cast.smith).id),
        "reason": reason,
    }
    answer = tanaka.act(f"{BASE}/action_post", rows, page=f"{BASE}/list/")
    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.get_data(as_text=True)
    assert fingerprint() == before


def test_says_so_where_nothing_was_selected(tanaka: PortalClient, cast: Cast) -> None:
    stranger = cast.membership(cast.yamada).id
    for who in ((), (stranger,), (999999,), (int("9" * 30),)):
        form = {"action": "suspend", "rowid": [str(one) for one in who]}
        assert "Nothing was selected." in tanaka.ask(f"{BASE}/action_post", form)
    assert not is_suspended(cast.yamada)
