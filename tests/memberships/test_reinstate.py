"""Reinstating a member (S2-28). It …"""

from __future__ import annotations

from datetime import datetime

from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, As, Letters, events, fingerprint, is_suspended


def test_reinstates_with_everything_they_had(
    tanaka: PortalClient, cast: Cast, as_: As, letters: Letters
) -> None:
    """S2-28."""
    membership = cast.membership(cast.sato)
    membership.authorities = frozenset({"user_viewer"})
    answer = tanaka.submit(
        f"{BASE}/action/reinstate/{membership.id}", page=f"{BASE}/show/{membership.id}"
    )
    assert answer.location == f"{BASE}/show/{membership.id}"
    assert not is_suspended(cast.sato)
    assert as_(cast.sato).get(f"{BASE}/list/").status_code == 200
    assert [letter.recipient for letter in letters("membership_reinstated")] == [cast.sato.email]
    assert [line.subject_id for line in events("member_reinstated")] == [cast.sato.id]


def test_revives_no_session_from_before(
    tanaka: PortalClient, cast: Cast, as_: As, door: str, now: datetime
) -> None:
    """S2-28, D-C1: somebody with another organization keeps the session, but enters this one only
    after signing in again.
    """
    factories.membership(cast.smith, cast.minato)
    smith = as_(cast.smith)
    tanaka.submit(door, {})
    tanaka.submit(door.replace("suspension", "action/reinstate"), page=f"{BASE}/list/")
    assert smith.get("/o/minato/").status_code == 200
    refused = smith.get("/o/aozora/")
    assert refused.status_code == 403
    assert "Sign out and in again" in refused.get_data(as_text=True)
    assert as_(cast.smith).get("/o/aozora/").status_code == 200


def test_reinstates_nobody_who_is_not_suspended(tanaka: PortalClient, cast: Cast) -> None:
    before = fingerprint()
    told = tanaka.submit(
        f"{BASE}/action/reinstate/{cast.membership(cast.smith).id}",
        page=f"{BASE}/list/",
        follow_redirects=True,
    )
    assert "This member is not suspended." in told.get_data(as_text=True)
    assert fingerprint() == before
