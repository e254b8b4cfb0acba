"""D-C13: with neither role nor authority left, a change is refused and asked about. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from app.extensions import db
from app.memberships import service as members
from app.memberships.service import NothingLeft, RoleNotHeld, Yourself
from app.models import Account, Activity, MemberRole
from app.offers.offer import Offer
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, As, of, offered
from tests.rest.conftest import Caller, code, issued

QUESTION = "No role and no authority would be left, so the person is removed from the organization."


@pytest.fixture
def tanaka(cast: Cast, as_: As) -> PortalClient:
    return as_(cast.tanaka)


@pytest.fixture
def desk(cast: Cast) -> MemberRole:
    """The only thing that smith has."""
    role = factories.role(cast.aozora, "Help desk", "billing_viewer")
    cast.membership(cast.smith).roles = [role]
    db.session.commit()
    return role


def gone(who: Account) -> bool:
    db.session.expire_all()
    return of(who) is None


def test_refuses_the_form_and_asks_before_it_removes(
    tanaka: PortalClient, cast: Cast, desk: MemberRole
) -> None:
    """D-C13: the page that asks leads to the removal; saving alone is refused."""
    pk = cast.membership(cast.smith).id
    asked = tanaka.submit(f"{BASE}/edit/{pk}", offered()).get_data(as_text=True)
    assert QUESTION in asked
    assert f'action="{BASE}/delete/{pk}"' in asked
    assert 'name="sure"' not in asked
    forced = tanaka.submit(f"{BASE}/edit/{pk}", offered(sure="1"))
    assert forced.status_code == 409
    assert QUESTION in forced.get_data(as_text=True)
    assert not gone(cast.smith)
    assert tanaka.submit(f"{BASE}/delete/{pk}", page=f"{BASE}/list/").status_code == 302
    assert gone(cast.smith)


def test_asks_of_a_power_user_who_would_have_nothing_else(
    tanaka: PortalClient, cast: Cast, second: Account
) -> None:
    member = of(second)
    assert member
    asked = tanaka.submit(f"{BASE}/edit/{member.id}", offered()).get_data(as_text=True)
    assert QUESTION in asked


def test_leaves_those_alone_who_had_nothing_before(
    tanaka: PortalClient, cast: Cast, now: datetime
) -> None:
    """Nothing is taken from them by saving what they have."""
    pk = cast.membership(cast.smith).id
    assert tanaka.submit(f"{BASE}/edit/{pk}", offered(sure="1")).status_code == 302
    assert not gone(cast.smith)


@pytest.mark.parametrize("others", ["keep", "remove"])
def test_asks_in_bulk_what_becomes_of_them_and_does_what_is_said(
    tanaka: PortalClient, cast: Cast, desk: MemberRole, others: str
) -> None:
    cast.membership(cast.suzuki).roles = [desk]
    db.session.commit()
    rows = [str(cast.membership(one).id) for one in (cast.smith, cast.suzuki)]
    form = {"action": "take_role", "rowid": rows, "chosen_role": str(desk.id)}
    asked = tanaka.ask(f"{BASE}/action_post", form)
    assert "Members for whom it is all they have" in asked
    assert not gone(cast.smith)
    tanaka.act(f"{BASE}/action_post", form | {"others": others}, page="/profile/")
    assert gone(cast.smith) is (others == "remove")
    kept = of(cast.suzuki)
    assert kept
    assert kept.roles == []


def test_refuses_a_program_until_it_says_that_it_means_it(
    app: Flask, cast: Cast, desk: MemberRole
) -> None:
    _key, secret = issued(cast.membership(cast.tanaka), ["member_manager", "user_viewer"])
    caller, path = Caller(app, secret), f"/members/{cast.membership(cast.smith).id}"
    assert code(caller("PATCH", path, json={"roles": []})) == (409, "NothingLeft")
    assert not gone(cast.smith)
    told = caller("PATCH", path, json={"roles": [], "remove": True}).get_json()
    assert told["login_id"] == "smith"
    assert gone(cast.smith)
    assert code(caller("GET", path))[0] == 404


def test_asks_before_an_undo_takes_all_there_is(
    tanaka: PortalClient, cast: Cast, now: datetime
) -> None:
    """D-C13: taking back the only gift."""
    role = factories.role(cast.aozora, "Help desk", "billing_viewer")
    own = factories.seat(cast.membership(cast.tanaka))
    members.add_role(cast.membership(cast.smith), role, by=own, now=datetime.now(now.tzinfo))
    db.session.commit()
    line = db.session.query(Activity).filter_by(event="member_edited").one()
    path = f"/o/aozora/activity/undo/{line.id}"
    assert QUESTION in tanaka.get(path).get_data(as_text=True)
    assert tanaka.submit(path, {}).status_code == 409
    assert not gone(cast.smith)
    assert tanaka.submit(path, {"removes": "1"}).status_code == 302
    assert gone(cast.smith)
    removed = db.session.query(Activity).filter_by(event="member_removed").one()
    assert removed.undoes_id == line.id


def test_nobody_removes_themselves_so(cast: Cast, second: Account, now: datetime, as_: As) -> None:
    """S2-27: one leaves, after a question of its own."""
    own = of(second)
    assert own
    with pytest.raises(Yourself):
        members.edit(own, offer=Offer(), sure=True, by=factories.seat(own), now=now)


def test_is_one_rule_in_the_verbs(cast: Cast, desk: MemberRole, now: datetime) -> None:
    own, one = factories.seat(cast.membership(cast.tanaka)), cast.membership(cast.smith)
    acts: list[Callable[[], object]] = [
        lambda: members.edit(one, offer=Offer(), by=own, now=now),
        lambda: members.remove_role(one, desk, by=own, now=now),
    ]
    for act in acts:
        with pytest.raises(NothingLeft):
            act()
    assert members.edit(one, offer=Offer(), sure=True, by=own, now=now) is False


def test_says_that_there_is_nothing_to_take(
    tanaka: PortalClient, cast: Cast, now: datetime
) -> None:
    """T2-47: × on a role that somebody does not hold, drawn on a page that has grown old."""
    role = factories.role(cast.aozora, "Night", "billing_viewer")
    db.session.commit()
    pk = cast.membership(cast.suzuki).id
    told = tanaka.submit(
        f"{BASE}/take-role/{pk}", {"role": str(role.id)}, page="/profile/", follow_redirects=True
    ).get_data(as_text=True)
    assert "The member does not have this role. Nothing was changed." in told
    assert "no longer has the role" not in told
    with pytest.raises(RoleNotHeld):
        members.remove_role(
            cast.membership(cast.suzuki),
            role,
            by=factories.seat(cast.membership(cast.tanaka)),
            now=now,
        )


@pytest.mark.parametrize("path", ["delete", "suspension"])
def test_says_before_it_opens_what_can_only_be_refused(
    tanaka: PortalClient, cast: Cast, as_: As, path: str
) -> None:
    """T2-46: removing or suspending the last power user, and oneself."""
    pk = cast.membership(cast.tanaka).id
    answer = as_(cast.root).get(f"{BASE}/{path}/{pk}")
    assert answer.status_code == 409
    assert "The last power user cannot be" in answer.get_data(as_text=True)
    assert tanaka.get(f"{BASE}/{path}/{pk}").status_code == 409
    assert tanaka.get(f"{BASE}/{path}/{cast.membership(cast.smith).id}").status_code == 200
