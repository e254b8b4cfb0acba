"""Suspending, deleting and joining at the same moment (D-2, R8). It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.accounts import suspension
from app.accounts.suspension import StillMember
from app.bindings import service as members
from app.extensions import db
from app.kernel.errors import Forbidden
from app.models import Account, Membership, MemberType
from app.offers.offer import Offer
from tests import factories
from tests.accounts.conftest import administrator
from tests.cast import Cast
from tests.conftest import at_once


def test_keeps_one_power_user_when_both_are_suspended_at_once(
    each_app: Flask, now: datetime
) -> None:
    """D-2: also under two simultaneous requests."""
    chief, one, two = (
        factories.platform_administrator(factories.account("chief")),
        factories.account("one"),
        factories.account("two"),
    )
    where = factories.organization("acme")
    for who in (one, two):
        factories.membership(who, where, power=True)
    db.session.commit()
    chief_id = chief.id

    def suspending(account_id: int) -> Callable[[], str]:
        def verb() -> str:
            suspension.suspend(
                db.session.get_one(Account, account_id),
                reason="",
                by=administrator(db.session.get_one(Account, chief_id)),
                now=now,
            )
            db.session.commit()
            return "done"

        return verb

    results = at_once(each_app, *(suspending(account_id) for account_id in (one.id, two.id)))
    assert sorted(type(one).__name__ for one in results) == ["LastPowerUserOf", "str"]


def test_keeps_one_administrator_when_two_suspend_each_other_at_once(
    each_app: Flask, now: datetime
) -> None:
    one, two = (
        factories.platform_administrator(factories.account(name)) for name in ("one", "two")
    )
    db.session.commit()

    def suspending(account_id: int, by_id: int) -> Callable[[], str]:
        def verb() -> str:
            suspension.suspend(
                db.session.get_one(Account, account_id),
                reason="",
                by=administrator(db.session.get_one(Account, by_id)),
                now=now,
            )
            db.session.commit()
            return "done"

        return verb

    results = at_once(each_app, suspending(one.id, two.id), suspending(two.id, one.id))
    assert sorted(type(one).__name__ for one in results) == ["Forbidden", "str"]
    db.session.rollback()
    assert (
        db.session.scalar(select(func.count(Account.id)).where(Account.suspended_at.is_(None))) == 1
    )


def test_never_deletes_an_account_that_joins_an_organization_at_the_same_moment(
    each_app: Flask, now: datetime
) -> None:
    chief, guest = (
        factories.platform_administrator(factories.account("chief")),
        factories.account("guest"),
    )
    acme = factories.organization("acme")
    member = factories.membership(factories.account("boss"), acme, power=True)
    db.session.commit()
    chief_id, guest_id, member_id = chief.id, guest.id, member.id

    def deleting() -> str:
        suspension.delete(
            db.session.get_one(Account, guest_id),
            by=administrator(db.session.get_one(Account, chief_id)),
            now=now,
        )
        db.session.commit()
        return "deleted"

    def adding() -> str:
        where = db.session.get_one(Membership, member_id).organization
        by = administrator(db.session.get_one(Account, chief_id))
        offer = Offer(type=MemberType.POWER)
        try:
            members.add(where, who="guest", offer=offer, by=by, now=now)
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            return "too late"
        return "added"

    results = at_once(each_app, deleting, adding)
    db.session.rollback()
    left = db.session.scalar(
        select(func.count(Membership.id)).where(Membership.account_id == guest_id)
    )
    if results[0] == "deleted":
        assert left == 0
        assert results[1] != "added"
    else:
        assert isinstance(results[0], StillMember)
        assert (results[1], left) == ("added", 1)


def test_does_nothing_for_an_administrator_who_was_suspended_meanwhile(
    cast: Cast, now: datetime
) -> None:
    cast.root.suspended_at = now
    db.session.commit()
    for by in (cast.root, cast.yamada):
        with pytest.raises(Forbidden):
            suspension.suspend(cast.smith, reason="", by=administrator(by), now=now)
        with pytest.raises(Forbidden):
            suspension.delete(cast.newcomer, by=administrator(by), now=now)
        db.session.rollback()
