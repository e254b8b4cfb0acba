"""D-2: an organization always keeps a power user who can sign in, on every path and under
simultaneous requests. It …
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import combinations_with_replacement
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.guard import LastPowerUser
from app.access.seat import Seat
from app.accounts import suspension as whole
from app.extensions import db
from app.members import service as members
from app.members import suspension
from app.members.offer import Offer
from app.models import Account, Membership, MemberType, Organization
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, at_once
from tests.members.conftest import BASE, As, fingerprint, is_member, of, offered, text

SENTENCE = (
    "The last power user cannot be removed, suspended or made a general user. Name another one"
    " first."
)


# each path, by the platform administrator, whom nothing else would stop


@pytest.fixture
def root(cast: Cast, as_: As) -> PortalClient:
    return as_(cast.root)


@pytest.fixture
def last(cast: Cast) -> int:
    """tanaka, the only one who is left: sato is a suspended power user, ito's account is
    suspended."""
    cast.membership(cast.sato).type = MemberType.POWER
    factories.membership(
        factories.account("ito", suspended_at=factories.NOW), cast.aozora, power=True
    )
    db.session.commit()
    return cast.membership(cast.tanaka).id


PATHS: dict[str, tuple[str, dict[str, Any]]] = {
    "demote": ("/edit/{0}", offered(preset="all", sure="1")),
    "suspend": ("/suspension/{0}", {}),
    "remove": ("/delete/{0}", {}),
    "suspend in bulk": ("/action_post", {"action": "suspend", "sure": "1", "rowid": "{0}"}),
    "remove in bulk": ("/action_post", {"action": "remove", "sure": "1", "rowid": "{0}"}),
}


@pytest.mark.parametrize("path", PATHS)
def test_keeps_the_last_power_user(root: PortalClient, last: int, path: str) -> None:
    """D-2, S2-27."""
    address, form = PATHS[path]
    before = fingerprint()
    data = {key: value.format(last) for key, value in form.items()}
    answer = root.submit(
        BASE + address.format(last), data, page=f"{BASE}/list/", follow_redirects=True
    )
    assert SENTENCE in answer.get_data(as_text=True)
    assert fingerprint() == before


def test_keeps_the_last_power_user_who_would_leave(cast: Cast, as_: As, last: int) -> None:
    before = fingerprint()
    answer = as_(cast.tanaka).submit(f"{BASE}/leave")
    assert answer.status_code == 409
    assert SENTENCE in answer.get_data(as_text=True)
    assert fingerprint() == before


def test_keeps_the_last_power_user_s_account_open(cast: Cast, last: int, now: datetime) -> None:
    """D-3: the platform administrator's suspension of a whole account asks the same."""
    with pytest.raises(LastPowerUser):
        whole.suspend(cast.tanaka, reason="", by=platform(), now=now)


def test_keeps_the_power_user_who_demotes_themselves(cast: Cast, as_: As, last: int) -> None:
    answer = as_(cast.tanaka).submit(f"{BASE}/edit/{last}", offered(preset="all"))
    assert answer.status_code == 409
    assert SENTENCE in answer.get_data(as_text=True)
    member = of(cast.tanaka)
    assert member
    assert member.is_power


def test_keeps_one_of_all_that_are_removed_at_once(
    root: PortalClient, cast: Cast, second: Account
) -> None:
    """Bulk: each alone could go, both cannot."""
    ids = [str(cast.membership(who).id) for who in (cast.tanaka, second)]
    form = {"action": "remove", "sure": "1", "rowid": ids}
    told = root.submit(
        f"{BASE}/action_post", form, page=f"{BASE}/list/", follow_redirects=True
    ).get_data(as_text=True)
    assert "1 member was removed." in told
    assert SENTENCE in told
    assert [is_member(who, cast.aozora) for who in (cast.tanaka, second)] == [False, True]


def test_says_so_before_anybody_presses(root: PortalClient, last: int) -> None:
    page = text(root, f"/show/{last}")
    assert page.count(SENTENCE) == 2
    assert f"{BASE}/delete/{last}" not in page


@pytest.mark.parametrize("path", PATHS)
def test_lets_a_power_user_go_while_another_remains(
    root: PortalClient, cast: Cast, last: int, second: Account, path: str
) -> None:
    address, form = PATHS[path]
    root.submit(
        BASE + address.format(last),
        {key: value.format(last) for key, value in form.items()},
        page=f"{BASE}/list/",
    )
    member = of(cast.tanaka)
    assert member is None or not member.is_power or member.is_suspended


@pytest.mark.parametrize("who", ["suspended", "general"])
def test_counts_only_power_users_who_can_sign_in(
    root: PortalClient, cast: Cast, last: int, who: str
) -> None:
    """Others go freely."""
    gone = cast.sato if who == "suspended" else cast.smith
    root.submit(f"{BASE}/delete/{cast.membership(gone).id}")
    assert not is_member(gone, cast.aozora)


# two requests at the same moment

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


def platform() -> Seat:
    """The platform administrator's seat."""
    return Seat(
        db.session.scalars(select(Account).where(Account.login_id_key == "root")).one(),
        is_platform_administrator=True,
    )


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
