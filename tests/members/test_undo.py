"""Taking a change of a member back, from the line of the log that tells of it. It …"""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.activity import events as catalogue
from app.activity import service as activity
from app.extensions import db
from app.kernel.errors import Refusal
from app.members import service as members
from app.members import undo as undoing
from app.members.offer import Offer
from app.models import Account, AccountSession, Activity, MemberRole, Membership, MemberType
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, at_once
from tests.members.conftest import BASE, As, Letters, events, fingerprint, of, offered

HELD = frozenset({"billing_viewer"})


def last() -> Activity:
    """The newest line of the log that tells of a member."""
    return [line for line in events() if line.event.startswith("member_")][-1]


def path(line: Activity) -> str:
    return f"/o/aozora/activity/undo/{line.id}"


def take_back(browser: PortalClient, line: Activity) -> int:
    """Press the button; return the status that came."""
    return browser.submit(path(line), page="/profile/").status_code


@pytest.fixture
def smith(tanaka: PortalClient, cast: Cast) -> Membership:
    """smith as a member who holds something."""
    membership = cast.membership(cast.smith)
    membership.authorities, membership.roles = HELD, [factories.role(cast.aozora, "Night shift", "user_viewer")]
    db.session.commit()
    return membership


CHANGES: dict[str, Callable[[PortalClient, Membership], Any]] = {
    "made a power user": lambda browser, one: browser.submit(f"{BASE}/edit/{one.id}", offered(type="power", sure="1")),
    "other authorities": lambda browser, one: browser.submit(
        f"{BASE}/edit/{one.id}", offered(authorities=["project_viewer"], roles=[one.roles[0].id], sure="1")
    ),
    "a role taken": lambda browser, one: browser.submit(f"{BASE}/take-role/{one.id}", {"role": one.roles[0].id}, page=BASE + "/list/"),
    "suspended": lambda browser, one: browser.submit(f"{BASE}/suspension/{one.id}", {"reason": "休職"}),
    "removed": lambda browser, one: browser.submit(f"{BASE}/delete/{one.id}"),
}


def standing(who: Account) -> tuple[Any, ...]:
    one = of(who)
    return (one.type, one.authorities, [role.name for role in one.roles], one.is_suspended) if one else ()


@pytest.mark.parametrize("change", CHANGES)
def test_makes_everything_as_it_was(tanaka: PortalClient, cast: Cast, smith: Membership, change: str) -> None:
    """B-78, BEYOND 7: type, roles, authorities, suspension, removal; the log tells both ways."""
    before = standing(cast.smith)
    CHANGES[change](tanaka, smith)
    line = last()
    assert standing(cast.smith) != before
    shown = tanaka.get(f"/o/aozora/activity/show/{line.id}").get_data(as_text=True)
    assert path(line) in shown
    assert tanaka.get(path(line)).status_code == 200
    assert standing(cast.smith) != before, "looking changes nothing"
    assert take_back(tanaka, line) == 302
    assert standing(cast.smith) == before
    taking_back = last()
    assert (taking_back.undoes_id, taking_back.actor_id) == (line.id, cast.tanaka.id)
    former = tanaka.get(f"/o/aozora/activity/show/{line.id}").get_data(as_text=True)
    latter = tanaka.get(f"/o/aozora/activity/show/{taking_back.id}").get_data(as_text=True)
    assert f'href="/o/aozora/activity/show/{taking_back.id}"' in former
    assert f'href="/o/aozora/activity/show/{line.id}"' in latter
    assert path(line) not in former


def test_takes_a_reinstatement_back_with_the_former_reason(tanaka: PortalClient, cast: Cast, smith: Membership) -> None:
    CHANGES["suspended"](tanaka, smith)
    tanaka.submit(f"{BASE}/action/reinstate/{smith.id}", page=BASE + "/list/")
    assert take_back(tanaka, last()) == 302
    again = of(cast.smith)
    assert again
    assert (again.is_suspended, again.suspended_reason) == (True, "休職")


def test_brings_a_suspended_member_back_suspended(tanaka: PortalClient, cast: Cast) -> None:
    """Nobody is let in by being removed and brought back."""
    tanaka.submit(f"{BASE}/delete/{cast.membership(cast.sato).id}")
    assert take_back(tanaka, last()) == 302
    again = of(cast.sato)
    assert again
    assert (again.is_suspended, again.suspended_reason) == (True, "On leave")


def test_can_itself_be_taken_back(tanaka: PortalClient, cast: Cast, smith: Membership) -> None:
    CHANGES["made a power user"](tanaka, smith)
    take_back(tanaka, last())
    assert take_back(tanaka, last()) == 302
    assert standing(cast.smith)[0] is MemberType.POWER


def test_finds_roles_under_their_new_name(tanaka: PortalClient, cast: Cast, smith: Membership) -> None:
    CHANGES["a role taken"](tanaka, smith)
    line = last()
    db.session.query(MemberRole).filter_by(name="Night shift").one().name = "Late shift"
    db.session.commit()
    assert take_back(tanaka, line) == 302
    assert standing(cast.smith)[2] == ["Late shift"]


def test_understands_lines_from_before_ids_were_kept(tanaka: PortalClient, cast: Cast, smith: Membership, now: datetime) -> None:
    changes = {"roles": [["Viewer"], ["Night shift"]]}
    line = activity.record(catalogue.MEMBER_EDITED, now=now, by=cast.tanaka, organization=cast.aozora, subject=smith, changes=changes)
    db.session.commit()
    assert take_back(tanaka, line) == 302
    assert standing(cast.smith)[2] == ["Viewer"]


def test_tells_the_member_by_letter(tanaka: PortalClient, cast: Cast, smith: Membership, letters: Letters) -> None:
    CHANGES["removed"](tanaka, smith)
    take_back(tanaka, last())
    assert [one.kind for one in letters(to=cast.smith.email)] == ["membership_removed", "membership_added"]


# what it refuses


def refusal(browser: PortalClient, line: Activity) -> str:
    """What is said in refusal, on the page and after the press alike; nothing changes."""
    before = fingerprint()
    page, answer = browser.get(path(line)), browser.submit(path(line), page="/profile/")
    assert fingerprint() == before
    assert answer.status_code in (403, 409, 410)
    shown = page.get_data(as_text=True)
    assert "<form method=\"post\"" not in shown[shown.index("<main"):]
    return " ".join(answer.get_data(as_text=True).split())


def test_refuses_twice(tanaka: PortalClient, smith: Membership) -> None:
    CHANGES["suspended"](tanaka, smith)
    line = last()
    take_back(tanaka, line)
    assert "taken back already, by 田中 太郎" in refusal(tanaka, line)


@pytest.mark.parametrize(("first", "then", "what"), [
    ("other authorities", "other", "Authorities"), ("made a power user", "removed", "Membership"), ("suspended", "removed", "Membership"),
])
def test_refuses_where_the_same_was_changed_since_and_says_who(
    tanaka: PortalClient, cast: Cast, smith: Membership, second: Account, as_: As, first: str, then: str, what: str
) -> None:
    CHANGES[first](tanaka, smith)
    line, other = last(), as_(second)
    if then == "other":
        other.submit(f"{BASE}/edit/{smith.id}", offered(authorities=["inquiry_user"], roles=[smith.roles[0].id], sure="1"))
        assert f"changed again since, by 加藤 真理子: {what}" in refusal(tanaka, line)
    else:
        CHANGES[then](other, smith)
        assert "no longer there to change" in refusal(tanaka, line)


def test_lets_alone_what_was_changed_beside_it(tanaka: PortalClient, cast: Cast, smith: Membership) -> None:
    CHANGES["a role taken"](tanaka, smith)
    line = last()
    tanaka.submit(f"{BASE}/edit/{smith.id}", offered(authorities=["inquiry_user"], sure="1"))
    assert take_back(tanaka, line) == 302
    assert standing(cast.smith)[1:3] == (frozenset({"inquiry_user"}), ["Night shift"])


def test_refuses_what_happened_over_thirty_days_ago(tanaka: PortalClient, cast: Cast, smith: Membership, now: datetime) -> None:
    smith.suspended_at = now
    lines = [
        activity.record(catalogue.MEMBER_SUSPENDED, now=now - timedelta(days=days, minutes=1), by=None, organization=cast.aozora, subject=smith, reason="")
        for days in (30, 29)
    ]
    db.session.commit()
    assert "more than 30 days ago" in refusal(tanaka, lines[0])
    assert take_back(tanaka, lines[1]) == 302


def test_refuses_roles_that_were_deleted_since(tanaka: PortalClient, smith: Membership) -> None:
    CHANGES["a role taken"](tanaka, smith)
    line = last()
    db.session.delete(db.session.query(MemberRole).filter_by(name="Night shift").one())
    db.session.commit()
    assert "deleted since: Night shift" in refusal(tanaka, line)


def test_takes_no_later_role_for_one_that_was_deleted(tanaka: PortalClient, cast: Cast, smith: Membership) -> None:
    """D-1: SQLite gives a new role the id of the newest that was deleted; whoever made it decides what it allows."""
    CHANGES["a role taken"](tanaka, smith)
    line, gone = last(), db.session.query(MemberRole).filter_by(name="Night shift").one()
    gone_id = gone.id
    db.session.delete(gone)
    db.session.commit()
    another = MemberRole(
        id=gone_id, organization_id=cast.aozora.id, name="Everything", authorities=frozenset({"contract_manager"}),
        created_at=line.happened_at + timedelta(seconds=1),
    )
    db.session.add(another)
    db.session.commit()
    assert "deleted since: Night shift" in refusal(tanaka, line)
    assert take_back(tanaka, line) == 409
    assert not of(cast.smith).roles


def test_refuses_for_an_account_that_is_gone(tanaka: PortalClient, cast: Cast, smith: Membership) -> None:
    CHANGES["removed"](tanaka, smith)
    line = last()
    db.session.delete(cast.smith)
    db.session.commit()
    assert "Smith John is no longer there to change" in refusal(tanaka, line)


def test_refuses_what_goes_beyond_ones_own_authorities(tanaka: PortalClient, cast: Cast, co_admin: Account, second: Account, as_: As) -> None:
    """D-1: taking back gives what the actor does not hold."""
    membership = of(second)
    assert membership
    tanaka.submit(f"{BASE}/edit/{membership.id}", offered(authorities=["user_viewer"], sure="1"))
    line = last()
    cast.membership(co_admin).authorities = frozenset({"activity_viewer"})
    db.session.commit()
    assert as_(co_admin).submit(path(line), page="/profile/").status_code == 403
    assert standing(second)[0] is MemberType.GENERAL


def test_refuses_to_leave_no_power_user(tanaka: PortalClient, cast: Cast, smith: Membership, as_: As) -> None:
    """D-2."""
    CHANGES["made a power user"](tanaka, smith)
    line = last()
    cast.membership(cast.tanaka).suspended_at = factories.NOW
    db.session.commit()
    assert as_(cast.root).submit(path(line), page="/profile/").status_code == 409
    assert standing(cast.smith)[0] is MemberType.POWER


def test_asks_for_proof_before_somebody_becomes_a_power_user(tanaka: PortalClient, cast: Cast, second: Account) -> None:
    """Issue 4, step up: promoting, by whatever way."""
    membership = of(second)
    assert membership
    tanaka.submit(f"{BASE}/edit/{membership.id}", offered(authorities=["user_viewer"], sure="1"))
    line = last()
    db.session.query(AccountSession).update({"proved_at": factories.NOW - timedelta(days=1)})
    db.session.commit()
    assert take_back(tanaka, line) != 302
    assert standing(second)[0] is MemberType.GENERAL


def test_is_404_for_other_lines(tanaka: PortalClient, cast: Cast, now: datetime) -> None:
    line = activity.record(catalogue.SIGNED_OUT, now=now, by=cast.tanaka, organization=cast.aozora, subject=cast.tanaka)
    db.session.commit()
    assert tanaka.get(path(line)).status_code == 404
    assert take_back(tanaka, line) == 404


def test_is_for_those_who_manage_members_and_may_see_the_log(tanaka: PortalClient, cast: Cast, smith: Membership, as_: As, client: PortalClient) -> None:
    CHANGES["suspended"](tanaka, smith)
    line = last()
    own = cast.membership(cast.suzuki)
    for held, status in (({"member_manager"}, 403), ({"activity_viewer"}, 403), ({"user_viewer"}, 403)):
        own.authorities = frozenset(held)
        db.session.commit()
        assert as_(cast.suzuki).get(path(line)).status_code == status
        assert take_back(as_(cast.suzuki), line) == status
    assert as_(cast.yamada).get(path(line)).status_code == 404
    assert as_(cast.yamada).get(path(line).replace("aozora", "minato")).status_code == 404
    assert client.get(path(line)).location.startswith("/login/")
    assert standing(cast.smith)[3]
    assert take_back(as_(cast.root), line) == 302
    assert last().as_platform


def test_happens_once_when_two_press_at_once(each_app: Flask) -> None:
    cast = people.assemble()
    smith, tanaka = cast.membership(cast.smith), cast.membership(cast.tanaka)
    members.edit(smith, offer=Offer(authorities=HELD), by=factories.seat(tanaka), now=factories.NOW)
    db.session.commit()
    ids = last().id, tanaka.id

    def press() -> None:
        line, own = db.session.get_one(Activity, ids[0]), db.session.get_one(Membership, ids[1])
        undoing.undo(line, own.organization, by=factories.seat(own), now=factories.NOW)
        db.session.commit()

    outcomes = at_once(each_app, press, press)
    assert sorted(type(one) for one in outcomes if isinstance(one, Refusal)) == [undoing.UndoneAlready]
    assert [line.undoes_id for line in events() if line.undoes_id] == [ids[0]]
