"""What power users hear of each other. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.access.authorities import Authority
from app.access.seat import Seat
from app.extensions import db
from app.invites import answering
from app.member_roles import deleting
from app.member_roles import service as roles
from app.memberships import joining
from app.memberships import service as members
from app.models import Account, Activity, MemberType
from app.offers.offer import Offer
from app.two_factor import resetting
from app.undo import service as undo
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.oversight.conftest import Heard, Letters
from tests.two_factor.conftest import Phone

POWER, RULING = Offer(MemberType.POWER), frozenset({Authority.MEMBER_MANAGER})


def lines(event: str) -> list[Activity]:
    return list(db.session.scalars(select(Activity).where(Activity.event == event)))


def test_tells_the_others_of_a_new_power_user(
    cast: Cast, ito: Account, by: Seat, heard: Heard, letters: Letters, now: datetime
) -> None:
    """T2-111: by name, with the log; neither the actor nor the outsider hears of it."""
    members.edit(cast.membership(cast.smith), offer=POWER, by=by, now=now)
    assert heard() == [("power_user_made", ito.email)]
    [letter] = letters("power_user_made")
    assert "特権ユーザー" in letter.subject
    assert cast.smith.email in letter.text and cast.tanaka.email in letter.text
    assert f"http://localhost/o/aozora/activity/list/?about={cast.smith.id}" in letter.text


def test_tells_of_a_power_user_who_accepted_an_invitation(
    cast: Cast, ito: Account, heard: Heard, now: datetime
) -> None:
    """T2-111: the inviter has a letter of the answer already."""
    invite, _token = factories.invite(
        cast.aozora, cast.newcomer.email, cast.tanaka, type=MemberType.POWER, sent_at=now
    )
    answering.accept(invite, account=cast.newcomer, by_link=True, now=now)
    assert heard() == [("power_user_made", ito.email)]


@pytest.mark.parametrize("how", ["single", "role", "added"])
def test_tells_of_administrative_authorities_however_they_are_given(
    cast: Cast, ito: Account, by: Seat, heard: Heard, letters: Letters, now: datetime, how: str
) -> None:
    """T2-111"""
    night = factories.role(cast.aozora, "Night", *RULING)
    if how == "added":
        joining.join(cast.aozora, cast.newcomer, offer=Offer(roles=(night,)), by=by, now=now)
    elif how == "role":
        members.add_role(cast.membership(cast.smith), night, by=by, now=now)
    else:
        offer = Offer(authorities=RULING)
        members.edit(cast.membership(cast.smith), offer=offer, by=by, now=now)
    assert heard() == [("administration_given", ito.email)]
    assert "管理権限: " in letters("administration_given")[0].text


def test_says_nothing_of_ordinary_authorities(
    cast: Cast, by: Seat, heard: Heard, now: datetime
) -> None:
    """T2-111: nor of one that somebody held already."""
    smith = cast.membership(cast.smith)
    viewing = frozenset({Authority.PROJECT_EDITOR})
    members.edit(smith, offer=Offer(authorities=viewing), by=by, now=now)
    smith.authorities = RULING
    db.session.commit()
    members.edit(smith, offer=Offer(authorities=viewing | RULING), by=by, now=now)
    assert heard() == []


@pytest.mark.parametrize("verb", ["edit", "replace"])
def test_tells_of_a_role_that_became_administrative(
    cast: Cast, ito: Account, by: Seat, heard: Heard, letters: Letters, now: datetime, verb: str
) -> None:
    """T2-111: where somebody holds it."""
    night = factories.role(cast.aozora, "Night", Authority.PROJECT_EDITOR)
    cast.membership(cast.smith).roles = [night]
    db.session.commit()
    if verb == "edit":
        how = {"name": "Night", "description": "", "authorities": RULING}
        roles.edit(night, cast.aozora, **how, by=by, now=now)
    else:
        chief = factories.role(cast.aozora, "Chief", *RULING)
        deleting.delete(night, cast.aozora, replacement=chief, by=by, now=now)
    assert heard() == [("administration_given", ito.email)]
    name = "Night" if verb == "edit" else "Chief"
    assert f"ロール「{name}」のメンバー（1名）" in letters("administration_given")[0].text


def test_tells_of_a_reset_once_and_not_of_ones_own(
    cast: Cast,
    ito: Account,
    by: Seat,
    heard: Heard,
    phone: Callable[..., Phone],
    now: datetime,
) -> None:
    """T2-111: also where both belong to two organizations."""
    for who, power in ((ito, True), (cast.smith, False)):
        factories.membership(who, cast.minato, power=power)
    phone(cast.smith, now)
    phone(cast.suzuki, now)
    resetting.reset(cast.smith, by=by, now=now)
    assert sorted(heard()) == [
        ("member_factor_reset", ito.email),
        ("member_factor_reset", cast.yamada.email),
    ]
    before = len(heard())
    resetting.reset(cast.suzuki, by=cast.suzuki, now=now)
    assert len(heard()) == before


def test_tells_of_a_batch_in_one_letter(
    cast: Cast,
    ito: Account,
    heard: Heard,
    letters: Letters,
    as_: Callable[[Account], PortalClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """T2-111: also where it is committed in parts."""
    monkeypatch.setattr("app.batches.slices.MOST", 1)
    ids = [str(cast.membership(one).id) for one in (cast.smith, cast.suzuki, cast.sato)]
    rows = {"action": "remove", "rowid": ids}
    as_(cast.tanaka).act("/o/aozora/members/action_post", rows, page="/profile/")
    assert heard() == [("member_was_removed", ito.email)]
    [letter] = letters("member_was_removed")
    assert all(one.email in letter.text for one in (cast.smith, cast.suzuki, cast.sato))


def test_tells_of_what_undo_gives_back(
    cast: Cast, ito: Account, by: Seat, heard: Heard, now: datetime
) -> None:
    """T2-111"""
    smith = cast.membership(cast.smith)
    smith.type = MemberType.POWER
    db.session.commit()
    members.remove(smith, by=by, now=now)
    db.session.commit()
    undo.undo(lines("member_removed")[0], cast.aozora, by=by, now=now)
    assert heard() == [("member_was_removed", ito.email), ("power_user_made", ito.email)]


def test_forgets_what_was_refused_or_taken_back(
    cast: Cast, by: Seat, heard: Heard, now: datetime
) -> None:
    """T2-111: a letter leaves only with what it tells."""
    smith = cast.membership(cast.smith)
    attempt = db.session.begin_nested()
    members.remove(smith, by=by, now=now)
    attempt.rollback()
    assert heard() == []
    members.edit(smith, offer=POWER, by=by, now=now)
    db.session.rollback()
    assert heard() == []


@pytest.mark.parametrize("switch", ["notifications", "power_notifications"])
def test_keeps_them_from_those_who_switched_them_off(
    cast: Cast, ito: Account, by: Seat, heard: Heard, now: datetime, switch: str
) -> None:
    """T2-111"""
    setattr(ito, switch, False)
    members.remove(cast.membership(cast.smith), by=by, now=now)
    assert heard() == []


def test_never_fails_an_act_for_the_address_of_a_reader(
    cast: Cast, ito: Account, by: Seat, heard: Heard, now: datetime
) -> None:
    """T2-111"""
    ito.email = "ito@" + "x" * 70 + ".example"
    members.remove(cast.membership(cast.smith), by=by, now=now)
    assert heard() == []
    assert lines("member_removed")


def test_offers_the_switch_to_power_users_alone(
    cast: Cast, as_: Callable[[Account], PortalClient]
) -> None:
    """T2-111: in the profile; somebody else's form cannot turn it."""
    assert "Letters to power users" in as_(cast.tanaka).get("/profile/").get_data(as_text=True)
    assert "Letters to power users" not in as_(cast.smith).get("/profile/").get_data(as_text=True)
    names = {"family_name": "田中", "language": "en", "time_zone": "Asia/Tokyo"}
    for who in (cast.tanaka, cast.smith):
        as_(who).submit("/profile/", names | {"notifications": "y"})
    db.session.expire_all()
    assert not cast.tanaka.power_notifications and cast.smith.power_notifications


def test_tells_nothing_of_a_past_that_is_brought_in(
    cast: Cast, by: Seat, heard: Heard, now: datetime
) -> None:
    """T2-111: such as the demo's."""
    members.edit(cast.membership(cast.smith), offer=POWER, by=by, now=now - timedelta(days=30))
    assert heard() == []
