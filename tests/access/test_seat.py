"""The seat: who is here and what they may, with two queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.authorities import Authority, administrative, everything
from app.access.granting import AboveYourself
from app.access.policy import may
from app.access.seat import (
    Seat,
    effective_authorities,
    standing_authorities,
)
from app.access.seating import load_seat
from app.extensions import db
from app.models import Account, MemberRole, Membership, MemberType, Organization
from app.sessions import service as sessions
from tests import factories
from tests.cast import Cast

KEYS = sorted(everything())
sets = st.frozensets(st.sampled_from(KEYS))


def seat_of(cast: Cast, who: Account, code: str | None, now: datetime) -> Seat | None:
    _row, key = sessions.open_session(who, now=now, ip="127.0.0.1", user_agent="test")
    db.session.commit()
    return load_seat(key, code, now)


def test_it_is_loaded_with_two_queries(
    cast: Cast, now: datetime, statements: Callable[[], list[str]]
) -> None:
    _row, key = sessions.open_session(cast.tanaka, now=now, ip="", user_agent="")
    db.session.commit()
    db.session.remove()
    statements()
    seat = load_seat(key, "aozora", now)
    assert seat is not None
    assert seat.organization is not None
    assert seat.organizations
    assert seat.authorities
    assert len(statements()) <= 2


def test_a_power_user_holds_everything(cast: Cast, now: datetime) -> None:
    """S0-14."""
    seat = seat_of(cast, cast.tanaka, "aozora", now)
    assert seat
    assert seat.authorities == everything()


def test_a_general_user_may_hold_nothing(cast: Cast, now: datetime) -> None:
    """S0-13."""
    seat = seat_of(cast, cast.smith, "aozora", now)
    assert seat
    assert seat.authorities == frozenset()
    assert may(seat, "read", "Home")
    assert not may(seat, "read", "Member")


def test_roles_and_single_authorities_add_up(cast: Cast, now: datetime) -> None:
    """D-C8."""
    cast.membership(cast.smith).roles.append(
        factories.role(cast.aozora, "Night shift", Authority.BILLING_VIEWER)
    )
    cast.membership(cast.smith).authorities = frozenset({"user_viewer"})
    seat = seat_of(cast, cast.smith, "aozora", now)
    assert seat
    assert seat.authorities == {"billing_viewer", "user_viewer"}


def test_the_outsider_has_no_organization_there(cast: Cast, now: datetime) -> None:
    """S0-01, S4-09."""
    seat = seat_of(cast, cast.yamada, "aozora", now)
    assert seat
    assert seat.organization is None
    assert not may(seat, "read", "Home")


def test_the_platform_administrator_passes_everywhere(cast: Cast, now: datetime) -> None:
    """S4-02."""
    seat = seat_of(cast, cast.root, "aozora", now)
    assert seat
    assert seat.acts_as_platform
    assert may(seat, "manage", "Member")
    assert may(seat, "manage", "Outbox")


def test_the_platform_administrator_acts_in_an_organization_only_at_its_address(
    cast: Cast, now: datetime
) -> None:
    seat = seat_of(cast, cast.root, None, now)
    assert seat
    assert not may(seat, "manage", "Member")
    assert may(seat, "manage", "Account")


def test_nobody_else_is_let_near_the_platform(cast: Cast, now: datetime) -> None:
    seat = seat_of(cast, cast.tanaka, "aozora", now)
    assert seat
    assert not may(seat, "manage", "Account")
    assert not may(seat, "manage", "Organization")
    assert not may(seat, "manage", "Outbox")


def test_an_unknown_pair_is_a_crash_not_a_no(cast: Cast, now: datetime) -> None:
    """R5."""
    with pytest.raises(KeyError):
        may(seat_of(cast, cast.tanaka, "aozora", now), "raed", "Member")


def test_suspending_closes_the_organization_on_the_next_request(cast: Cast, now: datetime) -> None:
    """D-C1."""
    _row, key = sessions.open_session(cast.suzuki, now=now, ip="", user_agent="")
    cast.membership(cast.suzuki).suspended_at = now
    db.session.commit()
    seat = load_seat(key, "aozora", now)
    assert seat
    assert seat.organization is None


def test_a_reinstated_member_signs_in_again(cast: Cast, now: datetime) -> None:
    """D-C1: reactivation revives no session from before."""
    _row, key = sessions.open_session(
        cast.suzuki, now=now - timedelta(hours=1), ip="", user_agent=""
    )
    _row.idle_until = now + timedelta(hours=1)
    cast.membership(cast.suzuki).access_from = now
    db.session.commit()
    old = load_seat(key, "aozora", now)
    assert old
    assert old.organization is None
    fresh = seat_of(cast, cast.suzuki, "aozora", now)
    assert fresh
    assert fresh.organization is not None


@pytest.mark.parametrize("end", ["ended", "expired", "idle", "account suspended"])
def test_a_session_that_is_over_seats_nobody(cast: Cast, now: datetime, end: str) -> None:
    """D-C1, D-3."""
    row, key = sessions.open_session(cast.tanaka, now=now, ip="", user_agent="")
    match end:
        case "ended":
            sessions.end(row, now=now)
        case "expired":
            row.expires_at = now
        case "idle":
            row.idle_until = now
        case _:
            cast.tanaka.suspended_at = now
    db.session.commit()
    assert load_seat(key, "aozora", now) is None


def test_a_wrong_key_seats_nobody(cast: Cast, now: datetime) -> None:
    assert load_seat("no-such-key", "aozora", now) is None


def build(authorities: frozenset[str], role: frozenset[str], power: bool) -> Membership:
    """A membership that no database knows: the rules are pure."""
    kind = MemberType.POWER if power else MemberType.GENERAL
    return Membership(
        type=kind, authorities=authorities, roles=[MemberRole(name="r", authorities=role)]
    )


@given(sets, sets, st.booleans(), sets, sets, st.booleans(), st.booleans())
def test_nobody_covers_somebody_above_them(
    a: frozenset[str],
    b: frozenset[str],
    p: bool,
    c: frozenset[str],
    d: frozenset[str],
    q: bool,
    strict: bool,
) -> None:
    """D-1: whoever covers a member holds all that the member holds and that is guarded."""
    actor, target = build(a, b, p), build(c, d, q)
    where = Organization(code="x", name="x", grant_only_held=strict)
    seat = Seat(account=Account(), organization=where, membership=actor)
    guarded = standing_authorities(target) & (everything() if strict else administrative())
    missing = guarded - effective_authorities(actor)
    if missing or (q and not p):
        with pytest.raises(AboveYourself) as refused:
            seat.must_cover_member(target)
        assert refused.value.missing == missing
    else:
        seat.must_cover_member(target)
