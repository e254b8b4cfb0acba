"""D-1, seen by a Co-admin: what they may give, whom they may touch, what their pages say. It …"""

from __future__ import annotations

import pytest

from app.extensions import db
from app.models import Account, MemberType
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, As, built_in, fingerprint, of, offered, text

ORDINARY = {
    "single": offered(authorities=["billing_viewer"]),
    "preset": offered(preset="all"),
    "needed": offered(authorities=["aws_account_viewer"]),
}
GIVING = ORDINARY | {
    "power": offered(type="power"),
    "administrative": offered(authorities=["role_manager"]),
}
NAMED = {
    "power": "Only a power user can make someone a power user.",
    "administrative": "You need “Role Manager” to give it to someone.",
    "role": "You need “Role Manager” and “Settings Manager” to give it to someone.",
    "single": "You need “Billing Viewer” to give it to someone.",
    "preset": "“Billing Viewer”",
    "needed": "You need “Project Viewer” and “AWS Account Viewer” to give it to someone.",
}


@pytest.fixture
def browser(as_: As, co_admin: Account) -> PortalClient:
    return as_(co_admin)


@pytest.fixture
def admin(cast: Cast) -> int:
    """smith as Admin: no power user, and yet above a Co-admin."""
    cast.membership(cast.smith).roles, cast.smith.managed_by = [built_in("admin")], cast.aozora
    db.session.commit()
    return cast.membership(cast.smith).id


@pytest.mark.parametrize("gift", [*GIVING, "role"])
@pytest.mark.parametrize("path", ["/edit/{0}", "/add", "/existing"])
def test_lets_a_co_admin_give_nothing_beyond(
    browser: PortalClient, cast: Cast, path: str, gift: str
) -> None:
    """S3-03, D-C9: the form comes back with the sentence, which names what is missing, as it was
    filled in. Of the ordinary, only where the organization gives no more than is held.
    """
    cast.aozora.grant_only_held = gift in ORDINARY
    form = GIVING.get(gift) or offered(roles=[str(built_in("admin").id)])
    person = {
        "family_name": "New",
        "email": "new@example.com",
        "login_id": "new",
        "language": "en",
        "who": "newcomer",
    }
    before = fingerprint()
    answer = browser.submit(BASE + path.format(cast.membership(cast.smith).id), person | form)
    assert answer.status_code == 403
    page = answer.get_data(as_text=True)
    assert NAMED[gift] in page
    assert path != "/existing" or 'value="newcomer"' in page
    assert fingerprint() == before


@pytest.mark.parametrize("gift", ORDINARY)
def test_lets_a_co_admin_give_what_is_ordinary(
    browser: PortalClient, cast: Cast, gift: str
) -> None:
    """S3-03, S4-01: held or not, to others; never to oneself."""
    other, own = (f"{BASE}/edit/{cast.membership(one).id}" for one in (cast.smith, cast.suzuki))
    assert browser.submit(other, ORDINARY[gift] | {"sure": "1"}).status_code == 302
    member = of(cast.smith)
    assert member
    assert member.authorities
    kept = {"roles": [str(built_in("co_admin").id)], "sure": "1"}
    answer = browser.submit(own, ORDINARY[gift] | kept)
    assert answer.status_code == 403
    assert "You cannot give yourself" in answer.get_data(as_text=True)
    own_one = of(cast.suzuki)
    assert own_one
    assert own_one.authorities == frozenset()


@pytest.mark.parametrize(
    "path",
    [
        "/edit/{0}",
        "/suspension/{0}",
        "/delete/{0}",
        "/account/{0}",
        "/give-role/{0}",
        "/take-role/{0}",
        "/action/reinstate/{0}",
    ],
)
def test_lets_a_co_admin_touch_nobody_above(
    browser: PortalClient, cast: Cast, admin: int, path: str
) -> None:
    """S3-03: neither an Admin nor a power user, suspended or not."""
    form = offered(
        family_name="Mallory",
        email="m@example.com",
        login_id="m",
        language="en",
        role=str(built_in("viewer").id),
    )
    for who in (admin, cast.membership(cast.tanaka).id):
        before = fingerprint()
        browser.submit(BASE + path.format(who), form, page=f"{BASE}/list/")
        assert fingerprint() == before


def test_lets_a_co_admin_reinstate_nobody_above(browser: PortalClient, cast: Cast) -> None:
    """Suspended authorities count: they come back with the member."""
    cast.membership(cast.sato).type = MemberType.POWER
    told = browser.submit(
        f"{BASE}/action/reinstate/{cast.membership(cast.sato).id}",
        page=f"{BASE}/list/",
        follow_redirects=True,
    )
    assert "Only a power user can change a power user." in told.get_data(as_text=True)
    member = of(cast.sato)
    assert member
    assert member.is_suspended


@pytest.mark.parametrize("action", ["suspend", "remove"])
def test_leaves_those_above_out_of_a_bulk(
    browser: PortalClient, cast: Cast, admin: int, action: str
) -> None:
    plain = factories.membership(factories.account("plain"), cast.aozora).id
    form = {
        "action": action,
        "rowid": [str(plain), str(admin), str(cast.membership(cast.tanaka).id)],
    }
    question = browser.ask(f"{BASE}/action_post", form)
    assert "1 member" in question and "3 selected rows" in question
    told = browser.act(
        f"{BASE}/action_post", form, page=f"{BASE}/list/", follow_redirects=True
    ).get_data(as_text=True)
    assert f"1 member was {action}" in told
    assert "2 could not be changed." in told
    for who in (cast.smith, cast.tanaka):
        member = of(who)
        assert member
        assert not member.is_suspended


def test_locks_in_the_form_what_cannot_be_given(browser: PortalClient, cast: Cast) -> None:
    """LOOK: shown, locked, with the reason."""
    page = text(browser, f"/edit/{cast.membership(cast.smith).id}")
    admin = built_in("admin").id
    assert f'value="{admin}" id="roles-{admin}" disabled' in page
    assert 'value="role_manager" id="authorities-role_manager" disabled' in page
    assert 'id="authorities-billing_viewer" disabled' not in page
    assert "Only a power user can name one" in page
    assert "Contains authorities you cannot give" not in page
    own = text(browser, f"/edit/{cast.membership(cast.suzuki).id}")
    assert 'id="authorities-billing_viewer" disabled' in own, "never to oneself"
    assert "Contains authorities you cannot give" in own
