"""Whose roles can be deleted, by whom, and in favour of which. It …"""

from __future__ import annotations

from datetime import datetime

import pytest

from app.access.granting import AboveYourself
from app.extensions import db
from app.kernel.errors import NotFound
from app.member_roles import deleting
from app.models import Account, MemberRole
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.member_roles.conftest import As, SeatOf
from tests.member_roles.deleting import built_in, deletions, held_by, names, path


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
