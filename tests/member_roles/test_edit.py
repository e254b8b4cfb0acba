"""Editing a role: everybody who holds it is concerned at once; nobody gives above themselves (D-1).
It …
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import Update, select, update

from app.access.granting import AboveYourself
from app.extensions import db
from app.kernel.errors import Forbidden, NotFound
from app.member_roles import deleting
from app.member_roles import service as roles
from app.models import Account, Activity, InviteStatus, MemberRole, Membership
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.member_roles.conftest import SeatOf

As = Callable[[Account], PortalClient]
TYPED = {"name": "Desk", "description": "By day", "authorities": ["inquiry_user"]}


@pytest.fixture
def desk(cast: Cast) -> MemberRole:
    """A role of aozora, held by smith."""
    role = factories.role(cast.aozora, "Desk", "inquiry_user")
    role.description = "By day"
    cast.membership(cast.smith).roles.append(role)
    db.session.commit()
    return role


def path(role: MemberRole | int, code: str = "aozora") -> str:
    return f"/o/{code}/roles/edit/{role if isinstance(role, int) else role.id}"


def edits() -> list[Activity]:
    return list(db.session.scalars(select(Activity).where(Activity.event == "role_edited")))


def as_kept(role: MemberRole) -> tuple[str, str, frozenset[str]]:
    db.session.expire_all()
    return role.name, role.description, role.authorities


UNTOUCHED = ("Desk", "By day", frozenset({"inquiry_user"}))


def test_concerns_everybody_who_holds_the_role_at_once(
    cast: Cast, as_: As, desk: MemberRole
) -> None:
    smith = as_(cast.smith)
    assert smith.get("/o/aozora/members/list/").status_code == 403
    page = (
        as_(cast.tanaka)
        .submit(
            path(desk), TYPED | {"authorities": ["user_viewer"], "sure": "1"}, follow_redirects=True
        )
        .get_data(as_text=True)
    )
    assert "was changed." in page
    assert smith.get("/o/aozora/members/list/").status_code == 200


def test_says_before_saving_whom_it_concerns(cast: Cast, as_: As, desk: MemberRole) -> None:
    assert "1 member holds this role and is concerned at once." in as_(cast.tanaka).get(
        path(desk)
    ).get_data(as_text=True)


def test_shows_what_the_role_holds_now(cast: Cast, as_: As, desk: MemberRole) -> None:
    page = as_(cast.tanaka).get(path(desk)).get_data(as_text=True)
    assert 'value="Desk"' in page
    assert "By day" in page
    assert 'value="inquiry_user" id="authorities-inquiry_user" checked' in page
    assert 'value="user_viewer" id="authorities-user_viewer" checked' not in page


def test_leaves_before_and_after_in_the_log(cast: Cast, as_: As, desk: MemberRole) -> None:
    as_(cast.tanaka).submit(
        path(desk),
        {
            "name": "Front desk",
            "description": "By day",
            "authorities": ["user_viewer"],
            "sure": "1",
        },
    )
    [line] = edits()
    assert line.details == {
        "changes": {
            "name": ["Desk", "Front desk"],
            "authorities": [["inquiry_user"], ["user_viewer"]],
        }
    }
    assert (line.actor_id, line.organization_id) == (cast.tanaka.id, cast.aozora.id)


def test_writes_nothing_when_nothing_changed(cast: Cast, as_: As, desk: MemberRole) -> None:
    assert as_(cast.tanaka).submit(path(desk), TYPED).status_code == 302
    assert edits() == []


def test_may_keep_its_name_in_another_spelling(cast: Cast, as_: As, desk: MemberRole) -> None:
    assert as_(cast.tanaka).submit(path(desk), TYPED | {"name": "DESK"}).status_code == 302
    assert as_kept(desk)[0] == "DESK"


@pytest.mark.parametrize("name", ["Night shift", "ＮＩＧＨＴ ＳＨＩＦＴ", "Viewer", "閲覧者"])
def test_does_not_take_a_name_that_something_else_has(
    cast: Cast, as_: As, desk: MemberRole, name: str
) -> None:
    factories.role(cast.aozora, "Night shift")
    answer = as_(cast.tanaka).submit(path(desk), TYPED | {"name": name})
    assert answer.status_code == 409
    assert "There is already a role with this name." in answer.get_data(as_text=True)
    assert as_kept(desk) == UNTOUCHED


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Fill this in."),
        ({"name": "x" * 65}, "At most 64 characters."),
        ({"name": "a\x00"}, "cannot be used here"),
        ({"description": "x" * 301}, "At most 300 characters."),
        ({"authorities": ["no_such"]}, "One of these authorities does not exist."),
    ],
)
def test_says_at_the_field_what_is_wrong(
    cast: Cast, as_: As, desk: MemberRole, typed: dict[str, object], sentence: str
) -> None:
    answer = as_(cast.tanaka).submit(path(desk), TYPED | typed)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert as_kept(desk) == UNTOUCHED


# D-1: nobody gives above themselves


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


# whose roles


@pytest.mark.parametrize("key", ["admin", "viewer", "all"])
def test_leaves_built_in_roles_as_the_documents_have_them(cast: Cast, as_: As, key: str) -> None:
    """S3-01, S4-06…S4-08, S1-14: refused to power users and the platform administrator alike, on
    every path.
    """
    role = db.session.scalars(select(MemberRole).where(MemberRole.key == key)).one()
    kept = as_kept(role)
    for who in (cast.tanaka, cast.root):
        browser = as_(who)
        assert "Built-in roles cannot be edited or deleted." in browser.get(path(role)).get_data(
            as_text=True
        )
        assert browser.submit(path(role), TYPED, page="/o/aozora/").status_code == 403
    assert as_kept(role) == kept


@pytest.mark.parametrize("pk", [999_999, 0])
def test_knows_no_such_role(cast: Cast, as_: As, pk: int) -> None:
    assert as_(cast.tanaka).get(path(pk)).status_code == 404


def test_reaches_no_other_organizations_role(
    cast: Cast, as_: As, seat_of: SeatOf, now: datetime
) -> None:
    """S4-09: neither under this organization's address, nor through the verb."""
    theirs = factories.role(cast.minato, "Theirs", "inquiry_user")
    browser = as_(cast.tanaka)
    assert browser.get(path(theirs)).status_code == 404
    assert browser.submit(path(theirs), TYPED, page="/").status_code == 404
    with pytest.raises(NotFound):
        roles.edit(
            theirs,
            cast.aozora,
            name="Mine",
            description="",
            authorities=[],
            by=seat_of(cast.tanaka),
            now=now,
        )


def test_is_refused_to_those_who_only_look(cast: Cast, as_: As, desk: MemberRole) -> None:
    for who in (cast.suzuki, cast.smith):
        browser = as_(who)
        assert browser.get(path(desk)).status_code == 403
        assert browser.submit(path(desk), TYPED | {"name": "Mine"}, page="/").status_code == 403
    assert as_kept(desk) == UNTOUCHED


def test_is_not_there_for_outsiders(cast: Cast, as_: As, desk: MemberRole) -> None:
    for who in (cast.yamada, cast.newcomer):
        browser = as_(who)
        assert browser.get(path(desk)).status_code == 404
        assert browser.submit(path(desk), TYPED | {"name": "Mine"}, page="/").status_code == 404
    assert as_(cast.yamada).get(path(desk, "minato")).status_code == 404
    assert as_kept(desk) == UNTOUCHED


def test_asks_strangers_to_sign_in(cast: Cast, client: PortalClient, desk: MemberRole) -> None:
    assert client.get(path(desk)).location.startswith("/login/")
    assert client.submit(path(desk), TYPED | {"name": "Mine"}, page="/login/").location.startswith(
        "/login/"
    )
    assert as_kept(desk) == UNTOUCHED


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
