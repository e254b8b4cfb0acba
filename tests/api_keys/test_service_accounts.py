"""Service accounts: holders of keys that are no people, with every door for people shut.

Here: making one, its page and keys, what it never can. Not here: keys themselves (test_issue.py),
other members (tests/members).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from app.access.authorities import Authority, everything
from app.access.granting import AboveYourself
from app.access.guard import NotAPerson
from app.access.policy import may
from app.accounts import service as accounts
from app.api_keys import refusals
from app.api_keys import service as api_keys
from app.bindings import service as bindings
from app.extensions import db
from app.invites import addresses
from app.members import queries as member_queries
from app.members import service as members
from app.members import service_accounts, suspension
from app.members.offer import Offer
from app.members.registering import NoSuchAccount, NothingGiven
from app.models import Account, Letter, LinkPurpose, Membership, MemberType, PasswordLink
from app.organizations import queries as figures
from app.passwords import links
from app.passwords import service as passwords
from app.security import service as security
from app.sessions import service as sessions
from tests import factories
from tests.api_keys.conftest import As, enter, issue, keys, moment
from tests.cast import Cast

A = Authority
BASE = "/o/aozora/service-accounts"


@pytest.fixture
def payroll(cast: Cast) -> Membership:
    """A service account of aozora that tanaka made."""
    by = factories.seat(cast.membership(cast.tanaka))
    made = service_accounts.create(
        cast.aozora,
        name="Payroll",
        offer=Offer(authorities=frozenset({A.USER_VIEWER})),
        by=by,
        now=moment(),
    )
    db.session.commit()
    return made


def test_it_is_a_member_with_a_name_and_no_address(cast: Cast, payroll: Membership) -> None:
    """B-90"""
    account = payroll.account
    assert (account.is_service, account.login_id, account.email) == (
        True,
        "payroll",
        "payroll@service.invalid",
    )
    assert not account.password_hash and not account.notifications and account.managed_by_id is None
    again = service_accounts.create(
        cast.aozora,
        name="Payroll",
        offer=Offer(authorities=frozenset({A.USER_VIEWER})),
        by=factories.seat(cast.membership(cast.tanaka)),
        now=moment(),
    )
    assert again.account.login_id == "payroll-2"


def test_it_gets_no_more_than_its_maker_has_and_never_power(
    cast: Cast, payroll: Membership
) -> None:
    """D-1"""
    manager = factories.seat(cast.membership(cast.smith))
    cast.membership(cast.smith).authorities = frozenset({A.MEMBER_MANAGER})
    with pytest.raises(AboveYourself):
        service_accounts.create(
            cast.aozora,
            name="X",
            offer=Offer(authorities=frozenset({A.ROLE_MANAGER})),
            by=manager,
            now=moment(),
        )
    boss = factories.seat(cast.membership(cast.tanaka))
    with pytest.raises(NotAPerson):
        service_accounts.create(
            cast.aozora, name="X", offer=Offer(MemberType.POWER), by=boss, now=moment()
        )
    with pytest.raises(NothingGiven):
        service_accounts.create(cast.aozora, name="X", offer=Offer(), by=boss, now=moment())
    with pytest.raises(NotAPerson):
        members.edit(payroll, offer=Offer(MemberType.POWER), by=boss, now=moment())


def test_it_opens_no_door_of_people(
    cast: Cast, payroll: Membership, letters: Callable[..., list[Letter]]
) -> None:
    """Issue 4, ASVS 6.3.2: no sign-in, no password, no link, no session, no invitation, no other
    organization.
    """
    account, boss = payroll.account, factories.seat(cast.membership(cast.tanaka))
    account.password_hash = factories.password_hash()  # even if it had one
    db.session.commit()
    for name in (account.login_id, account.email):
        with pytest.raises(security.WrongCredentials):
            security.authenticate(name, factories.PASSWORD, ip="192.0.2.1", known={}, now=moment())
        db.session.commit()
        links.send_forgotten_link(name, ip="192.0.2.1", now=moment())
        db.session.commit()
        there = factories.seat(cast.membership(cast.yamada))
        with pytest.raises(NoSuchAccount):
            bindings.add(
                cast.minato,
                who=name,
                offer=Offer(authorities=frozenset({A.USER_VIEWER})),
                by=there,
                now=moment(),
            )
        db.session.rollback()
    assert db.session.query(PasswordLink).count() == 0 and not letters()
    for verb in (
        lambda: sessions.open_session(account, now=moment(), ip="", user_agent=""),
        lambda: links.new_link(account, LinkPurpose.FORGOTTEN, now=moment()),
        lambda: passwords.set_password(account, "Correct-Horse-7", by=boss, now=moment()),
    ):
        with pytest.raises(NotAPerson):
            verb()
    unusable = addresses.problems_of(addresses.read(account.email))
    assert [one.name for one in unusable] == ["EmailMalformed"], "no invitation"
    assert accounts.find(account.email) is None
    assert account not in member_queries.acquaintances(
        replace(boss, is_platform_administrator=True, organization=cast.minato), "payroll"
    )


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


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 65},
        {"name": "a\0"},
        {"authorities": "no_such"},
        {"authorities": []},
    ],
)
def test_it_refuses_what_cannot_be(cast: Cast, as_: As, wrong: dict[str, object]) -> None:
    answer = as_(cast.tanaka).submit(
        f"{BASE}/add",
        {"name": "Payroll", "preset": "custom", "authorities": ["user_viewer"]} | wrong,
    )
    assert answer.status_code in (400, 422)
    assert not db.session.query(Account).filter(Account.is_service).count()


def test_it_is_made_by_those_who_manage_members(cast: Cast, as_: As, payroll: Membership) -> None:
    """D-1, S0-02: the viewer, the outsider and other members are refused."""
    for who, status in (
        (cast.suzuki, 403),
        (cast.smith, 403),
        (cast.sato, 403),
        (cast.yamada, 404),
    ):
        browser = as_(who)
        for path in (f"{BASE}/add", f"{BASE}/issue/{payroll.id}"):
            assert browser.get(path).status_code == status
            assert (
                browser.submit(
                    path, {"name": "X", "authorities": ["user_viewer"]}, page="/profile/"
                ).status_code
                == status
            )
    browser = as_(cast.tanaka)
    assert browser.get(f"{BASE}/issue/{cast.membership(cast.smith).id}").status_code == 404, (
        "people issue their own keys"
    )


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


def test_it_is_not_counted_among_people(app: Flask, cast: Cast, payroll: Membership) -> None:
    """Issue 4: home, growth and the 2-step board speak of people."""
    told = figures.figures(cast.aozora, members=True, invites=False, manage=True, now=moment())
    assert told.members == 3
    cast.aozora.two_factor_required = cast.aozora.two_factor_strong = True
    _key, secret = issue(payroll, A.USER_VIEWER, by=factories.seat(cast.membership(cast.tanaka)))
    assert enter(secret).account == payroll.account


def test_it_is_no_power_user_with_every_authority(cast: Cast, payroll: Membership) -> None:
    """D-2: it never counts as one who could help when the last power user is gone."""
    payroll.authorities = everything()
    _key, secret = issue(payroll, *everything(), by=factories.seat(cast.membership(cast.tanaka)))
    assert not enter(secret).is_power


def test_it_is_absent_from_the_platforms_accounts(cast: Cast, as_: As, payroll: Membership) -> None:
    """S4-02: it belongs to its organization; people's accounts are listed there."""
    browser = as_(cast.root)
    assert "payroll" not in browser.get("/accounts/list/").text
    assert browser.get(f"/accounts/show/{payroll.account_id}").status_code == 404
    assert (
        browser.submit(
            f"/accounts/action/send_password_link/{payroll.account_id}", page="/profile/"
        ).status_code
        == 404
    )
    assert as_(cast.tanaka).get(f"/o/aozora/members/account/{payroll.id}").status_code == 409
