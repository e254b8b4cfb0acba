"""What goes with somebody whom the reader may not touch is not counted for the reader (T2-98).

It …
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.access.authorities import Authority
from app.models import Account
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
COUNTS = ("Open sessions", "will be cancelled", "will be revoked")


@pytest.fixture
def above(cast: Cast, as_: As) -> int:
    """The membership of tanaka, power user, who has a session, an invitation and a key."""
    as_(cast.tanaka)
    factories.invite(cast.aozora, "guest@example.com", cast.tanaka)
    own = cast.membership(cast.tanaka)
    factories.api_key(own, "user_viewer")
    return own.id


@pytest.mark.parametrize("verb", ["suspension", "delete", "last-role", "signing-in", "edit"])
def test_shows_no_counts_of_a_power_user(as_: As, cast: Cast, above: int, verb: str) -> None:
    """T2-98: refused as the POST is, before anything is counted."""
    role = factories.role(cast.aozora, "Night shift")
    cast.membership(cast.tanaka).roles.append(role)
    manager = factories.membership(
        factories.account("manager"), cast.aozora, authorities=[Authority.MEMBER_MANAGER]
    )
    path = f"/o/aozora/members/{verb}/{above}?role={role.id}"
    answer = as_(manager.account).get(path)
    page = answer.get_data(as_text=True)
    if verb == "last-role":
        assert answer.status_code in (302, 403), "a power user is no member by roles"
    else:
        assert answer.status_code == 403
        assert "power user" in page
    assert not [label for label in COUNTS if label in page]


def test_shows_no_counts_of_whoever_holds_more(as_: As, cast: Cast) -> None:
    """T2-98: an administrative authority that the reader lacks, given by the last role."""
    role = factories.role(cast.aozora, "Roles", Authority.ROLE_MANAGER)
    who = factories.membership(factories.account("keeper"), cast.aozora, roles=[role])
    as_(who.account)
    manager = factories.membership(
        factories.account("manager"), cast.aozora, authorities=[Authority.MEMBER_MANAGER]
    )
    browser = as_(manager.account)
    for verb in ("suspension", "delete", "last-role"):
        answer = browser.get(f"/o/aozora/members/{verb}/{who.id}?role={role.id}")
        assert answer.status_code == 403, verb
        assert "Open sessions" not in answer.get_data(as_text=True)


def test_counts_what_is_ones_own(as_: As, cast: Cast, above: int) -> None:
    """T2-98: the other half: those who may, and oneself who leaves."""
    browser = as_(cast.tanaka)
    other = factories.membership(factories.account("kato"), cast.aozora, power=True)
    as_(other.account)
    page = browser.get(f"/o/aozora/members/suspension/{other.id}").get_data(as_text=True)
    assert "Open sessions" in page
    assert "will be revoked" in browser.get("/o/aozora/members/leave").get_data(as_text=True)
