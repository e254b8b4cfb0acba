"""Using a key: who is behind it at this very moment, and what it may do.

Here: the verb. Not here: issuing and revoking (test_issue.py, test_revoke.py), the header it comes
in (tests/api).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.access.authorities import Authority, everything, register, withdraw
from app.access.policy import may
from app.api_keys import authenticating, refusals
from app.api_keys import service as api_keys
from app.extensions import db
from app.kernel.errors import Forbidden
from app.memberships import suspension
from app.models import MemberType
from tests import factories
from tests.api_keys.conftest import enter, issue, keys, moment
from tests.cast import Cast


def test_it_gives_the_seat_of_its_holder_narrowed_to_its_scopes(cast: Cast) -> None:
    """ASVS 8.2.1: a key may do what its scopes and its holder's authorities have in common."""
    _key, secret = issue(cast.membership(cast.tanaka), Authority.USER_VIEWER)
    seat = enter(secret)
    assert (seat.account, seat.organization, seat.session) == (cast.tanaka, cast.aozora, None)
    assert seat.authorities == {Authority.USER_VIEWER}
    assert not seat.is_power
    assert may(seat, "read", "Member") and not may(seat, "manage", "Member")


def test_it_counts_as_a_power_user_only_with_every_scope(cast: Cast) -> None:
    """D-1"""
    _key, secret = issue(cast.membership(cast.tanaka), *everything())
    assert enter(secret).is_power
    cast.membership(cast.tanaka).type = MemberType.GENERAL
    assert not enter(secret).is_power and not enter(secret).authorities


def test_it_keeps_everything_when_a_package_brings_more(cast: Cast) -> None:
    """A key that was given everything is a power user's still; one that was not gets nothing."""
    _whole, whole = issue(cast.membership(cast.tanaka), *everything())
    _key, narrow = issue(cast.membership(cast.tanaka), Authority.USER_VIEWER)
    register("late_viewer", "Late", "Comes later", group="late")
    try:
        assert enter(whole).is_power and "late_viewer" in enter(whole).authorities
        assert enter(narrow).authorities == {Authority.USER_VIEWER}
    finally:
        withdraw("late_viewer")


def test_it_is_never_the_platform_administrators(cast: Cast) -> None:
    """S4-02: a platform administrator's key is a member's, no more."""
    own = factories.membership(cast.root, cast.aozora, authorities=[Authority.USER_VIEWER])
    db.session.commit()
    _key, secret = issue(own, Authority.USER_VIEWER)
    seat = enter(secret)
    assert not seat.is_platform_administrator
    assert not may(seat, "manage", "Outbox")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "meibo_",
        "x" * 5000,
        "meibo_0123456789_" + "a" * 43,
        "Bearer",
        "meibo_0123456789_\0",
        "日本語",
    ],
)
def test_it_refuses_what_is_no_key(cast: Cast, wrong: str) -> None:
    with pytest.raises(refusals.KeyUnknown) as refused:
        enter(wrong)
    assert refused.value.status == 401


def test_it_refuses_another_secret_with_the_same_prefix(cast: Cast) -> None:
    _key, secret = issue(cast.membership(cast.suzuki), Authority.USER_VIEWER)
    with pytest.raises(refusals.KeyUnknown):
        enter(secret[:-1] + ("A" if secret[-1] != "A" else "B"))


def test_it_ends_with_its_date(cast: Cast) -> None:
    _key, secret = issue(cast.membership(cast.suzuki), Authority.USER_VIEWER, days=1)
    assert enter(secret, moment() + timedelta(hours=23))
    with pytest.raises(refusals.KeyExpired):
        enter(secret, moment() + timedelta(hours=25))


def test_it_is_refused_at_once_when_revoked(cast: Cast) -> None:
    """S0-11, D-C1"""
    key, secret = issue(cast.membership(cast.suzuki), Authority.USER_VIEWER)
    assert enter(secret)
    api_keys.revoke(key, by=factories.seat(cast.membership(cast.suzuki)), now=moment())
    with pytest.raises(refusals.KeyRevoked):
        enter(secret)


def test_it_does_nothing_more_when_revoked_while_its_request_waits(cast: Cast) -> None:
    """S0-11, D-C1: a request that was let in before has its turn after the revocation."""
    own = cast.membership(cast.tanaka)
    key, secret = issue(own, Authority.MEMBER_MANAGER)
    seat = enter(secret)
    api_keys.revoke(key, by=factories.seat(own), now=moment())
    db.session.commit()
    with pytest.raises(Forbidden):
        suspension.suspend(cast.membership(cast.smith), reason="", by=seat, now=moment())
    db.session.rollback()
    assert not cast.membership(cast.smith).is_suspended


def test_it_shrinks_at_once_when_its_holder_is_demoted(cast: Cast) -> None:
    """D-C1: the authorities of this moment count, not those of the day it was issued."""
    _key, secret = issue(cast.membership(cast.suzuki), Authority.USER_VIEWER)
    cast.membership(cast.suzuki).authorities = frozenset()
    assert enter(secret).authorities == frozenset()
    cast.membership(cast.suzuki).roles = [
        factories.role(cast.aozora, "Desk", Authority.INQUIRY_USER, Authority.USER_VIEWER)
    ]
    assert enter(secret).authorities == {Authority.USER_VIEWER}


def test_it_takes_three_statements_at_most(cast: Cast, statements: Callable[[], list[str]]) -> None:
    _key, secret = issue(cast.membership(cast.suzuki), Authority.USER_VIEWER)
    enter(secret)
    db.session.remove()
    statements()
    authenticating.authenticate(secret, ip="192.0.2.7", now=moment())
    assert len(statements()) <= 3


def test_it_notes_its_use_at_most_every_two_minutes(cast: Cast) -> None:
    """B-88: last use and address are shown."""
    _key, secret = issue(cast.membership(cast.suzuki), Authority.USER_VIEWER)
    first = moment()
    for seconds in (0, 60, 119):
        enter(secret, first + timedelta(seconds=seconds))
    (row,) = keys()
    assert (row.last_used_at, row.last_ip) == (first, "192.0.2.7")
    assert cast.membership(cast.suzuki).last_access_at == first
    enter(secret, first + timedelta(seconds=121))
    assert keys()[0].last_used_at == first + timedelta(seconds=121)


def test_it_is_kept_as_a_digest_only(app: Flask, cast: Cast) -> None:
    """ASVS 11.4.1: nobody who reads the database can use a key."""
    key, secret = issue(cast.membership(cast.suzuki), Authority.USER_VIEWER)
    assert secret.startswith(f"meibo_{key.prefix}_") and len(secret) >= len("meibo_") + 10 + 1 + 43
    assert secret.removeprefix(f"meibo_{key.prefix}_") not in str(
        {column.name: getattr(key, column.name) for column in key.__table__.columns}
    )


def test_it_notes_one_of_two_uses_at_the_same_moment(cast: Cast) -> None:
    """Whoever read the key before the other noted its use overwrites nothing."""
    _key, secret = issue(cast.membership(cast.suzuki), Authority.USER_VIEWER)
    first = moment()
    for place, ip in enumerate(("192.0.2.1", "192.0.2.2")):
        authenticating.authenticate(secret, ip=ip, now=first + timedelta(seconds=place))
    (row,) = keys()
    assert (row.last_used_at, row.last_ip) == (first, "192.0.2.1")
