"""Nobody gives above themselves by editing a role (D-1). It …"""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Update, update

from app.access.granting import AboveYourself
from app.extensions import db
from app.kernel.errors import Forbidden
from app.member_roles import deleting
from app.member_roles import service as roles
from app.models import Account, InviteStatus, MemberRole, Membership
from tests import factories
from tests.cast import Cast
from tests.member_roles.conftest import As, SeatOf
from tests.member_roles.editing import TYPED, UNTOUCHED, as_kept, path


def test_lets_a_role_manager_change_what_they_hold_themselves(
    role_manager: Account, as_: As, desk: MemberRole
) -> None:
    assert (
        as_(role_manager)
        .submit(path(desk), TYPED | {"authorities": ["inquiry_user", "user_viewer"], "sure": "1"})
        .status_code
        == 302
    )
    assert as_kept(desk)[2] == {"inquiry_user", "user_viewer"}


def test_lets_a_role_manager_put_in_what_is_ordinary_held_or_not(
    role_manager: Account, cast: Cast, as_: As, desk: MemberRole
) -> None:
    """D-1: of others; who holds the role themselves gains nothing by it."""
    typed = TYPED | {"authorities": ["inquiry_user", "contract_manager"], "sure": "1"}
    cast.membership(role_manager).roles.append(desk)
    answer = as_(role_manager).submit(path(desk), typed)
    assert answer.status_code == 403
    assert "You cannot give yourself “Contract Manager”." in answer.get_data(as_text=True)
    assert as_kept(desk) == UNTOUCHED
    cast.membership(role_manager).roles.remove(desk)
    db.session.commit()
    assert as_(role_manager).submit(path(desk), typed).status_code == 302
    assert as_kept(desk)[2] == {"inquiry_user", "contract_manager"}


@pytest.mark.parametrize("beyond", ["member_manager", "settings_manager", "activity_viewer"])
def test_gives_nobody_more_than_the_editor_has(
    role_manager: Account, as_: As, desk: MemberRole, beyond: str
) -> None:
    """D-1."""
    answer = as_(role_manager).submit(path(desk), TYPED | {"authorities": ["inquiry_user", beyond]})
    assert answer.status_code == 403
    assert "to give it to someone." in answer.get_data(as_text=True)
    assert as_kept(desk) == UNTOUCHED


def test_raises_nobody_who_holds_the_role_themselves(
    cast: Cast, role_manager: Account, as_: As, desk: MemberRole
) -> None:
    """D-1: not even oneself, by editing a role one holds."""
    cast.membership(role_manager).roles.append(desk)
    assert (
        as_(role_manager)
        .submit(path(desk), TYPED | {"authorities": ["member_manager"]})
        .status_code
        == 403
    )
    assert as_kept(desk) == UNTOUCHED


def test_does_not_even_weaken_a_role_above_the_editor(
    cast: Cast, role_manager: Account, as_: As
) -> None:
    """D-1, S3-03: what holds more than the editor is out of reach, by page, by POST and in the
    verb.
    """
    boss = factories.role(cast.aozora, "Boss", "member_manager", "user_viewer")
    browser = as_(role_manager)
    assert browser.get(path(boss)).status_code == 403
    assert path(boss) not in browser.get(f"/o/aozora/roles/show/{boss.id}").get_data(as_text=True)
    assert browser.submit(path(boss), TYPED, page="/").status_code == 403
    assert as_kept(boss) == ("Boss", "", frozenset({"member_manager", "user_viewer"}))


def test_sees_what_the_role_holds_by_now(
    cast: Cast, role_manager: Account, seat_of: SeatOf, desk: MemberRole, now: datetime
) -> None:
    """D-1 against two requests at once: the role gained an authority since it was read."""
    seat = seat_of(role_manager)
    assert desk.authorities == {"inquiry_user"}
    elsewhere(
        update(MemberRole)
        .where(MemberRole.id == desk.id)
        .values(authorities={"inquiry_user", "member_manager"})
    )
    with pytest.raises(AboveYourself):
        roles.edit(desk, cast.aozora, name="Desk", description="", authorities=[], by=seat, now=now)


def test_sees_what_the_editor_holds_by_now(
    cast: Cast, role_manager: Account, seat_of: SeatOf, desk: MemberRole, now: datetime
) -> None:
    """D-1 against two requests at once: the editor lost an authority since they were let in."""
    seat = seat_of(role_manager)
    assert "role_manager" in seat.authorities
    elsewhere(
        update(Membership)
        .where(Membership.account_id == role_manager.id)
        .values(authorities={"inquiry_user"})
    )
    with pytest.raises(Forbidden):
        roles.edit(
            desk,
            cast.aozora,
            name="Desk",
            description="",
            authorities=["inquiry_user"],
            by=seat,
            now=now,
        )


def elsewhere(change: Update) -> None:
    """What another request did in the meantime, unseen by what this one has read."""
    db.session.execute(change, execution_options={"synchronize_session": False})


@pytest.mark.parametrize("end", ["edit", "delete"])
def test_cancels_what_its_holders_promised_beyond_what_they_may_give_then(
    cast: Cast, seat_of: SeatOf, desk: MemberRole, now: datetime, end: str
) -> None:
    """D-1, T2-96: what is guarded, or all of it with the right to invite."""
    desk.authorities = frozenset({"role_manager"})
    cast.membership(cast.suzuki).authorities = frozenset({"member_manager"})
    cast.membership(cast.suzuki).roles.append(desk)
    higher, _token = factories.invite(
        cast.aozora, "higher@example.com", cast.suzuki, authorities=desk.authorities
    )
    lower, _token = factories.invite(cast.aozora, "lower@example.com", cast.suzuki)
    other, _token = factories.invite(
        cast.aozora, "other@example.com", cast.tanaka, authorities=desk.authorities
    )
    db.session.flush()
    if end == "edit":
        roles.edit(
            desk,
            cast.aozora,
            name=desk.name,
            description="",
            authorities=[],
            by=seat_of(cast.tanaka),
            now=now,
        )
    else:
        deleting.delete(desk, cast.aozora, without=True, by=seat_of(cast.tanaka), now=now)
    assert [one.status for one in (higher, lower, other)] == [
        InviteStatus.CANCELLED,
        InviteStatus.PENDING,
        InviteStatus.PENDING,
    ]
