"""Revoking keys: one's own, those of people one covers, and with whoever leaves.

Here: the verbs. Not here: the pages (test_profile.py, test_list.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.authorities import Authority
from app.access.granting import AboveYourself
from app.access.seat import Seat
from app.accounts import suspension as whole
from app.api_keys import refusals
from app.api_keys import service as api_keys
from app.extensions import db
from app.kernel.signals import membership_ended, membership_suspended
from app.memberships import service as members
from app.memberships import suspension
from app.models import Activity, Letter, Membership, PortalKey
from tests import cast as people
from tests import factories
from tests.api_keys.conftest import enter, issue, keys, moment
from tests.cast import Cast
from tests.conftest import at_once

A = Authority


@pytest.fixture
def manager(cast: Cast) -> Seat:
    """smith manages members, and is no power user."""
    cast.membership(cast.smith).authorities = frozenset({A.MEMBER_MANAGER, A.USER_VIEWER})
    db.session.commit()
    return factories.seat(cast.membership(cast.smith))


def test_it_ends_the_key_of_somebody_who_is_covered_and_tells_them(
    cast: Cast, manager: Seat, letters: Callable[..., list[Letter]]
) -> None:
    """B-91: administrators revoke keys of their organization."""
    key, secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    api_keys.revoke(key, by=manager, now=moment())
    with pytest.raises(refusals.KeyRevoked):
        enter(secret)
    assert keys()[0].revoked_by == "Smith John"
    (letter,) = letters("key_revoked")
    assert letter.recipient == cast.suzuki.email
    assert [
        line.details["key"]
        for line in db.session.scalars(select(Activity).where(Activity.event == "key_revoked"))
    ] == [key.label]


def test_it_leaves_the_keys_of_people_who_stand_above(cast: Cast, manager: Seat) -> None:
    """D-1"""
    key, secret = issue(cast.membership(cast.tanaka), A.USER_VIEWER)
    with pytest.raises(AboveYourself):
        api_keys.revoke(key, by=manager, now=moment())
    assert enter(secret)


def test_it_leaves_the_keys_of_other_organizations(cast: Cast) -> None:
    """S0-01"""
    key, _secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    with pytest.raises(refusals.NotYourKey):
        api_keys.revoke(key, by=factories.seat(cast.membership(cast.yamada)), now=moment())


def test_it_tells_nobody_of_a_key_they_deleted_themselves(
    cast: Cast, letters: Callable[..., list[Letter]]
) -> None:
    """S0-11"""
    key, _secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    api_keys.revoke(key, by=factories.seat(cast.membership(cast.suzuki)), now=moment())
    assert not letters("key_revoked")


def test_it_says_so_when_the_key_is_over_already(cast: Cast) -> None:
    key, _secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    own = factories.seat(cast.membership(cast.suzuki))
    api_keys.revoke(key, by=own, now=moment())
    with pytest.raises(refusals.KeyOver):
        api_keys.revoke(key, by=own, now=moment())


@pytest.mark.postgresql
def test_it_happens_once_at_the_same_moment(each_app: Flask) -> None:
    """Issue 4: double click, one effect."""
    cast = people.assemble()
    key, _secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    pk, member = key.id, cast.membership(cast.suzuki).id

    def verb() -> str:
        row, own = db.session.get(PortalKey, pk), db.session.get(Membership, member)
        assert row and own
        api_keys.revoke(row, by=factories.seat(own), now=moment())
        db.session.commit()
        return "done"

    results = at_once(each_app, verb, verb)
    assert sorted(type(one).__name__ for one in results) == ["KeyOver", "str"]
    assert (
        len(list(db.session.scalars(select(Activity).where(Activity.event == "key_revoked")))) == 1
    )


def test_it_comes_with_suspension_and_does_not_go_with_reinstatement(cast: Cast) -> None:
    """B-73, D-C1: refused at once; reinstating does not silently revive a key."""
    member, boss = cast.membership(cast.suzuki), factories.seat(cast.membership(cast.tanaka))
    _key, secret = issue(member, A.USER_VIEWER)
    suspension.suspend(member, reason="", by=boss, now=moment())
    with pytest.raises(refusals.KeyRevoked):
        enter(secret)
    suspension.reinstate(member, by=boss, now=moment())
    with pytest.raises(refusals.KeyRevoked):
        enter(secret)
    issue(member, A.USER_VIEWER)


@pytest.mark.parametrize("verb", ["remove", "leave"])
def test_it_comes_with_leaving_and_does_not_go_with_coming_back(cast: Cast, verb: str) -> None:
    """S0-07, D-C1"""
    member = cast.membership(cast.suzuki)
    _key, secret = issue(member, A.USER_VIEWER)
    by = factories.seat(cast.membership(cast.tanaka) if verb == "remove" else member)
    getattr(members, verb)(member, by=by, now=moment())
    with pytest.raises(refusals.KeyRevoked):
        enter(secret)
    factories.membership(cast.suzuki, cast.aozora, authorities=[A.USER_VIEWER])
    with pytest.raises(refusals.KeyRevoked):
        enter(secret)


def test_it_comes_with_the_suspension_of_the_account_in_every_organization(cast: Cast) -> None:
    """D-3, B-73"""
    elsewhere = factories.membership(cast.suzuki, cast.minato, authorities=[A.USER_VIEWER])
    secrets = [issue(one, A.USER_VIEWER)[1] for one in (cast.membership(cast.suzuki), elsewhere)]
    root = Seat(cast.root, is_platform_administrator=True)
    whole.suspend(cast.suzuki, reason="", by=root, now=moment())
    for secret in secrets:
        with pytest.raises(refusals.KeyRevoked):
            enter(secret)
    whole.reinstate(cast.suzuki, by=root, now=moment())
    for secret in secrets:
        with pytest.raises(refusals.KeyRevoked):
            enter(secret)


def test_it_leaves_the_keys_for_other_organizations_to_a_member_who_is_removed(cast: Cast) -> None:
    """S0-08"""
    elsewhere = factories.membership(cast.suzuki, cast.minato, authorities=[A.USER_VIEWER])
    _key, secret = issue(elsewhere, A.USER_VIEWER)
    members.remove(
        next(one for one in cast.suzuki.memberships if one is not elsewhere),
        by=factories.seat(cast.membership(cast.tanaka)),
        now=moment(),
    )
    assert enter(secret).organization == cast.minato


@pytest.mark.parametrize("change", [{"suspended_at": factories.NOW}, None])
def test_it_is_not_even_needed_where_the_membership_is_shut(
    cast: Cast, change: dict[str, Any] | None
) -> None:
    """D-3, D-C1: a key whose holder may not come in is refused, revoked or not."""
    member = cast.membership(cast.suzuki)
    _key, secret = issue(member, A.USER_VIEWER)
    if change is None:
        db.session.delete(member)
    else:
        member.suspended_at = change["suspended_at"]
    with pytest.raises(refusals.HolderShutOut) as refused:
        enter(secret)
    assert refused.value.status == 403


def test_it_is_refused_while_the_account_is_suspended(cast: Cast) -> None:
    """D-3"""
    _key, secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    cast.suzuki.suspended_at = moment()
    with pytest.raises(refusals.HolderShutOut):
        enter(secret)


def test_it_goes_with_a_deleted_account(cast: Cast) -> None:
    """D-3"""
    _key, secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    members.remove(
        cast.membership(cast.suzuki), by=factories.seat(cast.membership(cast.tanaka)), now=moment()
    )
    whole.delete(cast.suzuki, by=Seat(cast.root, is_platform_administrator=True), now=moment())
    with pytest.raises(refusals.KeyUnknown):
        enter(secret)


def test_it_is_announced_on_the_page_that_asks(cast: Cast) -> None:
    """B-78: the question counts the keys that would be revoked, those of this organization that
    work.
    """
    member = cast.membership(cast.suzuki)
    issue(member, A.USER_VIEWER)
    issue(member, A.USER_VIEWER, days=1, now=moment() - timedelta(days=2))
    for lines in (
        membership_suspended.consequences([member], now=moment()),
        membership_ended.consequences([member], now=moment()),
    ):
        assert ("API keys", "1, will be revoked for good") in lines


def test_it_withholds_a_key_with_its_owner_where_the_organization_asks_for_a_second_step(
    cast: Cast,
) -> None:
    """ASVS 6.3.3: the 2-step rule reaches keys too; a service account has no second step
    to take."""
    from app.access.two_factor import AccessWithheld

    _key, secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    cast.aozora.two_factor_required = cast.aozora.two_factor_strong = True
    with pytest.raises(AccessWithheld):
        enter(secret)
