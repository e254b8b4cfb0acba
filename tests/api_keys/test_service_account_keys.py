"""Keys of service accounts: who issues them, who is told, what ends them, what their seat may.

Here: the verbs and the page that issues. Not here: making the account (test_service_accounts.py),
keys of people (test_issue.py).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.access.authorities import Authority, everything
from app.access.granting import AboveYourself
from app.access.policy import may
from app.api_keys import refusals
from app.api_keys import service as api_keys
from app.extensions import db
from app.memberships import service as members
from app.memberships import suspension
from app.models import Letter, Membership
from app.offers.offer import Offer
from tests import factories
from tests.api_keys.conftest import As, enter, issue, keys, moment
from tests.cast import Cast

A = Authority
BASE = "/o/aozora/service-accounts"


def test_it_is_made_on_a_page_and_gets_its_keys_on_its_own(cast: Cast, as_: As) -> None:
    """B-90: the whole way, from the list of keys to the secret."""
    browser = as_(cast.tanaka)
    assert (
        f"{BASE}/add" in browser.get("/o/aozora/keys/list/").text
        and f"{BASE}/add" in browser.get("/o/aozora/members/list/").text
    )
    made = browser.submit(
        f"{BASE}/add",
        {"name": "給与計算", "preset": "custom", "authorities": ["user_viewer", "billing_viewer"]},
    )
    assert made.status_code == 302
    page = browser.get(made.location).text
    assert (
        "Service account" in page
        and "@service.invalid" not in page
        and "Edit the account" not in page
    )
    path = made.location.replace("members/show", "service-accounts/issue")
    assert path in page
    answer = browser.submit(
        path,
        {"name": "Production", "days": "365", "scopes": ["user_viewer"], "attempt": "0123456789"},
    )
    (key,) = keys()
    assert f"meibo_{key.prefix}_" in answer.text
    page = browser.get(made.location).text
    assert "Production" in page and f"/o/aozora/keys/delete/{key.id}" in page
    listed = browser.get("/o/aozora/members/list/?type=service").text
    assert "給与計算" in listed and "Service account" in listed and "Smith" not in listed
    assert "給与計算" not in browser.get("/o/aozora/members/list/?type=general").text
    assert "給与計算" not in browser.get("/o/aozora/members/list/?status=never").text


def test_it_gets_keys_only_from_whoever_covers_it(cast: Cast, as_: As, payroll: Membership) -> None:
    """D-1: a manager below the service account issues and revokes nothing for it, and no manager
    reads a secret that opens what they do not hold.
    """
    cast.membership(cast.smith).authorities = frozenset({A.MEMBER_MANAGER})
    db.session.commit()
    with pytest.raises(AboveYourself, match="You need “User Viewer” to issue a key"):
        issue(payroll, A.USER_VIEWER, by=factories.seat(cast.membership(cast.smith)))
    payroll.authorities = frozenset({A.USER_VIEWER, A.ROLE_MANAGER})
    db.session.commit()
    assert as_(cast.smith).get(f"{BASE}/issue/{payroll.id}").status_code == 403
    key, secret = issue(payroll, A.USER_VIEWER, by=factories.seat(cast.membership(cast.tanaka)))
    with pytest.raises(AboveYourself):
        api_keys.revoke(key, by=factories.seat(cast.membership(cast.smith)), now=moment())
    with pytest.raises(refusals.BeyondHolder):
        issue(payroll, A.BILLING_VIEWER, by=factories.seat(cast.membership(cast.tanaka)))
    assert enter(secret)


def test_its_key_survives_whoever_made_it(cast: Cast, payroll: Membership) -> None:
    """B-90: not tied to a leaver."""
    factories.membership(factories.account("boss"), cast.aozora, power=True)
    _key, secret = issue(payroll, A.USER_VIEWER, by=factories.seat(cast.membership(cast.tanaka)))
    members.leave(
        cast.membership(cast.tanaka), by=factories.seat(cast.membership(cast.tanaka)), now=moment()
    )
    seat = enter(secret)
    assert seat.account == payroll.account and may(seat, "read", "Member")


def test_its_key_is_told_of_to_whoever_issued_it(
    cast: Cast, payroll: Membership, letters: Callable[..., list[Letter]]
) -> None:
    """ASVS 6.3.7: and nothing ever goes to the service account."""
    boss = factories.seat(cast.membership(cast.tanaka))
    key, _secret = issue(payroll, A.USER_VIEWER, by=boss)
    (letter,) = letters("key_issued")
    assert letter.recipient == cast.tanaka.email and "Payroll" in letter.text
    api_keys.revoke(key, by=boss, now=moment())
    members.edit(
        payroll, offer=Offer(authorities=frozenset({A.BILLING_VIEWER})), by=boss, now=moment()
    )
    suspension.suspend(payroll, reason="", by=boss, now=moment())
    suspension.reinstate(payroll, by=boss, now=moment())
    members.remove(payroll, by=boss, now=moment())
    assert not letters(to="payroll@service.invalid") and len(letters()) == 1


def test_it_stops_with_suspension_and_removal_as_members_do(
    cast: Cast, payroll: Membership
) -> None:
    """D-C1, B-73"""
    boss = factories.seat(cast.membership(cast.tanaka))
    for verb in ("suspend", "remove"):
        _key, secret = issue(payroll, A.USER_VIEWER, by=boss)
        suspension.suspend(
            payroll, reason="", by=boss, now=moment()
        ) if verb == "suspend" else members.remove(payroll, by=boss, now=moment())
        with pytest.raises(refusals.KeyRevoked):
            enter(secret)
        if verb == "suspend":
            suspension.reinstate(payroll, by=boss, now=moment())


def test_it_is_no_power_user_with_every_authority(cast: Cast, payroll: Membership) -> None:
    """D-2: it never counts as one who could help when the last power user is gone."""
    payroll.authorities = everything()
    _key, secret = issue(payroll, *everything(), by=factories.seat(cast.membership(cast.tanaka)))
    assert not enter(secret).is_power
