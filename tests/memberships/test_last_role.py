"""Taking a member's last role away asks first, for the member goes with it (S4-18, D-C7). It …"""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask

from app.access.authorities import Authority
from app.extensions import db
from app.memberships import service as members
from app.memberships.service import NothingLeft
from app.models import Account, MemberRole, Membership
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, at_once
from tests.members.conftest import (
    BASE,
    As,
    built_in,
    events,
    fingerprint,
    is_member,
    of,
    roles_of,
    text,
)


def test_asks_before_the_last_role_and_with_it_the_member_goes(
    tanaka: PortalClient, cast: Cast, viewer: int
) -> None:
    """S4-18, D-C7."""
    role = str(built_in("viewer").id)
    answer = tanaka.submit(f"{BASE}/take-role/{viewer}", {"role": role}, page=f"{BASE}/list/")
    assert answer.location == f"{BASE}/last-role/{viewer}?role={role}"
    assert is_member(cast.smith, cast.aozora)
    question = text(tanaka, answer.location)
    assert "Viewer is the only role of this member" in question
    assert is_member(cast.smith, cast.aozora), "asking removes nobody"
    tanaka.submit(f"{BASE}/last-role/{viewer}", {"role": role}, page=answer.location)
    assert not is_member(cast.smith, cast.aozora)
    [line] = events("member_removed")
    assert (line.subject_id, line.details["roles"]) == (cast.smith.id, ["Viewer"])


def test_can_be_undone_from_the_sentence_that_tells_of_it(
    tanaka: PortalClient, cast: Cast, viewer: int
) -> None:
    """D-C7, T2-40: one press brings the member back, with the role."""
    role = str(built_in("viewer").id)
    told = tanaka.submit(
        f"{BASE}/last-role/{viewer}", {"role": role}, page=f"{BASE}/list/", follow_redirects=True
    ).get_data(as_text=True)
    assert "John Smith was removed." in told
    [undo] = re.findall(r'action="(/o/aozora/activity/undo/\d+)"', told)
    tanaka.submit(undo, page="/profile/")
    assert roles_of(cast.smith) == ["Viewer"]


def test_keeps_the_member_who_got_another_role_meanwhile(
    tanaka: PortalClient, cast: Cast, viewer: int, desk: MemberRole
) -> None:
    """D-C7: the question is about the only role; it no longer is."""
    cast.membership(cast.smith).roles.append(desk)
    before = fingerprint()
    answer = tanaka.submit(
        f"{BASE}/last-role/{viewer}", {"role": str(built_in("viewer").id)}, page=f"{BASE}/list/"
    )
    assert answer.location == f"{BASE}/show/{viewer}"
    assert fingerprint() == before


@pytest.mark.parametrize("left", ["authorities", "power"])
def test_asks_nothing_where_something_is_left(
    tanaka: PortalClient, cast: Cast, second: Account, viewer: int, left: str
) -> None:
    """D-C7: only a general member who then holds neither role nor authority goes."""
    who = cast.smith if left == "authorities" else second
    membership = of(who)
    assert membership
    membership.roles = [built_in("viewer")]
    membership.authorities = (
        frozenset({Authority.BILLING_VIEWER}) if left == "authorities" else frozenset()
    )
    tanaka.submit(
        f"{BASE}/take-role/{membership.id}",
        {"role": str(built_in("viewer").id)},
        page=f"{BASE}/list/",
    )
    assert is_member(who, cast.aozora)
    assert roles_of(who) == []


def test_removes_nobody_above_oneself_with_the_last_role(
    as_: As, co_admin: Account, cast: Cast, desk: MemberRole
) -> None:
    """D-1, D-C7."""
    membership = cast.membership(cast.smith)
    desk.authorities = frozenset({"role_manager"})
    membership.roles = [desk]
    before = fingerprint()
    told = as_(co_admin).submit(
        f"{BASE}/last-role/{membership.id}",
        {"role": str(desk.id)},
        page=f"{BASE}/list/",
        follow_redirects=True,
    )
    assert "You need “Role Manager” to change this person." in told.get_data(as_text=True)
    assert fingerprint() == before


def test_takes_the_last_role_of_nobody_unasked_when_two_take_one_each(
    each_app: Flask, now: datetime
) -> None:
    """D-C7: whoever comes second sees what is left, not what their page showed."""
    made = people.assemble()
    viewer, tanaka = made.membership(made.smith), made.membership(made.tanaka)
    viewer.roles = [
        built_in("viewer"),
        factories.role(made.aozora, "Help desk", Authority.INQUIRY_USER),
    ]
    db.session.commit()
    member, by, ids = viewer.id, tanaka.id, [role.id for role in viewer.roles]
    db.session.remove()

    def taking(role: int) -> bool:
        one, seat = (
            db.session.get_one(Membership, member),
            factories.seat(db.session.get_one(Membership, by)),
        )
        taken = members.remove_role(one, db.session.get_one(MemberRole, role), by=seat, now=now)
        db.session.commit()
        return taken

    stale = db.session.get_one(Membership, member)
    assert len(stale.roles) == 2
    assert at_once(each_app, lambda: taking(ids[0])) == [True]
    with pytest.raises(NothingLeft):
        taking(ids[1])
    db.session.rollback()
    assert [role.id for role in db.session.get_one(Membership, member).roles] == [ids[1]]
