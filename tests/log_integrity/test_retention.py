"""For how long the log is kept is chosen with a look at what would go (B-84, B-107). It …"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.kernel.errors import Forbidden
from app.log_integrity import retention
from app.models import AccountSession, Activity, Membership, MemberType, Organization
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, at_once
from tests.log_integrity.conftest import As, lines, suspensions

PAGE = "/o/aozora/activity/retention/"


def test_saves_at_once_where_nothing_goes(cast: Cast, as_: As) -> None:
    answer = as_(cast.tanaka).submit(PAGE, {"kept": "days", "days": "365"})
    assert answer.location == "/o/aozora/activity/list/"
    db.session.expire_all()
    assert cast.aozora.log_kept_days == 365
    assert lines() == ["organization_edited"]
    assert "Days that the log is kept: for ever → 365" in as_(cast.tanaka).get(
        "/o/aozora/activity/list/"
    ).get_data(as_text=True)


def test_shows_first_what_would_go(cast: Cast, as_: As, now: datetime) -> None:
    """A dry run: how many lines, from when to when."""
    suspensions(cast.aozora, now - timedelta(days=120), 2)
    suspensions(cast.aozora, now - timedelta(days=100))
    tanaka = as_(cast.tanaka)
    page = tanaka.submit(PAGE, {"kept": "days", "days": "90"}).get_data(as_text=True)
    assert "3 lines would be deleted tonight" in page
    db.session.expire_all()
    assert cast.aozora.log_kept_days is None
    tanaka.submit(PAGE, {"kept": "days", "days": "90", "sure": "1"})
    db.session.expire_all()
    assert cast.aozora.log_kept_days == 90
    tanaka.submit(PAGE, {"kept": "ever"})
    db.session.expire_all()
    assert cast.aozora.log_kept_days is None


@pytest.mark.parametrize("days", ["", "0", "-5", "89", "99999999999999999999", "ten", "\x00"])
def test_refuses_days_that_are_none_or_too_few(cast: Cast, as_: As, days: str) -> None:
    answer = as_(cast.tanaka).submit(PAGE, {"kept": "days", "days": days})
    assert answer.status_code == 422
    assert "wrong" in answer.get_data(as_text=True)
    db.session.expire_all()
    assert cast.aozora.log_kept_days is None


def test_is_for_those_who_manage_settings(cast: Cast, as_: As, client: PortalClient) -> None:
    for who, status in (
        (cast.tanaka, 200),
        (cast.root, 200),
        (cast.suzuki, 403),
        (cast.smith, 403),
        (cast.yamada, 404),
    ):
        assert as_(who).get(PAGE).status_code == status
    assert (
        as_(cast.suzuki).submit(PAGE, {"kept": "days", "days": "90"}, page="/profile/").status_code
        == 403
    )
    assert client.get(PAGE).location.startswith("/login/")


def test_asks_for_proof_before_anything_is_forgotten(cast: Cast, as_: As, now: datetime) -> None:
    """Issue 4, step up: the log is evidence."""
    tanaka = as_(cast.tanaka)
    db.session.query(AccountSession).update({"proved_at": now - timedelta(minutes=11)})
    db.session.commit()
    assert tanaka.submit(PAGE, {"kept": "days", "days": "365"}).status_code != 302
    db.session.expire_all()
    assert cast.aozora.log_kept_days is None


def test_is_chosen_by_nobody_who_was_demoted_meanwhile(each_app: Flask, now: datetime) -> None:
    """ASVS 15.4.2: what somebody was allowed when the request began is asked again behind
    the lock."""
    cast = people.assemble()
    member, ids = cast.membership(cast.tanaka), (cast.aozora.id, cast.membership(cast.tanaka).id)
    by = factories.seat(member)
    assert by.authorities

    def demote() -> None:
        db.session.get_one(Membership, ids[1]).type = MemberType.GENERAL
        db.session.commit()

    at_once(each_app, demote)
    with pytest.raises(Forbidden):
        retention.choose(cast.aozora, 100, by=by, now=now)
    db.session.rollback()
    assert db.session.get_one(Organization, ids[0]).log_kept_days is None


def test_is_chosen_in_one_order_of_several_at_once(each_app: Flask, now: datetime) -> None:
    """ASVS 15.4.2: each line of the log begins with what the one before it ended with."""
    cast = people.assemble()
    aozora, tanaka = cast.aozora.id, cast.membership(cast.tanaka).id

    def choosing(days: int) -> bool:
        by = factories.seat(db.session.get_one(Membership, tanaka))
        organization = db.session.get_one(Organization, aozora)
        assert organization.log_kept_days in (None, 100, 200, 300)
        done = retention.choose(organization, days, by=by, now=now)
        db.session.commit()
        return done

    assert (
        at_once(each_app, lambda: choosing(100), lambda: choosing(200), lambda: choosing(300))
        == [True] * 3
    )
    told = [
        line.details["changes"]["log_kept_days"]
        for line in db.session.scalars(
            select(Activity).where(Activity.event == "organization_edited").order_by(Activity.id)
        )
    ]
    assert [before for before, _after in told] == [None, *(after for _before, after in told[:-1])]
    db.session.expire_all()
    assert db.session.get_one(Organization, aozora).log_kept_days == told[-1][1]
