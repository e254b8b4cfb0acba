"""D-2: an organization always keeps a power user who can sign in, on every path. It …"""

from __future__ import annotations

from datetime import datetime

import pytest

from app.access.last_power_user import LastPowerUser
from app.accounts import suspension as whole
from app.extensions import db
from app.models import Account, MemberType
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, As, fingerprint, is_member, of, offered, text
from tests.memberships.demoting import PATHS, platform

SENTENCE = (
    "The last power user cannot be removed, suspended or made a general user. Name another one"
    " first."
)


@pytest.fixture
def root(cast: Cast, as_: As) -> PortalClient:
    return as_(cast.root)


@pytest.fixture
def last(cast: Cast) -> int:
    """tanaka, the only one who is left: sato is a suspended power user, ito's account is
    suspended."""
    cast.membership(cast.sato).type = MemberType.POWER
    factories.membership(
        factories.account("ito", suspended_at=factories.NOW), cast.aozora, power=True
    )
    db.session.commit()
    return cast.membership(cast.tanaka).id


@pytest.mark.parametrize("path", PATHS)
def test_keeps_the_last_power_user(root: PortalClient, last: int, path: str) -> None:
    """D-2, S2-27."""
    address, form = PATHS[path]
    before = fingerprint()
    data = {key: value.format(last) for key, value in form.items()}
    answer = root.submit(
        BASE + address.format(last), data, page=f"{BASE}/list/", follow_redirects=True
    )
    assert SENTENCE in answer.get_data(as_text=True)
    assert fingerprint() == before


def test_keeps_the_last_power_user_who_would_leave(cast: Cast, as_: As, last: int) -> None:
    before = fingerprint()
    answer = as_(cast.tanaka).submit(f"{BASE}/leave")
    assert answer.status_code == 409
    assert SENTENCE in answer.get_data(as_text=True)
    assert fingerprint() == before


def test_keeps_the_last_power_user_s_account_open(cast: Cast, last: int, now: datetime) -> None:
    """D-3: the platform administrator's suspension of a whole account asks the same."""
    with pytest.raises(LastPowerUser):
        whole.suspend(cast.tanaka, reason="", by=platform(), now=now)


def test_keeps_the_power_user_who_demotes_themselves(cast: Cast, as_: As, last: int) -> None:
    answer = as_(cast.tanaka).submit(f"{BASE}/edit/{last}", offered(preset="all"))
    assert answer.status_code == 409
    assert SENTENCE in answer.get_data(as_text=True)
    member = of(cast.tanaka)
    assert member
    assert member.is_power


def test_keeps_one_of_all_that_are_removed_at_once(
    root: PortalClient, cast: Cast, second: Account
) -> None:
    """Bulk: each alone could go, both cannot."""
    ids = [str(cast.membership(who).id) for who in (cast.tanaka, second)]
    form = {"action": "remove", "sure": "1", "rowid": ids}
    told = root.act(
        f"{BASE}/action_post", form, page=f"{BASE}/list/", follow_redirects=True
    ).get_data(as_text=True)
    assert "1 member was removed." in told
    assert SENTENCE in told
    assert [is_member(who, cast.aozora) for who in (cast.tanaka, second)] == [False, True]


def test_says_so_before_anybody_presses(root: PortalClient, last: int) -> None:
    page = text(root, f"/show/{last}")
    assert page.count(SENTENCE) == 2
    assert f"{BASE}/delete/{last}" not in page


@pytest.mark.parametrize("path", PATHS)
def test_lets_a_power_user_go_while_another_remains(
    root: PortalClient, cast: Cast, last: int, second: Account, path: str
) -> None:
    address, form = PATHS[path]
    root.act(
        BASE + address.format(last),
        {key: value.format(last) for key, value in form.items()},
        page=f"{BASE}/list/",
    )
    member = of(cast.tanaka)
    assert member is None or not member.is_power or member.is_suspended


@pytest.mark.parametrize("who", ["suspended", "general"])
def test_counts_only_power_users_who_can_sign_in(
    root: PortalClient, cast: Cast, last: int, who: str
) -> None:
    """Others go freely."""
    gone = cast.sato if who == "suspended" else cast.smith
    root.submit(f"{BASE}/delete/{cast.membership(gone).id}")
    assert not is_member(gone, cast.aozora)
