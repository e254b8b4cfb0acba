"""Deleting a role: who holds it is shown first, and what takes its place is asked. It …"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from app.extensions import db
from app.models import Invite, InviteStatus, MemberRole
from tests import factories
from tests.cast import Cast
from tests.member_roles.conftest import As
from tests.member_roles.deleting import built_in, deletions, held_by, names, path, promised


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
