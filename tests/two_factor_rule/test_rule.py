"""What an organization asks of its members' sign-in, and what closes to whoever has not done it. It
…
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.access import two_factor as rule
from app.access.seat import Seat
from app.access.two_factor import Method, Verdict
from app.extensions import db
from app.models import AccountSession, Membership, Organization, TwoFactorException
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.two_factor_rule.rule import HOME, As, ask, except_, give_passkey

NONE: frozenset[Method] = frozenset()
MAIL, APP = frozenset({Method.MAIL}), frozenset({Method.MAIL, Method.APP})


@pytest.mark.parametrize(
    ("strong", "method", "factors", "expected"),
    [
        (False, "password", NONE, Verdict.SET_UP),
        (False, "password", MAIL, Verdict.SIGN_IN),
        (False, "mail", MAIL, Verdict.SATISFIED),
        (False, "device", MAIL, Verdict.SATISFIED),
        (False, "app", APP, Verdict.SATISFIED),
        (True, "password", MAIL, Verdict.SET_UP),
        (True, "mail", MAIL, Verdict.SET_UP),
        (True, "mail", APP, Verdict.SIGN_IN),
        (True, "device", MAIL, Verdict.SET_UP),
        (True, "device", APP, Verdict.SATISFIED),
        (True, "app", APP, Verdict.SATISFIED),
        (True, "recovery", APP, Verdict.SATISFIED),
        (True, "passkey", APP, Verdict.SATISFIED),
        (True, "nonsense", APP, Verdict.SIGN_IN),
        (False, "nonsense", MAIL, Verdict.SIGN_IN),
        (True, None, APP, Verdict.SATISFIED),
        (True, None, MAIL, Verdict.SET_UP),
        (False, None, MAIL, Verdict.SATISFIED),
    ],
)
def test_says_what_each_session_lacks(
    strong: bool, method: str | None, factors: frozenset[Method], expected: Verdict, now: datetime
) -> None:
    """ASVS 6.3.3: what a session was opened with decides, not what its owner has.

    None is an API key.
    """
    where = Organization(two_factor_required=True, two_factor_strong=strong)
    assert (
        rule.verdict(where, method=method, factors=factors, is_excepted=False, now=now) is expected
    )
    assert (
        rule.verdict(where, method=method, factors=factors, is_excepted=True, now=now)
        is Verdict.FREE
    )


def test_waits_for_the_deadline_to_the_second(now: datetime) -> None:
    """B-52"""
    where = Organization(two_factor_required=True, two_factor_deadline=now)
    assert not rule.bites(where, now=now - timedelta(seconds=1))
    assert rule.bites(where, now=now)
    assert not rule.bites(Organization(two_factor_required=False, two_factor_deadline=now), now=now)


def test_closes_every_page_and_says_why_and_what_to_do(cast: Cast, as_: As, now: datetime) -> None:
    """ASVS 6.3.3: the membership stays; the profile, leaving and other organizations stay open."""
    factories.membership(cast.smith, cast.minato)
    ask(cast.aozora, strong=True, deadline=now - timedelta(minutes=1))
    smith = as_(cast.smith)
    for path in (HOME, "/o/aozora/members/list/", "/o/aozora/activity/list/"):
        answer = smith.get(path)
        assert answer.status_code == 403
        page = answer.get_data(as_text=True)
        assert "Aozora Inc. asks for 2-step verification" in page
        assert "authenticator app or a passkey" in page
        assert 'href="/profile/#two-factor"' in page
        assert 'href="/o/aozora/members/' not in page.replace(
            'href="/o/aozora/members/leave"', ""
        ), "its menu offers nothing of the organization"
    assert smith.get("/profile/").status_code == 200
    assert smith.get("/o/minato/").status_code == 200
    assert smith.get("/o/aozora/members/leave").status_code == 200
    assert db.session.get(Membership, cast.membership(cast.smith).id) is not None
    cast.smith.language = "ja_JP"
    db.session.commit()
    assert "Aozora Inc." not in smith.get(HOME).get_data(as_text=True)


def test_lets_somebody_leave_who_never_sets_it_up(cast: Cast, as_: As, now: datetime) -> None:
    ask(cast.aozora, strong=True)
    as_(cast.smith).submit("/o/aozora/members/leave")
    assert cast.smith.memberships == []


def test_asks_to_sign_in_again_where_the_factor_is_there(
    cast: Cast, as_: As, now: datetime
) -> None:
    ask(cast.aozora)
    smith = as_(cast.smith)
    page = smith.get("/o/aozora/?x=1").get_data(as_text=True)
    assert "Sign in again with the second step" in page
    assert 'name="next" value="/login/?next=' in page
    answer = smith.submit("/logout/", {"next": "/login/?next=/o/aozora/"}, page="/profile/")
    assert answer.location == "/login/?next=/o/aozora/"


def test_restores_access_the_moment_the_second_step_is_taken(
    cast: Cast, as_: As, now: datetime
) -> None:
    """B-52: enabling restores at once."""
    ask(cast.aozora, strong=True)
    smith = as_(cast.smith)
    assert smith.get(HOME).status_code == 403
    db.session.scalars(
        select(AccountSession).where(AccountSession.account_id == cast.smith.id)
    ).one().method = "app"
    assert smith.get(HOME).status_code == 200
    assert as_(cast.smith, method="mail").get(HOME).status_code == 403
    assert as_(cast.smith, method="passkey").get(HOME).status_code == 200


def test_keeps_nobody_out_before_the_deadline_nor_while_excepted(
    cast: Cast, as_: As, now: datetime
) -> None:
    ask(cast.aozora, strong=True, deadline=now + timedelta(hours=1))
    smith = as_(cast.smith)
    assert smith.get(HOME).status_code == 200
    ask(cast.aozora, strong=True, deadline=now - timedelta(hours=1))
    assert smith.get(HOME).status_code == 403
    except_(cast.membership(cast.smith), now + timedelta(hours=1))
    assert smith.get(HOME).status_code == 200
    db.session.scalars(select(TwoFactorException)).one().until = now - timedelta(seconds=1)
    assert smith.get(HOME).status_code == 403, "an exception ends by itself"


def test_asks_the_platform_administrator_too_but_never_on_the_platforms_own_screens(
    cast: Cast, as_: As
) -> None:
    ask(cast.aozora, strong=True)
    root = as_(cast.root)
    assert root.get(HOME).status_code == 403
    for path in (
        "/organizations/list/",
        "/accounts/list/",
        f"/organizations/edit/{cast.aozora.id}",
        "/profile/",
    ):
        assert root.get(path).status_code == 200
    assert as_(cast.root, method="app").get(HOME).status_code == 200


def test_costs_no_statement_where_there_is_no_rule_or_the_session_settles_it(
    cast: Cast, as_: As, statements: Callable[[], list[str]]
) -> None:
    plain, strong = as_(cast.smith), as_(cast.smith, method="app")

    def cost(client: PortalClient) -> int:
        client.get(HOME)
        statements()
        assert client.get(HOME).status_code == 200
        return len(statements())

    before = cost(plain)
    ask(cast.aozora, strong=True)
    assert cost(strong) == before


def test_withholds_api_keys_with_their_owner_but_not_service_accounts(
    cast: Cast, now: datetime
) -> None:
    """S0-09: a key can do no more than its owner at this moment."""
    ask(cast.aozora, strong=True)
    member = cast.membership(cast.smith)
    key = Seat(
        cast.smith,
        organization=cast.aozora,
        membership=member,
        memberships=[member],
        scopes=frozenset(),
        via="ci",
    )
    assert rule.is_withheld(key, now=now)
    give_passkey(cast.smith, now)
    assert not rule.is_withheld(key, now=now)
    robot = factories.account("robot", is_service=True)
    member = factories.membership(robot, cast.aozora)
    assert not rule.is_withheld(
        Seat(
            robot,
            organization=cast.aozora,
            membership=member,
            memberships=[member],
            scopes=frozenset(),
        ),
        now=now,
    )


def test_is_honoured_at_sign_in(cast: Cast, now: datetime) -> None:
    """S2-29: only where the rule is in force, and not where excepted."""
    ask(cast.aozora, deadline=now + timedelta(days=1))
    assert rule.requiring(cast.smith.memberships, now=now) == []
    assert rule.requiring(cast.smith.memberships, now=now + timedelta(days=2)) == [cast.aozora]
    except_(cast.membership(cast.smith), now + timedelta(days=3))
    assert rule.requiring(cast.smith.memberships, now=now + timedelta(days=2)) == []
    assert rule.requiring(cast.smith.memberships, now=now + timedelta(days=3)) == [cast.aozora]
    assert rule.requiring(cast.sato.memberships, now=now + timedelta(days=2)) == []


def test_is_announced_on_the_home_of_whoever_would_be_shut_out(
    cast: Cast, as_: As, now: datetime
) -> None:
    ask(cast.aozora, strong=True, deadline=now + timedelta(days=9))
    words = "asks for an authenticator app or a passkey. Set one up until"
    assert words in as_(cast.smith).get(HOME).get_data(as_text=True)
    assert words not in as_(cast.suzuki, method="app").get(HOME).get_data(as_text=True)
    except_(cast.membership(cast.smith), now + timedelta(days=30))
    assert words not in as_(cast.smith).get(HOME).get_data(as_text=True)
