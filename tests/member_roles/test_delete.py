"""Deleting a role: who holds it is shown first, and what takes its place is asked. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select

from app.access.granting import AboveYourself
from app.extensions import db
from app.kernel.errors import NotFound
from app.member_roles import deleting
from app.models import Account, Activity, Invite, InviteStatus, MemberRole
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.member_roles.conftest import SeatOf

As = Callable[[Account], PortalClient]


@pytest.fixture
def books(cast: Cast) -> MemberRole:
    """A role of aozora: smith holds it, guest@example.com was promised it."""
    role = factories.role(cast.aozora, "Books", "inquiry_user")
    cast.membership(cast.smith).roles.append(role)
    invite, _token = factories.invite(cast.aozora, "guest@example.com", cast.tanaka)
    invite.roles.append(role)
    db.session.commit()
    return role


@pytest.fixture
def unheld(cast: Cast) -> MemberRole:
    role = factories.role(cast.aozora, "Unheld", "inquiry_user")
    db.session.commit()
    return role


def path(role: MemberRole | int, code: str = "aozora") -> str:
    return f"/o/{code}/roles/delete/{role if isinstance(role, int) else role.id}"


def built_in(key: str) -> MemberRole:
    return db.session.scalars(select(MemberRole).where(MemberRole.key == key)).one()


def held_by(cast: Cast, who: Account) -> list[str]:
    db.session.expire_all()
    return [role.name for role in cast.membership(who).roles]


def promised() -> list[str]:
    db.session.expire_all()
    return [role.name for role in db.session.scalars(select(Invite)).one().roles]


def names() -> set[str]:
    return set(db.session.scalars(select(MemberRole.name).where(MemberRole.key.is_(None))))


def deletions() -> list[Activity]:
    return list(db.session.scalars(select(Activity).where(Activity.event == "role_deleted")))


def test_shows_first_who_holds_it_and_how_many_were_promised_it(
    cast: Cast, as_: As, books: MemberRole
) -> None:
    page = as_(cast.tanaka).get(path(books)).get_data(as_text=True)
    for words in (
        "Delete the role Books?",
        "1 member holds it.",
        "John Smith",
        "1 pending invitation promises it.",
        "Replacement role",
    ):
        assert words in page
    assert names() == {"Books"}, "looking deletes nothing"


def test_counts_the_holders_it_has_no_room_for(
    cast: Cast, as_: As, books: MemberRole, statements: Callable[[], list[str]]
) -> None:
    for number in range(25):
        factories.membership(factories.account(f"crowd{number:02}"), cast.aozora, roles=[books])
    browser, address = as_(cast.tanaka), path(books)
    browser.get(address)
    statements()
    page = browser.get(address).get_data(as_text=True)
    assert "26 members hold it." in page
    assert "and 6 more" in page
    assert len(statements()) <= 9


def test_shows_what_its_holders_lose_without_it(cast: Cast, as_: As, books: MemberRole) -> None:
    """Before anything is chosen: by authority, with how many; none where they have it in another
    way.
    """
    cast.membership(cast.suzuki).roles.append(books)
    cast.membership(cast.tanaka).roles.append(books)
    page = as_(cast.tanaka).get(path(books)).get_data(as_text=True)
    assert "With nothing in its place, 2 members lose:" in page
    assert "Inquiry User" in page
    cast.membership(cast.suzuki).authorities = frozenset({"inquiry_user"})
    cast.membership(cast.smith).authorities = frozenset({"inquiry_user"})
    assert "Nobody loses an authority with it" in as_(cast.tanaka).get(path(books)).get_data(
        as_text=True
    )


def test_asks_what_takes_its_place(cast: Cast, as_: As, books: MemberRole) -> None:
    answer = as_(cast.tanaka).submit(path(books), {"replacement": ""})
    assert answer.status_code == 409
    assert "This role is held or promised. Choose what takes its place." in answer.get_data(
        as_text=True
    )
    assert as_(cast.tanaka).submit(path(books), {}).status_code == 422, (
        "nor with a form that leaves the question out"
    )
    assert names() == {"Books"}


def test_asks_also_when_it_was_only_promised(cast: Cast, as_: As, books: MemberRole) -> None:
    cast.membership(cast.smith).roles.clear()
    assert as_(cast.tanaka).submit(path(books), {"replacement": ""}).status_code == 409
    db.session.scalars(select(Invite)).one().status = InviteStatus.CANCELLED
    page = as_(cast.tanaka).get(path(books)).get_data(as_text=True)
    assert "Nobody holds it." in page
    assert "Replacement role" not in page, "there is nothing left to replace"


def test_puts_another_role_in_its_place_for_members_and_invitations(
    cast: Cast, as_: As, books: MemberRole
) -> None:
    page = (
        as_(cast.tanaka)
        .submit(path(books), {"replacement": str(built_in("viewer").id)}, follow_redirects=True)
        .get_data(as_text=True)
    )
    assert "was deleted." in page
    assert held_by(cast, cast.smith) == ["Viewer"]
    assert promised() == ["Viewer"]
    assert names() == set()
    assert as_(cast.smith).get("/o/aozora/members/list/").status_code == 200


def test_gives_nobody_the_other_role_twice(cast: Cast, as_: As, books: MemberRole) -> None:
    cast.membership(cast.smith).roles.append(built_in("viewer"))
    as_(cast.tanaka).submit(path(books), {"replacement": str(built_in("viewer").id)})
    assert held_by(cast, cast.smith) == ["Viewer"]


def test_puts_nothing_in_its_place_where_that_is_wanted(
    cast: Cast, as_: As, books: MemberRole
) -> None:
    assert as_(cast.tanaka).submit(path(books), {"replacement": "none"}).status_code == 302
    assert held_by(cast, cast.smith) == []
    assert promised() == []
    assert as_(cast.smith).get("/o/aozora/").status_code == 200, "smith is still a member"


def test_asks_nothing_for_a_role_that_nobody_holds(cast: Cast, as_: As, unheld: MemberRole) -> None:
    page = as_(cast.tanaka).get(path(unheld)).get_data(as_text=True)
    assert "Nobody holds it." in page
    assert "Replacement role" not in page
    assert as_(cast.tanaka).submit(path(unheld), {"replacement": "none"}).status_code == 302
    assert names() == set()


def test_leaves_in_the_log_what_took_its_place_and_for_how_many(
    cast: Cast, as_: As, books: MemberRole
) -> None:
    as_(cast.tanaka).submit(path(books), {"replacement": str(built_in("viewer").id)})
    [line] = deletions()
    assert (line.subject_name, line.actor_id, line.details) == (
        "Books",
        cast.tanaka.id,
        {"replacement": "Viewer", "members": 1},
    )


# D-1


def test_offers_in_its_place_only_what_the_reader_may_give(
    cast: Cast, role_manager: Account, as_: As, books: MemberRole
) -> None:
    """D-1."""
    factories.role(cast.aozora, "Same", "inquiry_user")
    page = as_(role_manager).get(path(books)).get_data(as_text=True)
    assert ">Same</option>" in page
    assert ">Admin</option>" not in page
    assert ">Co-admin</option>" not in page


def test_gives_nobody_more_than_its_deleter_has(
    cast: Cast, role_manager: Account, as_: As, seat_of: SeatOf, books: MemberRole, now: datetime
) -> None:
    """D-1: by a forged choice, and in the verb."""
    admin = built_in("admin")
    assert as_(role_manager).submit(path(books), {"replacement": str(admin.id)}).status_code == 422
    with pytest.raises(AboveYourself):
        deleting.delete(books, cast.aozora, replacement=admin, by=seat_of(role_manager), now=now)
    db.session.rollback()
    assert held_by(cast, cast.smith) == ["Books"]


def test_takes_away_no_role_above_its_deleter(cast: Cast, role_manager: Account, as_: As) -> None:
    """D-1, S3-03."""
    boss = factories.role(cast.aozora, "Boss", "member_manager")
    browser = as_(role_manager)
    assert path(boss) not in browser.get(f"/o/aozora/roles/show/{boss.id}").get_data(as_text=True)
    assert browser.submit(path(boss), {"replacement": "none"}).status_code == 403
    assert "Boss" in names()


# whose roles


@pytest.mark.parametrize("chosen", ["999999", "abc", "-1", "1; DROP TABLE", "\x00"])
def test_refuses_what_is_not_on_offer(cast: Cast, as_: As, books: MemberRole, chosen: str) -> None:
    answer = as_(cast.tanaka).submit(path(books), {"replacement": chosen})
    assert answer.status_code == 422
    assert names() == {"Books"}


def test_refuses_another_organizations_role_in_its_place(
    cast: Cast, as_: As, seat_of: SeatOf, books: MemberRole, now: datetime
) -> None:
    theirs = factories.role(cast.minato, "Theirs")
    assert as_(cast.tanaka).submit(path(books), {"replacement": str(theirs.id)}).status_code == 422
    for impossible in (theirs, books):
        with pytest.raises(NotFound):
            deleting.delete(
                books, cast.aozora, replacement=impossible, by=seat_of(cast.tanaka), now=now
            )


def test_leaves_built_in_roles_alone(cast: Cast, as_: As) -> None:
    """S3-01."""
    viewer = built_in("viewer")
    for who in (cast.tanaka, cast.root):
        browser = as_(who)
        assert browser.get(path(viewer)).status_code == 403
        assert (
            browser.submit(path(viewer), {"replacement": "none"}, page="/o/aozora/").status_code
            == 403
        )
    assert built_in("viewer")


def test_finds_nothing_the_second_time(cast: Cast, as_: As, unheld: MemberRole) -> None:
    gone = unheld.id
    browser = as_(cast.tanaka)
    token = browser.token(path(gone))
    assert [
        browser.post(path(gone), data={"csrf_token": token, "replacement": "none"}).status_code
        for _time in range(2)
    ] == [302, 404]
    assert len(deletions()) == 1


def test_is_refused_to_those_who_only_look(cast: Cast, as_: As, books: MemberRole) -> None:
    for who in (cast.suzuki, cast.smith):
        browser = as_(who)
        assert browser.get(path(books)).status_code == 403
        assert browser.submit(path(books), {"replacement": "none"}, page="/").status_code == 403
    assert names() == {"Books"}


def test_is_not_there_for_outsiders(cast: Cast, as_: As, books: MemberRole) -> None:
    """S4-09."""
    for code in ("aozora", "minato"):
        browser = as_(cast.yamada)
        assert browser.get(path(books, code)).status_code == 404
        assert (
            browser.submit(path(books, code), {"replacement": "none"}, page="/").status_code == 404
        )
    assert names() == {"Books"}


def test_asks_strangers_to_sign_in(cast: Cast, client: PortalClient, books: MemberRole) -> None:
    assert client.get(path(books)).location.startswith("/login/")
    assert client.submit(path(books), {"replacement": "none"}, page="/login/").location.startswith(
        "/login/"
    )
    assert names() == {"Books"}
