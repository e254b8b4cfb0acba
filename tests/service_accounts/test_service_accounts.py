"""Service accounts: holders of keys that are no people, with every door for people shut.

Here: making one, what it never can. Not here: its keys (test_service_account_keys.py), other
members (tests/members).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from app.access.authorities import Authority
from app.access.granting import AboveYourself
from app.access.guard import NotAPerson
from app.accounts import service as accounts
from app.bindings import service as bindings
from app.extensions import db
from app.home import queries as figures
from app.invites import addresses
from app.managed_accounts.registering import NoSuchAccount
from app.members import queries as member_queries
from app.memberships import service as members
from app.models import Account, Letter, LinkPurpose, Membership, MemberType, PasswordLink
from app.offers.offer import NothingGiven, Offer
from app.passwords import links
from app.passwords import service as passwords
from app.service_accounts import service as service_accounts
from app.sessions import service as sessions
from app.sign_in import service as security
from tests import factories
from tests.api_keys.conftest import As, enter, issue, moment
from tests.cast import Cast

A = Authority
BASE = "/o/aozora/service-accounts"


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


def test_it_is_not_counted_among_people(app: Flask, cast: Cast, payroll: Membership) -> None:
    """Issue 4: home, growth and the 2-step board speak of people."""
    told = figures.figures(cast.aozora, members=True, invites=False, manage=True, now=moment())
    assert told.members == 3
    cast.aozora.two_factor_required = cast.aozora.two_factor_strong = True
    _key, secret = issue(payroll, A.USER_VIEWER, by=factories.seat(cast.membership(cast.tanaka)))
    assert enter(secret).account == payroll.account


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
