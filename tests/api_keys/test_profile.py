"""One's own keys on the screens: in the profile and on one's own member page.

Here: listing, issuing, deleting, by HTTP. Not here: the verbs (test_issue.py, test_revoke.py), the
organization's list (test_list.py).
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.access.authorities import Authority
from app.api_keys import queries
from app.api_keys.refusals import KeyRevoked
from app.extensions import db
from app.models import AccountSession
from tests import factories
from tests.api_keys.conftest import As, enter, issue, keys, moment
from tests.cast import Cast
from tests.conftest import PortalClient

ADD = "/profile/keys/add"
SECRET = re.compile(r"meibo_[0-9a-f]{10}_[\w-]{43}")
A = Authority


def typed(*scopes: str, **more: str) -> dict[str, object]:
    """The form of a new key, filled in."""
    return {
        "name": "Nightly sync",
        "days": "30",
        "scopes": list(scopes),
        "attempt": "0123456789",
    } | more


def page(browser: PortalClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.text.split())


def test_it_shows_the_secret_once_and_keeps_it_out_of_every_cache(cast: Cast, as_: As) -> None:
    """S0-10, ASVS 14.3.2: shown on one page that nothing stores; it works at once."""
    browser = as_(cast.smith)
    cast.membership(cast.smith).authorities = frozenset({A.USER_VIEWER})
    answer = browser.submit(ADD, typed(A.USER_VIEWER))
    found = SECRET.search(answer.text)
    assert answer.status_code == 200 and found
    assert "no-store" in answer.headers["Cache-Control"]
    assert enter(found[0]).account == cast.smith
    assert 'data-copy="secret"' in answer.text
    for path in ("/profile/", f"/o/aozora/members/show/{cast.membership(cast.smith).id}"):
        assert "Nightly sync" in page(browser, path)
        assert not SECRET.search(page(browser, path))


def test_it_lists_authorities_as_its_reader_does_and_explains_the_example(
    cast: Cast, as_: As
) -> None:
    cast.membership(cast.smith).authorities = frozenset({A.USER_VIEWER, A.BILLING_VIEWER})
    cast.smith.language = "ja_JP"
    shown = as_(cast.smith).submit(ADD, typed(A.USER_VIEWER, A.BILLING_VIEWER)).text
    assert "ユーザー閲覧権限、料金閲覧権限" in shown or "料金閲覧権限、ユーザー閲覧権限" in shown
    assert shown.index("read -rs MEIBO_KEY") < shown.index("$MEIBO_KEY")


def test_it_issues_one_key_when_the_form_is_sent_twice(cast: Cast, as_: As) -> None:
    """Issue 4: double click and resubmit, one effect."""
    browser = as_(cast.suzuki)
    assert browser.submit(ADD, typed(A.USER_VIEWER)).status_code == 200
    again = browser.submit(ADD, typed(A.USER_VIEWER))
    assert again.status_code == 409 and not SECRET.search(again.text)
    assert len(keys()) == 1


def test_it_is_deleted_by_its_owner_behind_however_many_that_expired(cast: Cast, as_: As) -> None:
    """S0-11: whoever changes keys every day can still end the one that works."""
    for days in range(1, queries.MOST_SHOWN + 2):
        factories.api_key(cast.membership(cast.suzuki), expires_at=moment() - timedelta(days=days))
    key, secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER, name="The one that works")
    browser = as_(cast.suzuki)
    assert "The one that works" in page(browser, "/profile/")
    assert browser.submit(f"/profile/keys/delete/{key.id}", page="/profile/").status_code == 302
    with pytest.raises(KeyRevoked):
        enter(secret)
    for old in keys()[:3]:
        assert browser.get(f"/profile/keys/delete/{old.id}").status_code == 200


def test_it_offers_what_one_holds_and_takes_no_more(cast: Cast, as_: As) -> None:
    """D-1"""
    browser = as_(cast.suzuki)
    shown = page(browser, ADD)
    assert 'value="user_viewer"' in shown and 'value="member_manager"' not in shown
    assert browser.submit(ADD, typed(A.MEMBER_MANAGER)).status_code == 403
    assert not keys()


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": "366"},
        {"days": "0"},
        {"days": "ten"},
        {"days": ""},
        {"name": ""},
        {"name": "a\0b"},
        {"scopes": "no_such"},
    ],
)
def test_it_refuses_what_cannot_be_and_keeps_what_was_typed(
    cast: Cast, as_: As, wrong: dict[str, str]
) -> None:
    """ASVS 2.2.1"""
    answer = as_(cast.suzuki).submit(ADD, typed(A.USER_VIEWER) | wrong)
    assert answer.status_code == 422
    assert not keys()
    assert "name" in wrong or 'value="Nightly sync"' in answer.text


def test_it_asks_for_which_organization_where_there_are_several(cast: Cast, as_: As) -> None:
    """S0-08: a key belongs to one organization."""
    factories.membership(cast.suzuki, cast.minato, authorities=[A.BILLING_VIEWER])
    browser = as_(cast.suzuki)
    assert "?of=minato" in page(browser, ADD) and "?of=aozora" in page(browser, ADD)
    assert 'value="billing_viewer"' in page(browser, f"{ADD}?of=minato")
    browser.submit(f"{ADD}?of=minato", typed(A.BILLING_VIEWER))
    assert keys()[0].organization == cast.minato


def test_it_offers_no_organization_that_cannot_be_entered(cast: Cast, as_: As) -> None:
    """S0-01, D-3"""
    assert as_(cast.suzuki).get(f"{ADD}?of=minato").status_code == 404
    assert as_(cast.newcomer).get(ADD).status_code == 200
    assert as_(cast.root).get(f"{ADD}?of=aozora").status_code == 404
    browser = as_(cast.suzuki)
    cast.membership(cast.suzuki).suspended_at = moment()
    assert browser.get(f"{ADD}?of=aozora").status_code == 404


def test_it_offers_none_that_withholds_itself_until_a_second_step(cast: Cast, as_: As) -> None:
    """ASVS 6.3.3"""
    browser = as_(cast.suzuki)
    cast.aozora.two_factor_required = cast.aozora.two_factor_strong = True
    assert browser.get(f"{ADD}?of=aozora").status_code == 404


def test_it_deletes_a_key_after_a_question(cast: Cast, as_: As) -> None:
    """S0-11: it stops working at once."""
    from app.api_keys.refusals import KeyRevoked

    key, secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    browser, path = as_(cast.suzuki), f"/profile/keys/delete/{key.id}"
    assert key.prefix in page(browser, path)
    assert enter(secret)
    assert browser.submit(path).status_code == 302
    with pytest.raises(KeyRevoked):
        enter(secret)
    assert "Nightly sync" not in page(browser, "/profile/")
    assert browser.submit(path, page="/profile/").status_code == 404


def test_it_finds_nobody_elses_keys(cast: Cast, as_: As) -> None:
    """S0-09, D-1: self only; not even a power user deletes another's here."""
    key, secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    for other in (cast.tanaka, cast.yamada, cast.root):
        browser = as_(other)
        assert browser.get(f"/profile/keys/delete/{key.id}").status_code == 404
        assert browser.submit(f"/profile/keys/delete/{key.id}", page="/profile/").status_code == 404
        assert "Nightly sync" not in page(browser, "/profile/")
    assert enter(secret)


def test_it_is_absent_on_other_peoples_pages(cast: Cast, as_: As) -> None:
    """S0-09: the section is on one's own details only."""
    issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    own, other = cast.membership(cast.suzuki).id, cast.membership(cast.tanaka).id
    browser = as_(cast.suzuki)
    assert "Nightly sync" in page(browser, f"/o/aozora/members/show/{own}")
    assert 'id="keys"' not in page(browser, f"/o/aozora/members/show/{other}")
    assert 'id="keys"' not in page(as_(cast.tanaka), f"/o/aozora/members/show/{own}")


def test_it_shows_when_and_from_where_a_key_was_used_last(cast: Cast, as_: As) -> None:
    """B-88"""
    _key, secret = issue(cast.membership(cast.smith))
    browser = as_(cast.smith)
    assert "never used" in page(browser, "/profile/")
    enter(secret)
    assert "192.0.2.7" in page(browser, "/profile/")


def test_it_asks_for_a_fresh_proof_first(cast: Cast, as_: As) -> None:
    """ASVS 7.5.3: issuing and deleting ask who it is when the last proof is over ten
    minutes old."""
    key, secret = issue(cast.membership(cast.smith))
    browser = as_(cast.smith)
    for session in db.session.query(AccountSession):
        session.proved_at = moment() - timedelta(minutes=11)
    for path in (ADD, f"/profile/keys/delete/{key.id}"):
        answer = browser.submit(path, typed(), page="/profile/")
        assert (
            answer.status_code != 302
            and "password" in answer.text
            and not SECRET.search(answer.text)
        )
    assert len(keys()) == 1 and enter(secret)


def test_it_is_for_those_who_are_signed_in(cast: Cast, client: PortalClient) -> None:
    assert client.get(ADD).location.startswith("/login/")
    assert client.get("/profile/keys/delete/1").location.startswith("/login/")
