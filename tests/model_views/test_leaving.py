"""A member who goes, and rows of added screens that point there. It …"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.models import Activity, Membership
from app.models.organization_scope import OtherOrganization
from tests.cast import Cast
from tests.portal_client import PortalClient

PACKAGE = "gatherings"
MEMBERS = "/o/aozora/members"


@pytest.fixture
def rows(app: Flask, cast: Cast, package: ModuleType) -> dict[str, Any]:
    """Rows that point to Smith: as host and attendee of two gatherings, as owner of a badge."""
    smith, suzuki = cast.membership(cast.smith), cast.membership(cast.suzuki)
    here = {"organization_id": cast.aozora.id}
    made = {
        "one": package.Gathering(name="One", host=smith, deputy=suzuki, **here),
        "two": package.Gathering(name="Two", host=smith, attendees=[smith, suzuki], **here),
        "badge": package.Badge(name="Blue", owner=smith, **here),
        "other": package.Badge(name="Red", owner=suzuki, **here),
    }
    db.session.add_all(made.values())
    db.session.commit()
    return made


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_is_asked_about_them_in_both_languages(
    rows: dict[str, Any], cast: Cast, tanaka: PortalClient
) -> None:
    path = f"{MEMBERS}/delete/{cast.membership(cast.smith).id}"
    page = text(tanaka.get(path).get_data(as_text=True))
    assert "Gatherings 2, no host from then on" in page
    assert "Gatherings 1, removed from “Attendees”" in page
    assert "Badges 1, will be deleted" in page and "deputy" not in page
    cast.tanaka.language = "ja_JP"
    page = text(tanaka.get(path).get_data(as_text=True))
    assert "Gatherings 2件（以後、「Host」は空欄になります）" in page
    assert "Badges 1件（削除されます）" in page


def test_leaves_no_row_pointing_there_and_a_line_for_each(
    rows: dict[str, Any], cast: Cast, tanaka: PortalClient, package: ModuleType
) -> None:
    path = f"{MEMBERS}/delete/{cast.membership(cast.smith).id}"
    versions = [rows["one"].version, rows["two"].version]
    assert tanaka.submit(path).status_code == 302
    one, two = db.session.scalars(select(package.Gathering).order_by(package.Gathering.id))
    assert (one.host_id, two.host_id, one.deputy_id) == (
        None,
        None,
        cast.membership(cast.suzuki).id,
    )
    assert [len(two.attendees), one.version > versions[0], two.version > versions[1]] == [1, 1, 1]
    assert [one.name for one in db.session.scalars(select(package.Badge))] == ["Red"]
    lines = db.session.scalars(
        select(Activity).where(Activity.event.regexp_match("^(gatherings|badges)_"))
    ).all()
    assert [(line.event, line.subject_name) for line in lines] == [
        ("gatherings_updated", "Two"),
        ("gatherings_updated", "One"),
        ("gatherings_updated", "Two"),
        ("badges_deleted", "Blue"),
    ]
    assert all(line.actor_id == cast.tanaka.id for line in lines)
    assert lines[1].details["changes"]["host"][0]["name"] == "John Smith"
    assert lines[1].details["changes"]["host"][1] is None
    page = text(tanaka.get("/o/aozora/activity/list/").get_data(as_text=True))
    assert "Tanaka" in page and "edited One in Gatherings" in page


def test_does_the_same_when_a_member_leaves_or_many_are_removed(
    rows: dict[str, Any], app: Flask, cast: Cast, tanaka: PortalClient, package: ModuleType
) -> None:
    smith = app.test_client()
    assert isinstance(smith, PortalClient)
    smith.sign_in(cast.smith)
    assert "no host" in smith.get(f"{MEMBERS}/leave").get_data(as_text=True)
    assert smith.submit(f"{MEMBERS}/leave").status_code == 302
    ids = [str(cast.membership(cast.suzuki).id)]
    form = {"action": "remove", "rowid": ids, "sure": "1"}
    tanaka.act(f"{MEMBERS}/action_post", form, page=f"{MEMBERS}/list/")
    assert db.session.get_one(
        Membership, int(ids[0]), execution_options={"with_ended_memberships": True}
    )
    gatherings = db.session.scalars(select(package.Gathering))
    assert {(one.host_id, one.deputy_id) for one in gatherings} == {(None, None)}


def test_tells_of_what_goes_with_a_row_that_goes(
    rows: dict[str, Any], cast: Cast, tanaka: PortalClient, package: ModuleType
) -> None:
    """Two steps from the member, and on the page of a badge one step: each comes back."""
    here = {"organization_id": cast.aozora.id}
    db.session.add_all(
        package.BadgeUse(place=place, badge=rows[badge], **here)
        for place, badge in (("Gate", "badge"), ("Lift", "other"))
    )
    db.session.commit()
    tanaka.submit(f"{MEMBERS}/delete/{cast.membership(cast.smith).id}")
    told = select(Activity).where(Activity.event == "badge_uses_deleted")
    assert [line.details["row"]["place"] for line in db.session.scalars(told)] == ["Gate"]
    badges = f"/o/aozora/badges/delete/{rows['other'].id}"
    assert "Badge uses 1, will be deleted" in text(tanaka.get(badges).get_data(as_text=True))
    assert tanaka.submit(badges).status_code == 302
    assert db.session.scalars(select(package.BadgeUse)).all() == []
    undone = ("badges_deleted", "badge_uses_deleted")
    for line in db.session.scalars(
        select(Activity.id)
        .where(Activity.event.in_(undone), Activity.id > db.session.scalars(told).first().id)
        .order_by(Activity.id)
    ).all():
        path = f"/o/aozora/activity/undo/{line}"
        assert tanaka.submit(path, {}, page=path).status_code == 302
    use = db.session.scalars(select(package.BadgeUse)).one()
    assert (use.place, use.badge.name) == ("Lift", "Red")


def test_lets_nobody_give_a_row_to_who_is_leaving(
    app: Flask, cast: Cast, package: ModuleType
) -> None:
    smith, here = cast.membership(cast.smith), {"organization_id": cast.aozora.id}
    db.session.add(package.Badge(name="Blue", owner=smith, **here))
    db.session.flush()
    if db.engine.dialect.name == "postgresql":
        is_it = (Membership.id == smith.id, Membership.ended_at.is_(None))
        wanted = select(Membership.id).where(*is_it)
        with db.engine.connect() as other, pytest.raises(OperationalError):
            other.execute(wanted.with_for_update(nowait=True))
    db.session.rollback()
    smith.ended_at = datetime.now(UTC)
    db.session.commit()
    db.session.add(package.Badge(name="Blue", owner_id=smith.id, **here))
    with pytest.raises(OtherOrganization):
        db.session.flush()


def test_takes_a_line_back_only_for_who_is_a_member(
    rows: dict[str, Any], cast: Cast, tanaka: PortalClient
) -> None:
    tanaka.submit(f"{MEMBERS}/delete/{cast.membership(cast.smith).id}")
    line = db.session.scalars(select(Activity.id).where(Activity.event == "badges_deleted")).one()
    path = f"/o/aozora/activity/undo/{line}"
    answer = tanaka.submit(path, {}, page=path)
    assert answer.status_code == 410 and "no longer there" in answer.get_data(as_text=True)


def test_shows_them_on_the_members_page_to_who_may_see_them(
    rows: dict[str, Any], app: Flask, cast: Cast, tanaka: PortalClient, package: ModuleType
) -> None:
    path = f"{MEMBERS}/show/{cast.membership(cast.smith).id}"
    here = {"organization_id": cast.aozora.id, "owner": cast.membership(cast.smith)}
    db.session.add_all(package.Badge(name=f"Badge {number}", **here) for number in range(6))
    page = tanaka.get(path).get_data(as_text=True)
    assert all(name in page for name in ("Gatherings", ">One<", ">Two<", "Badges", "Blue"))
    assert "Badge 3" in page and "Badge 5" not in page and "Red" not in page
    number = cast.membership(cast.smith).id
    assert f"/o/aozora/badges/list/?owner=%23{number}" in page
    suzuki = app.test_client()
    assert isinstance(suzuki, PortalClient)
    suzuki.sign_in(cast.suzuki)
    page = suzuki.get(path).get_data(as_text=True)
    assert "John" in page and "Blue" not in page and ">One<" not in page
    cast.membership(cast.suzuki).authorities |= {"badges_viewer"}
    page = suzuki.get(path).get_data(as_text=True)
    assert "Blue" in page and ">One<" not in page


def test_costs_the_members_page_one_statement_for_each_screen(
    rows: dict[str, Any], app: Flask, cast: Cast, statements: Any
) -> None:
    path = f"{MEMBERS}/show/{cast.membership(cast.smith).id}"
    suzuki = app.test_client()
    assert isinstance(suzuki, PortalClient)
    suzuki.sign_in(cast.suzuki)

    def cost() -> int:
        suzuki.get(path)
        statements()
        suzuki.get(path)
        return len(statements())

    without = cost()
    cast.membership(cast.suzuki).authorities |= {"badges_viewer"}
    assert cost() == without + 1
