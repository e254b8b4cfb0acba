"""Who may come in: every page and every write of the members' screens, for everybody of the cast.
It …
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.extensions import db
from app.models import MemberRole
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, As, fingerprint, offered, text

KEN = {"family_name": "高橋", "email": "ken@aozora.example", "login_id": "ken", "language": "ja_JP"}
READS = {"list": "/list/", "show": "/show/{smith}"}
FORMS = {
    "add": "/add",
    "existing": "/existing",
    "edit": "/edit/{smith}",
    "account": "/account/{smith}",
    "suspension": "/suspension/{smith}",
    "delete": "/delete/{smith}",
    "last role": "/last-role/{smith}?role={role}",
}
WRITES: dict[str, tuple[str, dict[str, Any]]] = {
    "register": ("/add", KEN | offered(preset="view_only")),
    "add existing": ("/existing", offered(who="newcomer", preset="view_only")),
    "edit": ("/edit/{smith}", offered(preset="view_only")),
    "account": ("/account/{smith}", KEN),
    "suspend": ("/suspension/{smith}", {"reason": "x"}),
    "remove": ("/delete/{smith}", {}),
    "give a role": ("/give-role/{smith}", {"role": "{viewer}"}),
    "take a role": ("/take-role/{smith}", {"role": "{role}"}),
    "last role": ("/last-role/{smith}", {"role": "{role}"}),
    "reinstate": ("/action/reinstate/{sato}", {}),
    "suspend several": ("/action_post", {"action": "suspend", "rowid": "{smith}"}),
    "reinstate several": ("/action_post", {"action": "reinstate", "rowid": "{sato}"}),
    "remove several": ("/action_post", {"action": "remove", "rowid": "{smith}"}),
}
Filled = Callable[[Any], Any]


@pytest.fixture
def filled(cast: Cast, desk: MemberRole) -> Filled:
    """Put the ids of this run into a path or a form; smith is managed and holds one role."""
    cast.membership(cast.smith).roles, cast.smith.managed_by = [desk], cast.aozora
    viewer = factories.role(cast.aozora, "Second", "user_viewer")
    db.session.commit()
    words = {
        "smith": cast.membership(cast.smith).id,
        "sato": cast.membership(cast.sato).id,
        "role": desk.id,
        "viewer": viewer.id,
    }

    def fill(what: Any) -> Any:
        return (
            {key: fill(value) for key, value in what.items()}
            if isinstance(what, dict)
            else what.format(**words)
        )

    return fill


def send(browser: PortalClient, filled: Filled, write: str) -> Any:
    path, form = WRITES[write]
    return browser.act(BASE + filled(path), filled(form), page="/profile/")


@pytest.mark.parametrize("write", [one for one in WRITES if one != "take a role"])
def test_lets_a_power_user(tanaka: PortalClient, filled: Filled, write: str) -> None:
    """S0-05, S0-06, S0-14, S0-36, S2-01."""
    before = fingerprint()
    assert send(tanaka, filled, write).status_code == 302
    assert fingerprint() != before


@pytest.mark.parametrize("write", WRITES)
def test_refuses_a_user_viewer(cast: Cast, as_: As, filled: Filled, write: str) -> None:
    """S0-02, S0-35, S2-01: who may see may not change."""
    before = fingerprint()
    assert send(as_(cast.suzuki), filled, write).status_code == 403
    assert fingerprint() == before


@pytest.mark.parametrize("write", WRITES)
def test_refuses_a_member_without_authorities(
    cast: Cast, as_: As, filled: Filled, write: str
) -> None:
    """S0-02."""
    cast.membership(cast.smith).roles.clear()
    before = fingerprint()
    assert send(as_(cast.smith), filled, write).status_code == 403
    assert fingerprint() == before


@pytest.mark.parametrize("write", WRITES)
def test_does_not_exist_for_the_outsider(cast: Cast, as_: As, filled: Filled, write: str) -> None:
    """S0-01."""
    before = fingerprint()
    assert send(as_(cast.yamada), filled, write).status_code == 404
    assert fingerprint() == before


@pytest.mark.parametrize("write", WRITES)
def test_does_not_reach_into_another_organization(
    cast: Cast, as_: As, filled: Filled, write: str
) -> None:
    """S0-01: yamada, a power user at home, with ids from here at the address of minato."""
    if write in {"register", "add existing"}:
        return
    path, form = WRITES[write]
    before = fingerprint()
    answer = as_(cast.yamada).submit(
        f"/o/minato/members{filled(path)}", filled(form), page="/profile/"
    )
    assert answer.status_code in ((302,) if path == "/action_post" else (404,))
    assert fingerprint() == before


@pytest.mark.parametrize("write", WRITES)
def test_sends_a_stranger_to_sign_in(client: PortalClient, filled: Filled, write: str) -> None:
    path, form = WRITES[write]
    before = fingerprint()
    answer = client.submit(BASE + filled(path), filled(form), page="/login/")
    assert answer.status_code == 302
    assert "/login/" in answer.location
    assert fingerprint() == before


@pytest.mark.parametrize("write", WRITES)
def test_is_shut_to_the_suspended(cast: Cast, as_: As, filled: Filled, write: str) -> None:
    """S2-27, D-3: even with every authority."""
    cast.membership(cast.sato).type = cast.membership(cast.tanaka).type
    before = fingerprint()
    assert send(as_(cast.sato), filled, write).status_code == 403
    assert fingerprint() == before


@pytest.mark.parametrize("write", WRITES)
def test_changes_nothing_without_the_form_s_token_or_on_get(
    tanaka: PortalClient, filled: Filled, write: str
) -> None:
    path, form = WRITES[write]
    before = fingerprint()
    assert tanaka.post(BASE + filled(path), data=filled(form)).status_code == 400
    assert tanaka.get(BASE + filled(path), query_string=filled(form)).status_code in (
        200,
        302,
        404,
        405,
    )
    assert fingerprint() == before


@pytest.mark.parametrize("name", [*READS, *FORMS])
def test_opens_each_page_to_whom_it_is_for(
    cast: Cast, as_: As, client: PortalClient, filled: Filled, name: str
) -> None:
    """S0-01, S0-02, S0-35, S2-01: power user, platform administrator · User Viewer · outsider ·
    suspended · stranger.
    """
    path = BASE + filled((READS | FORMS)[name])
    expected = {
        "tanaka": 200,
        "root": 200,
        "suzuki": 200 if name in READS else 403,
        "yamada": 404,
        "sato": 403,
        "newcomer": 404,
    }
    assert {who: as_(getattr(cast, who)).get(path).status_code for who in expected} == expected
    assert "/login/" in client.get(path).location


@pytest.mark.parametrize(
    "path",
    [
        "/show/999999",
        "/show/x",
        "/edit/999999",
        "/delete/-1",
        "/account/0",
        "/suspension/1e3",
        "/show/" + "9" * 40,
    ],
)
def test_knows_no_other_member(tanaka: PortalClient, path: str) -> None:
    text(tanaka, path, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/action/suspend/{smith}",
        "/action/remove/{smith}",
        "/action/nothing/{smith}",
        "/action/_write/{smith}",
    ],
)
def test_runs_no_action_it_does_not_offer(tanaka: PortalClient, filled: Filled, path: str) -> None:
    """Suspending and removing one member has a page of its own, which asks."""
    before = fingerprint()
    assert tanaka.submit(BASE + filled(path), page=f"{BASE}/list/").status_code == 404
    assert fingerprint() == before


def test_is_in_the_menu_of_those_who_may_see_it(cast: Cast, as_: As) -> None:
    """S0-02, S2-01, S2-03: nobody else has the entry."""
    entry = f'href="{BASE}/list/"'
    menus = {
        who: entry in as_(getattr(cast, who)).get("/o/aozora/").get_data(as_text=True)
        for who in ("tanaka", "suzuki", "smith")
    }
    assert menus == {"tanaka": True, "suzuki": True, "smith": False}


def test_shows_a_user_viewer_no_button_that_changes_anything(cast: Cast, as_: As) -> None:
    """S0-05, S0-35: neither in the list nor on a member's page."""
    suzuki = as_(cast.suzuki)
    for page in (text(suzuki, "/list/"), text(suzuki, f"/show/{cast.membership(cast.smith).id}")):
        for path in (
            "/add",
            "/existing",
            "/edit/",
            "/delete/",
            "/suspension/",
            "/account/",
            "action_post",
            "/invites/add",
        ):
            assert f"{BASE}{path}" not in page
            assert "/invites/add" not in page
        assert "name=rowid" not in page
