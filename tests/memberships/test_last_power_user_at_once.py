"""D-2: an organization keeps a power user who can sign in, whoever acts at the same moment. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import combinations_with_replacement
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.seat import Seat
from app.accounts import suspension as whole
from app.extensions import db
from app.memberships import service as members
from app.memberships import suspension
from app.models import Account, Membership, MemberType, Organization
from app.offers.offer import Offer
from tests import cast as people
from tests import factories
from tests.conftest import PortalClient, at_once
from tests.members.conftest import BASE
from tests.memberships.demoting import PATHS, platform

Verb = Callable[[Membership, Seat, datetime], Any]
VERBS: dict[str, Verb] = {
    "demote": lambda one, by, now: members.edit(
        one, offer=Offer(authorities=frozenset({"user_viewer"})), by=by, now=now
    ),
    "suspend": lambda one, by, now: suspension.suspend(one, reason="", by=by, now=now),
    "remove": lambda one, by, now: members.remove(one, by=by, now=now),
    "suspend the account": lambda one, by, now: whole.suspend(
        one.account, reason="", by=platform(), now=now
    ),
}


def power_users(code: str = "aozora") -> int:
    """How many power users of an organization can sign in."""
    db.session.rollback()
    return (
        db.session.scalar(
            select(func.count(Membership.id))
            .join(Account, Account.id == Membership.account_id)
            .join(Membership.organization)
            .where(
                Organization.code == code,
                Membership.type == MemberType.POWER,
                Membership.suspended_at.is_(None),
                Account.suspended_at.is_(None),
            )
        )
        or 0
    )


def acting(verb: Verb, target: int, by: int, *, found: Barrier) -> Callable[[], None]:
    """A request that has found its target and its seat before the other one acts."""

    def run() -> None:
        one, seat = (
            db.session.get_one(Membership, target),
            factories.seat(db.session.get_one(Membership, by)),
        )
        assert one.roles is not None
        assert one.account
        assert seat.authorities
        found.wait()
        verb(one, seat, datetime.now(UTC))
        db.session.commit()

    return run


@pytest.mark.parametrize(("one", "other"), combinations_with_replacement(VERBS, 2))
def test_keeps_one_of_two_who_act_on_each_other(each_app: Flask, one: str, other: str) -> None:
    """D-2: on SQLite and on PostgreSQL, each path against each."""
    made = people.assemble()
    first = made.membership(made.tanaka).id
    second = factories.membership(factories.account("kato"), made.aozora, power=True).id
    db.session.commit()
    found = Barrier(2, timeout=30)
    results = at_once(
        each_app,
        acting(VERBS[one], second, first, found=found),
        acting(VERBS[other], first, second, found=found),
    )
    assert power_users() == 1, results
    assert sum(result is None for result in results) == 1, results


def test_keeps_one_of_five_who_all_leave(each_app: Flask) -> None:
    """D-2."""
    made = people.assemble()
    ids = [made.membership(made.tanaka).id]
    ids += [
        factories.membership(factories.account(f"kato{number}"), made.aozora, power=True).id
        for number in range(4)
    ]
    db.session.commit()

    def leaving(own: int) -> Callable[[], None]:
        def run() -> None:
            seat = factories.seat(db.session.get_one(Membership, own))
            assert seat.membership
            members.leave(seat.membership, by=seat, now=datetime.now(UTC))
            db.session.commit()

        return run

    results = at_once(each_app, *(leaving(one) for one in ids))
    assert power_users() == 1
    assert sorted(type(one).__name__ for one in results) == ["LastPowerUser"] + ["NoneType"] * 4


@pytest.mark.parametrize("path", ["demote", "remove", "suspend"])
def test_keeps_one_of_two_browsers(each_app: Flask, path: str) -> None:
    """D-2: the same over HTTP, commits and all."""
    made = people.assemble()
    kato = factories.account("kato")
    ids = [made.membership(made.tanaka).id, factories.membership(kato, made.aozora, power=True).id]
    browsers = []
    for who in (made.tanaka, kato):
        browser = each_app.test_client()
        assert isinstance(browser, PortalClient)
        browsers.append(browser.sign_in(who))
    tokens = [browser.token(f"{BASE}/list/") for browser in browsers]
    db.session.remove()

    def pressing(number: int) -> Callable[[], int]:
        address, form = PATHS[path]
        data = {"csrf_token": tokens[number]} | form
        return lambda: (
            browsers[number].post(BASE + address.format(ids[1 - number]), data=data).status_code
        )

    results = at_once(each_app, pressing(0), pressing(1))
    assert power_users() == 1, results
    assert 500 not in results
