"""The organization's list of keys: who sees it, what it shows, what can be revoked there.

Here: the screen. Not here: one's own keys (test_profile.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.access.authorities import Authority
from app.extensions import db
from app.models import Account, AccountSession
from tests import factories
from tests.api_keys.conftest import As, enter, issue, keys, moment
from tests.cast import Cast

BASE = "/o/aozora/keys"
A = Authority
Statements = Callable[[], list[str]]


@pytest.fixture
def manager(cast: Cast) -> Account:
    """smith manages members, and is no power user."""
    cast.membership(cast.smith).authorities = frozenset({A.MEMBER_MANAGER, A.USER_VIEWER})
    db.session.commit()
    return cast.smith


def test_it_is_for_those_who_manage_members(
    cast: Cast, as_: As, manager: Account, client: object
) -> None:
    """B-91, ASVS 8.2.1: menu entry and address alike."""
    for who in (cast.tanaka, manager, cast.root):
        browser = as_(who)
        assert browser.get(f"{BASE}/list/").status_code == 200
        assert f'href="{BASE}/list/"' in browser.get("/o/aozora/").text or who is cast.root
    viewer = as_(cast.suzuki)
    assert viewer.get(f"{BASE}/list/").status_code == 403
    assert f"{BASE}/list/" not in viewer.get("/o/aozora/").text
    assert as_(cast.yamada).get(f"{BASE}/list/").status_code == 404
    assert as_(cast.sato).get(f"{BASE}/list/").status_code == 403


def test_it_lists_whose_they_are_and_never_a_secret(cast: Cast, as_: As) -> None:
    """B-91: prefix, holder, use; never the secret."""
    key, secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    elsewhere, _secret = issue(cast.membership(cast.yamada), A.USER_VIEWER, name="Of minato")
    enter(secret)
    text = as_(cast.tanaka).get(f"{BASE}/list/").text
    assert key.prefix in text and "Ichiro" not in text.split("<table")[0] and "Nightly sync" in text
    assert elsewhere.prefix not in text
    for page in (text, as_(cast.tanaka).get(f"{BASE}/show/{key.id}").text):
        assert secret[-43:] not in page and key.secret_digest not in page


def test_it_hides_what_is_over_until_asked(cast: Cast, as_: As) -> None:
    issue(cast.membership(cast.suzuki), A.USER_VIEWER, name="Working one")
    issue(
        cast.membership(cast.suzuki),
        A.USER_VIEWER,
        name="Expired one",
        days=1,
        now=moment() - timedelta(days=2),
    )
    gone, _secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER, name="Revoked one")
    gone.revoked_at = moment()
    browser = as_(cast.tanaka)

    def shown(query: str) -> set[str]:
        text = browser.get(f"{BASE}/list/?{query}").text
        return {word for word in ("Working", "Expired", "Revoked") if f"{word} one" in text}

    assert shown("") == {"Working"}
    assert shown("state=expired") == {"Expired"}
    assert shown("state=expired&state=revoked") == {"Expired", "Revoked"}


def test_it_is_searched_by_name_beginning_and_holder(cast: Cast, as_: As) -> None:
    key, _secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER, name="Payroll 100%")
    issue(cast.membership(cast.tanaka), A.USER_VIEWER, name="Other")
    browser = as_(cast.tanaka)
    for words in ("payroll", "100%", key.prefix, "すずき", "ichiro"):
        text = browser.get(f"{BASE}/list/", query_string={"q": words}).text
        assert "Payroll" in text and ">Other<" not in text, words
    text = browser.get(f"{BASE}/list/?holder={cast.suzuki.id}").text
    assert "Payroll" in text and ">Other<" not in text
    for order in (
        "name",
        "-name",
        "holder",
        "-holder",
        "created_at",
        "-expires_at",
        "last_used_at",
        "-last_used_at",
    ):
        assert browser.get(f"{BASE}/list/?sort={order}").status_code == 200


def test_it_takes_as_many_statements_for_many_keys_as_for_few(
    cast: Cast, as_: As, statements: Statements
) -> None:
    for _number in range(3):
        issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    browser = as_(cast.tanaka)
    browser.get(f"{BASE}/list/")
    statements()
    browser.get(f"{BASE}/list/")
    few = len(statements())
    for who in (cast.tanaka, cast.smith):
        for _number in range(5):
            issue(cast.membership(who), *([A.USER_VIEWER] if who is cast.tanaka else []))
    statements()
    browser.get(f"{BASE}/list/")
    assert len(statements()) == few


def test_it_revokes_one_and_many_that_are_covered(cast: Cast, as_: As, manager: Account) -> None:
    """D-1: those of people who stand above are left, and it says so."""
    mine = [issue(cast.membership(cast.suzuki), A.USER_VIEWER)[0].id for _number in range(2)]
    above, secret = issue(cast.membership(cast.tanaka), A.USER_VIEWER, name="Of the boss")
    browser = as_(manager)
    assert browser.submit(f"{BASE}/delete/{mine[0]}").status_code == 302
    page = browser.get(f"{BASE}/show/{above.id}").text
    assert "aria-disabled" in page and f"/keys/delete/{above.id}" not in page
    done = browser.act(
        f"{BASE}/action_post",
        {"action": "revoke_selected", "rowid": [mine[1], above.id]},
        page=f"{BASE}/list/",
        follow_redirects=True,
    )
    assert "1 API key was revoked." in done.text and "Of the boss" in done.text
    assert [key.revoked_at is not None for key in keys()] == [True, True, False]
    assert enter(secret)
    assert browser.submit(f"{BASE}/delete/{above.id}", page="/profile/").status_code == 302
    assert enter(secret)


def test_it_refuses_those_who_only_look(cast: Cast, as_: As) -> None:
    """S0-02: direct requests are refused, too."""
    key, secret = issue(cast.membership(cast.tanaka), A.USER_VIEWER)
    browser = as_(cast.suzuki)
    assert browser.submit(f"{BASE}/delete/{key.id}", page="/profile/").status_code == 403
    assert (
        browser.act(
            f"{BASE}/action_post", {"action": "revoke_selected", "rowid": key.id}, page="/profile/"
        ).status_code
        == 403
    )
    outsider = as_(cast.yamada)
    assert outsider.submit(f"{BASE}/delete/{key.id}", page="/profile/").status_code == 404
    assert outsider.submit(f"/o/minato/keys/delete/{key.id}", page="/profile/").status_code == 404
    assert enter(secret)


def test_it_asks_for_a_fresh_proof_before_revoking(cast: Cast, as_: As) -> None:
    """ASVS 7.5.3"""
    key, secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    browser = as_(cast.tanaka)
    for session in db.session.query(AccountSession):
        session.proved_at = moment() - timedelta(minutes=11)
    browser.submit(f"{BASE}/delete/{key.id}", page="/profile/")
    browser.act(
        f"{BASE}/action_post", {"action": "revoke_selected", "rowid": key.id}, page="/profile/"
    )
    assert enter(secret)


def test_it_tells_what_a_key_can_do_now_and_no_more(cast: Cast, as_: As) -> None:
    """D-C1: a demoted holder's key shows what is left of it."""
    key, _secret = issue(cast.membership(cast.tanaka), A.USER_VIEWER, A.BILLING_VIEWER)
    cast.membership(cast.tanaka).type, cast.membership(cast.tanaka).authorities = (
        "general",
        frozenset({A.USER_VIEWER}),
    )
    factories.membership(factories.account("boss"), cast.aozora, power=True)
    text = as_(cast.root).get(f"{BASE}/show/{key.id}").text
    can, cannot = (
        text.split("not now: its holder does not hold it")[0],
        text.count("not now: its holder does not hold it"),
    )
    assert "User Viewer" in can and cannot == 1
    assert can.rindex("Billing Viewer") > can.rindex("User Viewer"), "which one it cannot use"
