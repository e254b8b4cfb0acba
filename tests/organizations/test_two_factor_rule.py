"""What an organization asks of its members' sign-in, and what closes to whoever has not done it. It …"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.access import two_factor as rule
from app.access.seat import Seat
from app.access.two_factor import Factor, Verdict
from app.extensions import db
from app.models import Account, AccountSession, Activity, AuthenticatorApp, Membership, Organization, Passkey, TwoFactorException
from app.organizations import demands
from app.organizations import service as organizations
from app.web.proof import LASTS
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[..., PortalClient]
HOME, SETTINGS = "/o/aozora/", "/o/aozora/settings/"
TYPED = {
    "name": "株式会社あおぞら", "latin_name": "Aozora Inc.", "code": "aozora", "language": "ja_JP", "password_policy": "classic", "first_login": "link",
}
NONE: frozenset[Factor] = frozenset()
MAIL, APP = frozenset({Factor.MAIL}), frozenset({Factor.MAIL, Factor.APP})


def ask(where: Organization, *, strong: bool = False, deadline: datetime | None = None) -> None:
    where.two_factor_required, where.two_factor_strong, where.two_factor_deadline = True, strong, deadline
    db.session.commit()


def give_app(who: Account, now: datetime) -> None:
    db.session.add(AuthenticatorApp(account_id=who.id, sealed_secret="x", created_at=now, confirmed_at=now))
    db.session.commit()


def give_passkey(who: Account, now: datetime) -> None:
    db.session.add(Passkey(account_id=who.id, credential_id=f"c{who.id}", public_key=b"k", user_handle="h", name="Key", created_at=now))
    db.session.commit()


def except_(member: Membership, until: datetime) -> None:
    db.session.add(TwoFactorException(membership_id=member.id, until=until, reason="Travels", created_at=factories.NOW))
    db.session.commit()


def seat_of(member: Membership, method: str = "password") -> Seat:
    session = AccountSession(account_id=member.account_id, method=method, created_at=factories.NOW, proved_at=datetime.now(UTC))
    return replace(factories.seat(member), session=session)


@pytest.mark.parametrize(
    ("strong", "method", "factors", "expected"),
    [
        (False, "password", NONE, Verdict.SET_UP), (False, "password", MAIL, Verdict.SIGN_IN), (False, "mail", MAIL, Verdict.SATISFIED),
        (False, "device", MAIL, Verdict.SATISFIED), (False, "app", APP, Verdict.SATISFIED), (True, "password", MAIL, Verdict.SET_UP),
        (True, "mail", MAIL, Verdict.SET_UP), (True, "mail", APP, Verdict.SIGN_IN), (True, "device", MAIL, Verdict.SET_UP),
        (True, "device", APP, Verdict.SATISFIED), (True, "app", APP, Verdict.SATISFIED), (True, "recovery", APP, Verdict.SATISFIED),
        (True, "passkey", APP, Verdict.SATISFIED), (True, "nonsense", APP, Verdict.SIGN_IN), (False, "nonsense", MAIL, Verdict.SIGN_IN),
        (True, None, APP, Verdict.SATISFIED), (True, None, MAIL, Verdict.SET_UP), (False, None, MAIL, Verdict.SATISFIED),
    ],
)
def test_says_what_each_session_lacks(
    strong: bool, method: str | None, factors: frozenset[Factor], expected: Verdict, now: datetime
) -> None:
    """ASVS 6.3.3: what a session was opened with decides, not what its owner has. None is an API key."""
    where = Organization(two_factor_required=True, two_factor_strong=strong)
    assert rule.verdict(where, method=method, factors=factors, is_excepted=False, now=now) is expected
    assert rule.verdict(where, method=method, factors=factors, is_excepted=True, now=now) is Verdict.FREE


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
        assert 'href="/o/aozora/members/' not in page.replace('href="/o/aozora/members/leave"', ""), "its menu offers nothing of the organization"
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


def test_asks_to_sign_in_again_where_the_factor_is_there(cast: Cast, as_: As, now: datetime) -> None:
    ask(cast.aozora)
    smith = as_(cast.smith)
    page = smith.get("/o/aozora/?x=1").get_data(as_text=True)
    assert "Sign in again with the second step" in page
    assert 'name="next" value="/login/?next=' in page
    answer = smith.submit("/logout/", {"next": "/login/?next=/o/aozora/"}, page="/profile/")
    assert answer.location == "/login/?next=/o/aozora/"


def test_restores_access_the_moment_the_second_step_is_taken(cast: Cast, as_: As, now: datetime) -> None:
    """B-52: enabling restores at once."""
    ask(cast.aozora, strong=True)
    smith = as_(cast.smith)
    assert smith.get(HOME).status_code == 403
    db.session.scalars(select(AccountSession).where(AccountSession.account_id == cast.smith.id)).one().method = "app"
    assert smith.get(HOME).status_code == 200
    assert as_(cast.smith, method="mail").get(HOME).status_code == 403
    assert as_(cast.smith, method="passkey").get(HOME).status_code == 200


def test_keeps_nobody_out_before_the_deadline_nor_while_excepted(cast: Cast, as_: As, now: datetime) -> None:
    ask(cast.aozora, strong=True, deadline=now + timedelta(hours=1))
    smith = as_(cast.smith)
    assert smith.get(HOME).status_code == 200
    ask(cast.aozora, strong=True, deadline=now - timedelta(hours=1))
    assert smith.get(HOME).status_code == 403
    except_(cast.membership(cast.smith), now + timedelta(hours=1))
    assert smith.get(HOME).status_code == 200
    db.session.scalars(select(TwoFactorException)).one().until = now - timedelta(seconds=1)
    assert smith.get(HOME).status_code == 403, "an exception ends by itself"


def test_asks_the_platform_administrator_too_but_never_on_the_platforms_own_screens(cast: Cast, as_: As) -> None:
    ask(cast.aozora, strong=True)
    root = as_(cast.root)
    assert root.get(HOME).status_code == 403
    for path in ("/organizations/list/", "/accounts/list/", f"/organizations/edit/{cast.aozora.id}", "/profile/"):
        assert root.get(path).status_code == 200
    assert as_(cast.root, method="app").get(HOME).status_code == 200


def test_costs_no_statement_where_there_is_no_rule_or_the_session_settles_it(cast: Cast, as_: As, statements: Callable[[], list[str]]) -> None:
    plain, strong = as_(cast.smith), as_(cast.smith, method="app")

    def cost(client: PortalClient) -> int:
        client.get(HOME)
        statements()
        assert client.get(HOME).status_code == 200
        return len(statements())

    before = cost(plain)
    ask(cast.aozora, strong=True)
    assert cost(strong) == before


def test_withholds_api_keys_with_their_owner_but_not_service_accounts(cast: Cast, now: datetime) -> None:
    """S0-09: a key can do no more than its owner at this moment."""
    ask(cast.aozora, strong=True)
    member = cast.membership(cast.smith)
    key = Seat(cast.smith, organization=cast.aozora, membership=member, memberships=[member], scopes=frozenset(), via="ci")
    assert rule.is_withheld(key, now=now)
    give_passkey(cast.smith, now)
    assert not rule.is_withheld(key, now=now)
    robot = factories.account("robot", is_service=True)
    member = factories.membership(robot, cast.aozora)
    assert not rule.is_withheld(Seat(robot, organization=cast.aozora, membership=member, memberships=[member], scopes=frozenset()), now=now)


# the settings


def test_is_set_with_a_deadline_and_logged_before_and_after(cast: Cast, as_: As, now: datetime) -> None:
    day = (now + timedelta(days=14)).date()
    cast.tanaka.time_zone = "Asia/Tokyo"
    tanaka = as_(cast.tanaka)
    answer = tanaka.submit(SETTINGS, TYPED | {"two_factor_required": "y", "two_factor_strong": "y", "two_factor_deadline": day.isoformat()})
    assert answer.status_code == 302
    db.session.expire_all()
    assert cast.aozora.two_factor_strong
    assert cast.aozora.two_factor_deadline == datetime(day.year, day.month, day.day, 15, tzinfo=UTC), "the end of that day in Tokyo"
    assert f'value="{day.isoformat()}"' in tanaka.get(SETTINGS).get_data(as_text=True)
    [line] = db.session.scalars(select(Activity).where(Activity.event == "organization_edited"))
    assert line.details["changes"]["two_factor_strong"] == [False, True]
    assert line.details["changes"]["two_factor_deadline"][0] is None
    assert "Last day to set up 2-step verification: none" in as_(cast.tanaka).get("/o/aozora/activity/list/").get_data(as_text=True)


def test_suggests_two_weeks(cast: Cast, as_: As) -> None:
    day = (datetime.now(UTC) + timedelta(days=14)).date()
    assert f'name="two_factor_deadline" value="{day.isoformat()}"' in as_(cast.tanaka).get(SETTINGS).get_data(as_text=True)


def test_stays_the_same_moment_when_somebody_elsewhere_saves_the_form(cast: Cast, as_: As, now: datetime) -> None:
    deadline = datetime(now.year + 1, 3, 1, 15, tzinfo=UTC)
    ask(cast.aozora, deadline=deadline)
    cast.tanaka.time_zone = "America/New_York"
    db.session.commit()
    typed = TYPED | {"two_factor_required": "y", "two_factor_deadline": f"{now.year + 1}-03-01"}
    as_(cast.tanaka).submit(SETTINGS, typed)
    db.session.expire_all()
    assert cast.aozora.two_factor_deadline == deadline


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"two_factor_required": "y", "two_factor_deadline": "2020-01-01"}, "two_factor_deadline", "This day is over."),
        ({"session_idle_minutes": "4"}, "session_idle_minutes", "Between 5 and 480."),
        ({"session_idle_minutes": "481"}, "session_idle_minutes", "Between 5 and 480."),
        ({"session_hours": "0"}, "session_hours", "Between 1 and 168."), ({"session_hours": "169"}, "session_hours", "Between 1 and 168."),
        ({"session_hours": "many"}, "session_hours", ""),
    ],
)
def test_refuses_what_nobody_can_keep(cast: Cast, as_: As, typed: dict[str, str], field: str, sentence: str) -> None:
    """ASVS 7.3.1, 7.3.2"""
    answer = as_(cast.tanaka).submit(SETTINGS, TYPED | typed)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'id="{field}-error"' in page
    assert sentence in page


def test_refuses_the_same_from_every_door(cast: Cast, now: datetime) -> None:
    by = factories.seat(cast.membership(cast.tanaka))
    with pytest.raises(demands.OutOfLimits, match=r"Between 5 and 480\."):
        organizations.edit_settings(cast.aozora, by=by, now=now, session_idle_minutes=1)
    with pytest.raises(demands.DeadlinePassed):
        organizations.edit_settings(cast.aozora, by=by, now=now, two_factor_required=True, two_factor_deadline=now)


def test_lets_nobody_shut_themselves_out(cast: Cast, as_: As, now: datetime) -> None:
    """B-52: a strong rule at once only from inside; with a date, and for the platform administrator, from outside, too."""
    at_once = TYPED | {"two_factor_required": "y", "two_factor_strong": "y", "two_factor_deadline": ""}
    answer = as_(cast.tanaka).submit(SETTINGS, at_once)
    assert answer.status_code == 409
    assert "You would shut yourself out." in answer.get_data(as_text=True)
    db.session.expire_all()
    assert not cast.aozora.two_factor_required
    give_app(cast.tanaka, now)
    assert as_(cast.tanaka).submit(SETTINGS, at_once).status_code == 409, "having one is not enough: it may be lost"
    assert as_(cast.tanaka, method="app").submit(SETTINGS, at_once).status_code == 302


def test_lets_nobody_tighten_themselves_out_either(cast: Cast, now: datetime) -> None:
    ask(cast.aozora, strong=True, deadline=now + timedelta(days=3))
    member = cast.membership(cast.tanaka)
    with pytest.raises(demands.YouFirst):
        organizations.edit_settings(cast.aozora, by=seat_of(member), now=now, two_factor_deadline=None)
    db.session.rollback()
    assert organizations.edit_settings(cast.aozora, by=seat_of(member, "passkey"), now=now, two_factor_deadline=None)


def test_warns_when_no_power_user_is_ready(cast: Cast, as_: As, now: datetime) -> None:
    day = (now + timedelta(days=14)).date().isoformat()
    typed = TYPED | {"two_factor_required": "y", "two_factor_strong": "y", "two_factor_deadline": day}
    page = as_(cast.tanaka).submit(SETTINGS, typed, follow_redirects=True).get_data(as_text=True)
    assert "No power user has an authenticator app or a passkey yet." in page
    give_app(cast.tanaka, now)
    page = as_(cast.tanaka).submit(SETTINGS, typed | {"latin_name": "Aozora"}, follow_redirects=True).get_data(as_text=True)
    assert "No power user has" not in page


def test_is_switched_off_for_everybody_at_once(cast: Cast, as_: As) -> None:
    ask(cast.aozora, strong=True)
    smith = as_(cast.smith)
    assert smith.get(HOME).status_code == 403
    as_(cast.tanaka, method="app").submit(SETTINGS, TYPED)
    db.session.expire_all()
    assert (cast.aozora.two_factor_required, cast.aozora.two_factor_strong, cast.aozora.two_factor_deadline) == (False, False, None)
    assert smith.get(HOME).status_code == 200


def test_is_honoured_at_sign_in(cast: Cast, now: datetime) -> None:
    """S2-29: only where the rule is in force, and not where excepted."""
    ask(cast.aozora, deadline=now + timedelta(days=1))
    assert rule.requiring(cast.smith.memberships, now=now) == []
    assert rule.requiring(cast.smith.memberships, now=now + timedelta(days=2)) == [cast.aozora]
    except_(cast.membership(cast.smith), now + timedelta(days=3))
    assert rule.requiring(cast.smith.memberships, now=now + timedelta(days=2)) == []
    assert rule.requiring(cast.smith.memberships, now=now + timedelta(days=3)) == [cast.aozora]
    assert rule.requiring(cast.sato.memberships, now=now + timedelta(days=2)) == []


def test_is_announced_on_the_home_of_whoever_would_be_shut_out(cast: Cast, as_: As, now: datetime) -> None:
    ask(cast.aozora, strong=True, deadline=now + timedelta(days=9))
    words = "asks for an authenticator app or a passkey. Set one up until"
    assert words in as_(cast.smith).get(HOME).get_data(as_text=True)
    assert words not in as_(cast.suzuki, method="app").get(HOME).get_data(as_text=True)
    except_(cast.membership(cast.smith), now + timedelta(days=30))
    assert words not in as_(cast.smith).get(HOME).get_data(as_text=True)


# what asks for a fresh proof


def save_late(client: PortalClient, who: Account, typed: dict[str, str]) -> tuple[int, str]:
    """Save the settings long after the last proof."""
    db.session.execute(update(AccountSession).where(AccountSession.account_id == who.id).values(proved_at=datetime.now(UTC) - LASTS))
    answer = client.submit(SETTINGS, TYPED | typed, page="/lang/")
    return answer.status_code, answer.get_data(as_text=True)


def day(moment: datetime) -> str:
    return moment.date().isoformat()


def test_is_loosened_after_a_fresh_proof_only(cast: Cast, as_: As, now: datetime) -> None:
    """ASVS 7.5.3: off, weaker, later, or with a deadline where it held at once. What was typed goes along."""
    client = as_(cast.tanaka, method="app")
    soon, later = ({"two_factor_required": "y", "two_factor_deadline": day(now + timedelta(days=days))} for days in (5, 12))
    strong = {"two_factor_strong": "y"}
    for deadline, looser in ((now + timedelta(days=9), ({}, soon, later | strong)), (None, (soon | strong,))):
        ask(cast.aozora, strong=True, deadline=deadline)
        for typed in looser:
            status, page = save_late(client, cast.tanaka, typed | {"latin_name": "Typed Ltd."})
            assert (status, 'name="proof_password"' in page) == (403, True), typed
            assert 'name="latin_name" value="Typed Ltd."' in page
    db.session.expire_all()
    assert (cast.aozora.two_factor_required, cast.aozora.two_factor_strong, cast.aozora.two_factor_deadline) == (True, True, None)
    assert cast.aozora.latin_name == "Aozora Inc."


def test_is_tightened_without_a_fresh_proof(cast: Cast, as_: As, now: datetime) -> None:
    """Switched on, stronger, earlier, at once; shorter sessions; and whatever has nothing to do with it."""
    client = as_(cast.tanaka, method="app")
    weak = {"two_factor_required": "y", "two_factor_deadline": day(now + timedelta(days=9))}
    strong = weak | {"two_factor_strong": "y"}
    at_once = strong | {"two_factor_deadline": ""}
    for typed in (
        weak, strong, strong | {"two_factor_deadline": day(now + timedelta(days=5))}, at_once,
        at_once | {"session_idle_minutes": "10", "session_hours": "2"}, at_once | {"latin_name": "Blue Sky Ltd."},
    ):
        assert save_late(client, cast.tanaka, typed)[0] == 302, typed
    db.session.expire_all()
    assert (cast.aozora.two_factor_strong, cast.aozora.two_factor_deadline, cast.aozora.session_hours) == (True, None, 2)
    assert cast.aozora.latin_name == "Blue Sky Ltd."


def test_is_loosened_by_the_right_proof_with_all_that_was_typed(cast: Cast, as_: As) -> None:
    """ASVS 7.5.3: by a wrong one nothing is, nor is anything lost."""
    ask(cast.aozora)
    client, typed = as_(cast.tanaka, method="app"), {"latin_name": "Typed Ltd."}
    status, page = save_late(client, cast.tanaka, typed | {"proof_password": "wrong"})
    assert (status, "Typed Ltd." in page) == (422, True)
    assert save_late(client, cast.tanaka, typed | {"proof_password": factories.PASSWORD})[0] == 302
    db.session.expire_all()
    assert (cast.aozora.two_factor_required, cast.aozora.latin_name) == (False, "Typed Ltd.")


@pytest.mark.parametrize("missing", ["until", "reason"])
def test_asks_for_no_proof_of_an_exception_that_cannot_be(cast: Cast, as_: As, now: datetime, missing: str) -> None:
    client = as_(cast.tanaka)
    db.session.execute(update(AccountSession).values(proved_at=now - LASTS))
    typed = {"until": day(now + timedelta(days=9)), "reason": "x"} | {missing: ""}
    assert client.submit(f"{SETTINGS}two-factor/exception/{cast.membership(cast.smith).id}", typed, page="/lang/").status_code == 422
