"""Roles one by one, in the list and on a member's page: + gives, × takes away
(S4-16…S4-18). It …"""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask

from app.access.authorities import Authority
from app.extensions import db
from app.members import service as members
from app.members.service import NothingLeft
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
    text,
)


@pytest.fixture
def smith(cast: Cast) -> int:
    """smith's membership, with the role Viewer."""
    membership = cast.membership(cast.smith)
    membership.roles = [built_in("viewer")]
    return membership.id


def roles_of(who: Account) -> list[str]:
    membership = of(who)
    return sorted(role.name for role in membership.roles) if membership else []


def test_opens_the_available_roles_in_the_row(
    tanaka: PortalClient, smith: int, desk: MemberRole
) -> None:
    """S4-16: + leads to the same list with this row's menu open, filters and all."""
    page = text(tanaka, "/list/?type=general&page_size=50")
    [link] = re.findall(r'data-give="([^"]*)"', page)
    assert link == "?type=general&amp;page_size=50&amp;give=0#give"
    opened = text(tanaka, f"/list/{link.replace('&amp;', '&').replace('give=0', f'give={smith}')}")
    offers = re.findall(
        r'name="role" value="(\d+)" formaction="([^"]+)"',
        opened.split('id="give"')[1].split("</details>")[0],
    )
    assert (str(desk.id), f"{BASE}/give-role/{smith}") in offers
    assert str(built_in("viewer").id) not in dict(offers), (
        "what the member has is not offered again"
    )


def test_gives_a_role_from_the_list_and_comes_back_to_it(
    tanaka: PortalClient, cast: Cast, smith: int, desk: MemberRole
) -> None:
    """S4-16, S4-12."""
    back = f"{BASE}/list/?type=general"
    answer = tanaka.submit(
        f"{BASE}/give-role/{smith}", {"role": str(desk.id), "next": back}, page=back
    )
    assert answer.location == back
    assert roles_of(cast.smith) == ["Help desk", "Viewer"]
    assert "John Smith now has the role Help desk." in text(tanaka, back)


def test_takes_a_role_away_from_the_list(
    tanaka: PortalClient, cast: Cast, smith: int, desk: MemberRole
) -> None:
    """S4-17."""
    cast.membership(cast.smith).roles.append(desk)
    page = text(tanaka, "/list/?q=smith")
    assert f"data-role={desk.id}><span>" in page
    assert f'data-take="{BASE}/take-role/0"' in page
    assert f'name="role" value="{desk.id}" formaction="{BASE}/take-role/{smith}"' in text(
        tanaka, f"/list/?give={smith}"
    )
    tanaka.submit(f"{BASE}/take-role/{smith}", {"role": str(desk.id)}, page=f"{BASE}/list/")
    assert roles_of(cast.smith) == ["Viewer"]


def test_offers_both_on_the_member_s_page(
    tanaka: PortalClient, smith: int, desk: MemberRole
) -> None:
    page = text(tanaka, f"/show/{smith}")
    assert f'action="{BASE}/take-role/{smith}"' in page
    assert f'action="{BASE}/give-role/{smith}"' in page


def test_shows_a_user_viewer_neither(as_: As, cast: Cast, smith: int) -> None:
    """S0-35."""
    for path in ("/list/", f"/list/?give={smith}", f"/show/{smith}"):
        page = text(as_(cast.suzuki), path)
        assert "take-role" not in page
        assert "give-role" not in page
        assert 'class="add"' not in page


def test_offers_only_roles_that_one_may_give(
    as_: As, co_admin: Account, smith: int, desk: MemberRole
) -> None:
    """D-1, S3-03: a Co-admin makes nobody an Admin."""
    page = text(as_(co_admin), f"/list/?give={smith}")
    menu = page.split('id="give"')[1].split("</details>")[0]
    assert "Asset manager" in menu
    assert ">Admin<" not in menu
    assert ">Help desk<" in menu, "ordinary, held or not"


def test_asks_before_the_last_role_and_with_it_the_member_goes(
    tanaka: PortalClient, cast: Cast, smith: int
) -> None:
    """S4-18, D-C7."""
    role = str(built_in("viewer").id)
    answer = tanaka.submit(f"{BASE}/take-role/{smith}", {"role": role}, page=f"{BASE}/list/")
    assert answer.location == f"{BASE}/last-role/{smith}?role={role}"
    assert is_member(cast.smith, cast.aozora)
    question = text(tanaka, answer.location)
    assert "Viewer is the only role of this member" in question
    assert is_member(cast.smith, cast.aozora), "asking removes nobody"
    tanaka.submit(f"{BASE}/last-role/{smith}", {"role": role}, page=answer.location)
    assert not is_member(cast.smith, cast.aozora)
    [line] = events("member_removed")
    assert (line.subject_id, line.details["roles"]) == (cast.smith.id, ["Viewer"])


def test_can_be_undone_from_the_sentence_that_tells_of_it(
    tanaka: PortalClient, cast: Cast, smith: int
) -> None:
    """D-C7, T2-40: one press brings the member back, with the role."""
    role = str(built_in("viewer").id)
    told = tanaka.submit(
        f"{BASE}/last-role/{smith}", {"role": role}, page=f"{BASE}/list/", follow_redirects=True
    ).get_data(as_text=True)
    assert "John Smith was removed." in told
    [undo] = re.findall(r'action="(/o/aozora/activity/undo/\d+)"', told)
    tanaka.submit(undo, page="/profile/")
    assert roles_of(cast.smith) == ["Viewer"]


def test_keeps_the_member_who_got_another_role_meanwhile(
    tanaka: PortalClient, cast: Cast, smith: int, desk: MemberRole
) -> None:
    """D-C7: the question is about the only role; it no longer is."""
    cast.membership(cast.smith).roles.append(desk)
    before = fingerprint()
    answer = tanaka.submit(
        f"{BASE}/last-role/{smith}", {"role": str(built_in("viewer").id)}, page=f"{BASE}/list/"
    )
    assert answer.location == f"{BASE}/show/{smith}"
    assert fingerprint() == before


@pytest.mark.parametrize("left", ["authorities", "power"])
def test_asks_nothing_where_something_is_left(
    tanaka: PortalClient, cast: Cast, second: Account, smith: int, left: str
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


@pytest.mark.parametrize("path", ["give-role", "take-role", "last-role"])
def test_knows_no_role_of_another_organization(
    tanaka: PortalClient, cast: Cast, smith: int, path: str
) -> None:
    """S0-01."""
    foreign = factories.role(cast.minato, "Harbour", "billing_viewer")
    before = fingerprint()
    for role in (str(foreign.id), "99999", "x", ""):
        assert (
            tanaka.submit(
                f"{BASE}/{path}/{smith}", {"role": role}, page=f"{BASE}/list/"
            ).status_code
            == 404
        )
    assert fingerprint() == before


def test_lists_two_roles_and_how_many_more(
    tanaka: PortalClient, cast: Cast, smith: int, desk: MemberRole
) -> None:
    cast.membership(cast.smith).roles += [desk, built_in("editor")]
    page = text(tanaka, "/list/?q=smith")
    assert ">+1</span>" in page
    assert "+1" not in text(tanaka, f"/list/?q=smith&give={smith}"), (
        "with the menu open all of them can be taken away"
    )


def test_removes_nobody_for_a_head(tanaka: PortalClient, cast: Cast, smith: int) -> None:
    """No token is asked of a HEAD, so it may do what a GET does."""
    assert tanaka.head(f"{BASE}/last-role/{smith}?role={built_in('viewer').id}").status_code == 200
    assert is_member(cast.smith, cast.aozora)


def test_takes_the_last_role_of_nobody_unasked_when_two_take_one_each(
    each_app: Flask, now: datetime
) -> None:
    """D-C7: whoever comes second sees what is left, not what their page showed."""
    made = people.assemble()
    smith, tanaka = made.membership(made.smith), made.membership(made.tanaka)
    smith.roles = [
        built_in("viewer"),
        factories.role(made.aozora, "Help desk", Authority.INQUIRY_USER),
    ]
    db.session.commit()
    member, by, ids = smith.id, tanaka.id, [role.id for role in smith.roles]
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
