"""A removal ends a membership; the same one comes back (D-C12, T2-41, T2-112). It …"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.access.authorities import Authority
from app.extensions import db
from app.former_members import queries as former_queries
from app.invites import answering
from app.models import MemberRole, Membership, MembershipEnd, PortalKey, with_ended
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, As, Letters, built_in, events, is_member, of, offered, text
from tests.undo.undoing import last, take_back

FORMER = f"{BASE}/former"


def row(pk: int) -> tuple[Any, ...]:
    """All that stands in a membership's row, ended or not."""
    db.session.expire_all()
    one = db.session.scalars(with_ended(select(Membership).where(Membership.id == pk))).one()
    columns = tuple(getattr(one, column.name) for column in Membership.__table__.columns)
    return (*columns, [role.name for role in one.roles])


@pytest.fixture
def smith(cast: Cast) -> Membership:
    """A member with much to lose."""
    one = cast.membership(cast.smith)
    one.roles = [built_in("viewer"), factories.role(cast.aozora, "Night shift")]
    one.authorities, one.invited_by = frozenset({"billing_viewer"}), cast.tanaka
    one.suspended_at, one.suspended_reason = factories.NOW, "On leave"
    one.last_access_at = factories.NOW
    factories.api_key(one, Authority.BILLING_VIEWER)
    db.session.commit()
    return one


@pytest.fixture
def gone(tanaka: PortalClient, smith: Membership) -> int:
    """The id of smith's membership, which ended."""
    pk = smith.id
    tanaka.submit(f"{BASE}/delete/{pk}")
    return pk


def test_undo_gives_the_same_row_back(tanaka: PortalClient, smith: Membership) -> None:
    """T2-41: id, dates, roles, authorities, suspension."""
    pk, before = smith.id, row(smith.id)
    tanaka.submit(f"{BASE}/delete/{pk}")
    assert row(pk) != before
    assert take_back(tanaka, last()) == 302
    assert row(pk) == before


def test_a_removal_keeps_when_how_and_by_whom(cast: Cast, gone: int) -> None:
    """T2-41."""
    [line] = events("member_removed")
    ended = former_queries.ended(cast.smith.id, cast.aozora)
    assert ended
    assert (ended.id, ended.ended_at) == (gone, line.happened_at)
    assert (ended.ended_reason, ended.ended_by_id) == (MembershipEnd.REMOVED, cast.tanaka.id)


def test_leaving_is_told_apart(cast: Cast, as_: As) -> None:
    """T2-41."""
    as_(cast.smith).submit(f"{BASE}/leave")
    ended = former_queries.ended(cast.smith.id, cast.aozora)
    assert ended
    assert ended.ended_reason is MembershipEnd.LEFT


def test_nobody_meets_a_former_member(
    tanaka: PortalClient, cast: Cast, as_: As, gone: int, now: datetime
) -> None:
    """T2-41: pages, lists, keys."""
    for path in (f"{BASE}/show/{gone}", f"{BASE}/edit/{gone}", f"{BASE}/delete/{gone}"):
        assert tanaka.get(path).status_code == 404
    assert "John Smith" not in text(tanaka, "/list/?status=active&status=suspended&status=never")
    assert as_(cast.smith).get("/o/aozora/").status_code in (302, 404)
    assert not [key for key in db.session.scalars(select(PortalKey)) if key.works(now)]


def test_a_role_that_was_deleted_is_gone(tanaka: PortalClient, cast: Cast, gone: int) -> None:
    """T2-41."""
    db.session.delete(db.session.scalars(select(MemberRole).filter_by(name="Night shift")).one())
    db.session.commit()
    assert take_back(tanaka, last()) == 302
    again = of(cast.smith)
    assert again
    assert (again.id, [role.name for role in again.roles]) == (gone, ["Viewer"])


def test_a_role_that_takes_the_place_of_another_is_not_given_to_former_members(
    tanaka: PortalClient, cast: Cast, gone: int
) -> None:
    night = db.session.scalars(select(MemberRole).filter_by(name="Night shift")).one()
    factories.membership(factories.account(), cast.aozora).roles = [night]
    other = factories.role(cast.aozora, "Day shift")
    db.session.commit()
    tanaka.submit(f"/o/aozora/roles/delete/{night.id}", {"replacement": str(other.id)})
    assert row(gone)[-1] == ["Viewer"]


def test_the_list_shows_them_to_those_who_manage_members(
    tanaka: PortalClient, cast: Cast, as_: As, gone: int
) -> None:
    page = text(tanaka, FORMER + "/")
    assert "John Smith" in page
    assert "member until" in page
    assert "John Smith" in text(tanaka, FORMER + "/?q=smith")
    assert "John Smith" not in text(tanaka, FORMER + "/?q=nobody")
    assert as_(cast.suzuki).get(FORMER + "/").status_code == 403
    assert as_(cast.yamada).get(f"{FORMER}/{gone}").status_code == 404
    assert FORMER in text(tanaka, "/list/")


def test_reinstating_gives_the_membership_of_then_back(
    tanaka: PortalClient, cast: Cast, gone: int, letters: Letters
) -> None:
    """T2-41, T2-112."""
    page = text(tanaka, f"{FORMER}/{gone}")
    for words in ("was a member until", "Removed", "Night shift", "On leave"):
        assert words in page
    assert tanaka.submit(f"{FORMER}/{gone}").location == f"{BASE}/show/{gone}"
    assert is_member(cast.smith, cast.aozora)
    [line] = events("member_brought_back")
    assert (line.actor_id, line.subject_id) == (cast.tanaka.id, cast.smith.id)
    assert tanaka.get(f"{FORMER}/{gone}").status_code == 404


def test_the_letter_tells_who_is_not_suspended(
    tanaka: PortalClient, cast: Cast, letters: Letters
) -> None:
    pk = cast.membership(cast.suzuki).id
    tanaka.submit(f"{BASE}/delete/{pk}")
    tanaka.submit(f"{FORMER}/{pk}")
    assert [one.kind for one in letters(to=cast.suzuki.email)][-1] == "membership_added"


def test_nobody_reinstates_above_themselves(
    tanaka: PortalClient, cast: Cast, as_: As, second: Any, co_admin: Any
) -> None:
    """D-1."""
    pk = cast.membership(second).id
    tanaka.submit(f"{BASE}/delete/{pk}")
    browser = as_(co_admin)
    page = browser.get(f"{FORMER}/{pk}").get_data(as_text=True)
    assert "Reinstate the former member" not in page
    browser.submit(f"{FORMER}/{pk}", page="/profile/")
    assert not is_member(second, cast.aozora)


def test_the_log_leads_to_the_former_member(tanaka: PortalClient, gone: int) -> None:
    [line] = events("member_removed")
    assert f'href="{FORMER}/{gone}"' in text(tanaka, f"/o/aozora/activity/show/{line.id}")


def test_the_account_page_tells_of_it(cast: Cast, as_: As, gone: int) -> None:
    page = as_(cast.root).get(f"/accounts/show/{cast.smith.id}").get_data(as_text=True)
    assert "was a member until" in page


DOORS = {
    "existing": (f"{BASE}/existing", {"who": "smith"}),
    "an invitation": (
        "/o/aozora/invites/add",
        {"addresses": "smith@example.com"},
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_form_that_names_a_former_member_asks_first(
    tanaka: PortalClient, cast: Cast, gone: int, door: str
) -> None:
    """T2-112: the rights of then, or afresh."""
    path, who = DOORS[door]
    form = offered(roles=[built_in("viewer").id], language="en") | who
    answer = tanaka.submit(path, form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "was a member until" in page
    assert f'href="{FORMER}/{gone}"' in page
    assert not is_member(cast.smith, cast.aozora)
    assert tanaka.submit(path, form | {"afresh": "y"}).status_code == 302


def test_registering_a_former_member_leads_to_the_membership_of_then(
    tanaka: PortalClient, gone: int
) -> None:
    """T2-112."""
    answer = tanaka.submit(
        f"{BASE}/add",
        offered(roles=[built_in("viewer").id])
        | {
            "family_name": "Smith",
            "given_name": "John",
            "email": "smith@example.com",
            "login_id": "smith2",
            "language": "en",
            "time_zone": "Asia/Tokyo",
        },
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert f'href="{FORMER}/{gone}"' in page


def test_an_accepted_invitation_starts_afresh_beside_the_membership_that_ended(
    cast: Cast, gone: int, now: datetime
) -> None:
    """T2-112."""
    invite, _token = factories.invite(cast.aozora, cast.smith.email, cast.tanaka)
    invite.roles = [built_in("viewer")]
    answering.accept(invite, account=cast.smith, by_link=True, now=now)
    db.session.commit()
    fresh = of(cast.smith)
    assert fresh
    assert (fresh.id != gone, [role.name for role in fresh.roles]) == (True, ["Viewer"])
    assert not fresh.is_suspended
    assert row(gone)[-1] == ["Viewer", "Night shift"]
