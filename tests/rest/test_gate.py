"""The API's gate: a key in the header and nothing else, and what it opens at this moment.

Here: keys, cookies, rights. Not here: what single endpoints do, how a no is said
(test_refusals.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, session
from flask.sessions import NullSession

from app.access.authorities import Authority
from app.api_keys import service as api_keys
from app.extensions import db
from app.memberships import service as members
from app.memberships import suspension
from app.models import Account, Activity, MemberType, PortalKey
from app.offers.offer import Offer
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.rest.conftest import Give, code

As = Callable[[Account], PortalClient]
READS = ["/me", "/members", "/members/1", "/invites", "/roles", "/authorities"]


@pytest.mark.parametrize("path", READS)
def test_refuses_a_request_without_a_key(app: Flask, cast: Cast, path: str) -> None:
    """ASVS 8.2.1: 401, with the way to do better."""
    answer = app.test_client().get(f"/api/v1{path}")
    assert code(answer) == (401, "KeyMissing")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_json()["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize("path", READS)
def test_takes_no_cookie_for_a_key(cast: Cast, as_: As, path: str) -> None:
    """ASVS 3.5.1, 4.4.1: a reader's session opens nothing here, so that no other site can use it;
    no cookie is set either.
    """
    answer = as_(cast.tanaka).get(f"/api/v1{path}")
    assert code(answer) == (401, "KeyMissing")
    assert "Set-Cookie" not in answer.headers


def test_reads_no_cookie_at_all(app: Flask) -> None:
    """ASVS 3.5.1: whatever an endpoint asks for, there is no session behind it; pages have
    theirs."""
    with app.test_request_context("/api/v1/me"):
        assert isinstance(session._get_current_object(), NullSession)  # type: ignore[attr-defined]
    with app.test_request_context("/profile/"):
        assert not isinstance(session._get_current_object(), NullSession)  # type: ignore[attr-defined]


def test_writes_nothing_for_a_cookie(cast: Cast, as_: As) -> None:
    """ASVS 3.5.1: no form of another site, no script of a page with a session."""
    browser, pk = as_(cast.tanaka), cast.membership(cast.smith).id
    for send in (
        {"json": {}},
        {"data": {"reason": "x"}},
        {"data": "{}", "content_type": "text/plain"},
    ):
        assert browser.post(f"/api/v1/members/{pk}/suspend", **send).status_code == 401
    assert not cast.membership(cast.smith).is_suspended


def test_prefers_the_key_where_both_come(cast: Cast, as_: As, with_key: Give) -> None:
    browser, key = as_(cast.tanaka), with_key(cast.suzuki)
    answer = browser.get("/api/v1/me", headers={"Authorization": f"Bearer {key.secret}"})
    assert answer.get_json()["account"]["login_id"] == "suzuki"
    assert "Set-Cookie" not in answer.headers


def test_takes_no_key_from_the_address(app: Flask, cast: Cast, with_key: Give) -> None:
    """ASVS 14.2.1: secrets in addresses end up in logs."""
    key = with_key(cast.tanaka)
    for name in ("api_key", "access_token", "key", "token"):
        assert code(app.test_client().get(f"/api/v1/members?{name}={key.secret}")) == (
            401,
            "KeyMissing",
        )
        assert key("GET", f"/members?{name}={key.secret}").status_code == 422


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic dGFuYWthOng=",
        "meibo_x",
        "Bearer meibo_0000000000_" + "x" * 43,
        "Bearer " + "x" * 5000,
        "Bearer é\x7f",
        'Bearer a="b"',
        "Digest username=x",
    ],
)
def test_refuses_what_is_no_key(app: Flask, cast: Cast, header: str) -> None:
    answer = app.test_client().get("/api/v1/me", headers={"Authorization": header})
    assert answer.status_code == 401 and answer.get_json()["error"] in {"KeyMissing", "KeyUnknown"}


def test_refuses_a_key_that_was_revoked_or_has_expired(cast: Cast, with_key: Give) -> None:
    """S0-11: at once."""
    long_ago = datetime.now(UTC) - timedelta(days=40)
    assert code(with_key(cast.tanaka, now=long_ago)("GET", "/me")) == (401, "KeyExpired")
    caller = with_key(cast.tanaka)
    assert caller("GET", "/me").status_code == 200
    key = db.session.query(PortalKey).order_by(PortalKey.id.desc()).first()
    assert key
    api_keys.revoke(key, by=factories.seat(cast.membership(cast.tanaka)), now=datetime.now(UTC))
    db.session.commit()
    answer = caller("GET", "/me")
    assert code(answer) == (401, "KeyRevoked")
    assert answer.headers["WWW-Authenticate"]


def test_opens_nothing_for_the_suspended(cast: Cast, with_key: Give, now: datetime) -> None:
    """D-C1, D-3, S0-11: at the very next request, and for good: reinstating brings no key back."""
    by_tanaka = with_key(cast.tanaka)
    caller, own, by = (
        with_key(cast.suzuki),
        cast.membership(cast.suzuki),
        factories.seat(cast.membership(cast.tanaka)),
    )
    assert caller("GET", "/members").status_code == 200
    suspension.suspend(own, reason="", by=by, now=now)
    assert code(caller("GET", "/members")) == (401, "KeyRevoked")
    suspension.reinstate(own, by=by, now=now)
    assert code(caller("GET", "/members")) == (401, "KeyRevoked")
    cast.tanaka.suspended_at = now
    assert code(by_tanaka("GET", "/members")) == (403, "HolderShutOut")


def test_a_demoted_owner_can_do_less_at_once(cast: Cast, with_key: Give, now: datetime) -> None:
    """A key holds the intersection of its scopes and of what its owner may do at this moment."""
    other = factories.membership(factories.account("kato"), cast.aozora, power=True)
    caller = with_key(other.account)
    pk = cast.membership(cast.smith).id
    assert caller("POST", f"/members/{pk}/suspend", json={}).status_code == 200
    members.edit(
        other,
        offer=Offer(MemberType.GENERAL, (), frozenset({Authority.USER_VIEWER})),
        by=factories.seat(cast.membership(cast.tanaka)),
        now=now,
    )
    assert code(caller("POST", f"/members/{pk}/reinstate")) == (403, "Forbidden")
    assert caller("GET", "/me").get_json()["authorities"] == ["user_viewer"]


def test_narrow_scopes_narrow_a_power_user(cast: Cast, with_key: Give) -> None:
    caller, pk = with_key(cast.tanaka, Authority.USER_VIEWER), cast.membership(cast.smith).id
    assert caller("GET", "/members").status_code == 200
    for method, path in [
        ("PATCH", f"/members/{pk}"),
        ("POST", f"/members/{pk}/suspend"),
        ("POST", "/members"),
        ("POST", "/invites"),
    ]:
        assert code(caller(method, path, json={})) == (403, "Forbidden"), path
    assert code(caller("GET", "/invites")) == (403, "Forbidden")
    assert code(caller("DELETE", f"/members/{pk}")) == (403, "Forbidden")


def test_writes_which_key_did_it(cast: Cast, with_key: Give) -> None:
    """ASVS 16.2.1: the log tells acts of a key from those of its owner."""
    caller, pk = with_key(cast.tanaka), cast.membership(cast.smith).id
    assert caller("POST", f"/members/{pk}/suspend", json={"reason": "Leave"}).status_code == 200
    line = db.session.query(Activity).filter_by(event="member_suspended").one()
    assert line.actor_name == "田中 太郎" and "Tests" in line.via


def test_notes_what_a_key_was_refused(cast: Cast, with_key: Give) -> None:
    """ASVS 16.3.2: as on the screens, with the key's name."""
    caller = with_key(cast.suzuki)
    assert code(caller("GET", "/invites")) == (403, "Forbidden") == code(caller("GET", "/invites"))
    line = db.session.query(Activity).filter_by(event="access_denied").one()
    assert (
        line.details["view"] == "Invite"
        and "Tests" in line.via
        and line.organization_id == cast.aozora.id
    )


def test_makes_no_keys(app: Flask, cast: Cast, with_key: Give) -> None:
    """ASVS 8.3.1: no address of the API issues or reads keys, and the screens take none."""
    caller = with_key(cast.tanaka)
    assert not [
        rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and "key" in rule.rule
    ]
    for path in ("/profile/", "/o/aozora/members/list/"):
        answer = app.test_client().get(path, headers={"Authorization": f"Bearer {caller.secret}"})
        assert answer.status_code == 302 and "/login/" in answer.location
