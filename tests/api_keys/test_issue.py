"""Issuing a key: for whom, for what, for how long, how many.

Here: the verb. Not here: the pages (test_profile.py, test_service_accounts.py), using the key
(test_authenticate.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.authorities import Authority, everything
from app.access.granting import AboveYourself
from app.access.seat import Seat
from app.api_keys import refusals
from app.api_keys import service as api_keys
from app.extensions import db
from app.kernel.errors import Forbidden, Refusal
from app.models import Activity, Letter, Membership, PortalKey
from tests import cast as people
from tests import factories
from tests.api_keys.conftest import enter, issue, keys, moment
from tests.cast import Cast
from tests.conftest import at_once

A = Authority


def test_it_is_made_for_its_maker_with_a_name_scopes_and_thirty_days(cast: Cast) -> None:
    """S0-10, B-88"""
    now = moment()
    issue(cast.membership(cast.suzuki), A.USER_VIEWER, name="  Nightly sync ", now=now)
    (key,) = keys()
    assert (key.name, key.account, key.organization, key.scopes) == (
        "Nightly sync",
        cast.suzuki,
        cast.aozora,
        {A.USER_VIEWER},
    )
    assert key.expires_at == now + timedelta(days=30)
    assert key.created_by == "鈴木 一郎"


def test_it_brings_along_what_a_scope_needs(cast: Cast) -> None:
    """S0-25"""
    key, _secret = issue(cast.membership(cast.tanaka), A.AWS_ACCOUNT_VIEWER)
    assert A.PROJECT_VIEWER in key.scopes


def test_it_never_reaches_beyond_its_maker(cast: Cast) -> None:
    """D-1, ASVS 8.2.2: nobody issues a key for what they may not do."""
    with pytest.raises(AboveYourself):
        issue(cast.membership(cast.suzuki), A.USER_VIEWER, A.MEMBER_MANAGER)


def test_it_is_nobody_elses(cast: Cast) -> None:
    """D-1: not even a power user gets a key that acts as somebody else."""
    with pytest.raises(refusals.NotYourKey):
        issue(
            cast.membership(cast.suzuki),
            A.USER_VIEWER,
            by=factories.seat(cast.membership(cast.tanaka)),
        )


def test_it_is_not_made_with_a_key(cast: Cast) -> None:
    """Issue 4: a key never mints keys."""
    _key, secret = issue(cast.membership(cast.tanaka), *everything())
    seat = enter(secret)
    with pytest.raises(refusals.KeyMakesKeys):
        issue(cast.membership(cast.tanaka), A.USER_VIEWER, by=seat)
    with pytest.raises(refusals.KeyMakesKeys):
        api_keys.revoke(keys()[0], by=seat, now=moment())


def test_it_is_not_made_for_the_suspended(cast: Cast) -> None:
    """D-3"""
    with pytest.raises((refusals.HolderSuspended, Forbidden)):
        issue(cast.membership(cast.sato))


def test_it_is_not_made_by_somebody_whose_account_was_suspended_meanwhile(cast: Cast) -> None:
    """D-3, D-C1"""
    seat = factories.seat(cast.membership(cast.suzuki))
    cast.suzuki.suspended_at = moment()
    db.session.commit()
    with pytest.raises(Forbidden):
        issue(cast.membership(cast.suzuki), A.USER_VIEWER, by=seat)


@pytest.mark.parametrize("days", [0, -1, 366, 10_000_000])
def test_it_refuses_other_lives_than_a_day_to_a_year(cast: Cast, days: int) -> None:
    """B-88"""
    with pytest.raises(refusals.DaysOutOfRange):
        issue(cast.membership(cast.suzuki), A.USER_VIEWER, days=days)


@pytest.mark.parametrize("name", ["", "   ", "x" * 65])
def test_it_wants_a_name(cast: Cast, name: str) -> None:
    with pytest.raises(refusals.NoName):
        issue(cast.membership(cast.suzuki), A.USER_VIEWER, name=name)


def test_it_wants_a_scope_from_whoever_has_one_to_give(cast: Cast) -> None:
    with pytest.raises(refusals.NothingChosen):
        issue(cast.membership(cast.suzuki))
    _key, secret = issue(cast.membership(cast.smith))
    assert enter(secret).authorities == frozenset()


def test_it_keeps_to_twenty_that_work(cast: Cast) -> None:
    """Of one member and organization; those that are over do not count."""
    member = cast.membership(cast.suzuki)
    _fill(member, api_keys.MOST_KEYS)
    with pytest.raises(refusals.TooManyKeys):
        issue(member, A.USER_VIEWER)
    keys()[0].expires_at = moment()
    keys()[1].revoked_at = moment()
    db.session.commit()
    issue(member, A.USER_VIEWER)


def test_it_is_made_once_however_often_the_form_is_sent(cast: Cast) -> None:
    """Issue 4: double click and resubmit, one effect."""
    issue(cast.membership(cast.suzuki), A.USER_VIEWER, prefix="0123456789")
    with pytest.raises(refusals.MadeAlready):
        issue(cast.membership(cast.suzuki), A.USER_VIEWER, prefix="0123456789")
    assert [key.prefix for key in keys()] == ["0123456789"]


def test_it_makes_a_prefix_of_its_own_where_the_form_names_none(cast: Cast) -> None:
    key, _secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER, prefix="../../etc")
    assert len(key.prefix) == 10 and key.prefix.isalnum()


@pytest.mark.postgresql
def test_it_keeps_to_the_limit_and_to_one_attempt_at_the_same_moment(each_app: Flask) -> None:
    """Issue 4: counted atomically; two requests at once, one effect."""
    cast = people.assemble()
    member = cast.membership(cast.suzuki)
    _fill(member, api_keys.MOST_KEYS - 1)
    pk = member.id

    def once(prefix: str) -> Callable[[], str]:
        def verb() -> str:
            own = db.session.get(Membership, pk)
            assert own
            key, _secret = api_keys.issue(
                own,
                name="Race",
                scopes=[A.USER_VIEWER],
                prefix=prefix,
                by=factories.seat(own),
                now=moment(),
            )
            prefix_made = key.prefix
            db.session.commit()
            return prefix_made

        return verb

    results = at_once(each_app, once("aaaaaaaaaa"), once("aaaaaaaaaa"), once("bbbbbbbbbb"))
    assert sorted(type(one).__name__ for one in results if isinstance(one, Refusal)).__len__() == 2
    assert len(keys()) == api_keys.MOST_KEYS


def test_it_is_limited_in_an_hour(cast: Cast) -> None:
    """ASVS 2.4.1: keys by the dozen are refused for a while."""
    member = cast.membership(cast.suzuki)
    for _number in range(20):
        key, _secret = issue(member, A.USER_VIEWER)
        key.revoked_at = moment()
    with pytest.raises(refusals.TooManyIssued) as refused:
        issue(member, A.USER_VIEWER)
    assert refused.value.status == 429 and refused.value.seconds > 0
    db.session.rollback()


def test_it_leaves_a_line_in_the_log_with_its_scopes_and_without_its_secret(cast: Cast) -> None:
    """ASVS 16.3.3, R12"""
    key, secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    (line,) = db.session.scalars(select(Activity).where(Activity.event == "key_issued"))
    assert line.organization_id == cast.aozora.id and line.subject_id == cast.suzuki.id
    assert line.details["key"] == key.label and line.details["authorities"] == [A.USER_VIEWER]
    assert secret not in str(line.details) and secret[-20:] not in str(line.details)


def test_it_is_told_to_its_owner_whatever_they_switched_off(
    cast: Cast, letters: Callable[..., list[Letter]]
) -> None:
    """ASVS 6.3.7: a letter in the owner's language, without the secret."""
    cast.suzuki.notifications = False
    _key, secret = issue(cast.membership(cast.suzuki), A.USER_VIEWER)
    (letter,) = letters("key_issued")
    assert (letter.recipient, letter.language) == (cast.suzuki.email, "ja_JP")
    assert "Nightly sync" in letter.text and "ユーザー閲覧権限" in letter.text
    assert secret[-43:] not in letter.text + letter.html


def test_it_is_undone_when_whoever_asks_has_lost_the_authority_meanwhile(cast: Cast) -> None:
    """D-C1: the second request sees what the first did."""
    stale = factories.seat(cast.membership(cast.suzuki))
    assert stale.authorities == {A.USER_VIEWER}
    db.session.execute(
        Membership.__table__.update()
        .where(Membership.id == cast.membership(cast.suzuki).id)
        .values(authorities=frozenset())
    )
    with pytest.raises(Forbidden):
        issue(cast.membership(cast.suzuki), A.USER_VIEWER, by=stale)


def test_it_is_for_the_members_own_part_of_a_platform_administrator(cast: Cast) -> None:
    """S4-02: the platform has no keys."""
    with pytest.raises(refusals.NotYourKey):
        issue(
            cast.membership(cast.smith),
            by=Seat(cast.root, organization=cast.aozora, is_platform_administrator=True),
        )


def _fill(member: Membership, count: int) -> None:
    for number in range(count):
        db.session.add(
            PortalKey(
                organization=member.organization,
                account=member.account,
                name=f"Key {number}",
                prefix=f"{number:010}",
                secret_digest="x" * 64,
                scopes=frozenset(),
                created_at=moment(),
                expires_at=moment() + timedelta(days=9),
                last_ip="",
                revoked_by="",
                created_by="",
            )
        )
    db.session.commit()
