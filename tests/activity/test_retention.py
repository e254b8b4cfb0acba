"""For how long the log is kept: chosen with a look at what would go, carried out at night, told in
the log (B-84, B-107). It …
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError

from app.activity import events, keys, retention
from app.activity import service as activity
from app.activity.verifying import MISSING, Flaw, verify
from app.chores import CHORES
from app.extensions import db
from app.jobs import pruning
from app.kernel.errors import Forbidden
from app.models import (
    AccountSession,
    Activity,
    ActivityPruning,
    Membership,
    MemberType,
    Organization,
)
from tests import cast as people
from tests import factories
from tests.activity.conftest import As
from tests.cast import Cast
from tests.conftest import PortalClient, at_once, unguarded

PAGE = "/o/aozora/activity/retention/"


def happened(here: Organization | None, at: datetime, count: int = 1) -> None:
    for _number in range(count):
        activity.record(events.MEMBER_SUSPENDED, now=at, by=None, organization=here, reason="")
    db.session.commit()


def is_whole() -> bool:
    db.session.commit()
    with db.engine.connect() as connection:
        return verify(connection, keys=keys.known()).is_whole


def lines() -> list[str]:
    return [line.event for line in db.session.scalars(select(Activity).order_by(Activity.id))]


# carried out


@pytest.fixture
def kept(each_app: Flask, now: datetime) -> Organization:
    """An organization that keeps its log for a hundred days; another, and none, that keep it for
    ever; old and new lines of each.
    """
    cast = people.assemble()
    by = factories.seat(cast.membership(cast.tanaka))
    retention.choose(cast.aozora, 100, by=by, now=now - timedelta(days=700))
    for where in (cast.aozora, cast.minato, None):
        happened(where, now - timedelta(days=200), 3)
        happened(where, now - timedelta(days=50))
    return cast.aozora


def test_lets_go_what_is_older_and_nothing_else(kept: Organization, now: datetime) -> None:
    assert pruning.would_go(now)["aozora"].count == 3
    assert pruning.prune(now) == {"aozora": 3}
    assert lines().count("member_suspended") == 9
    assert not db.session.scalar(
        select(func.count(Activity.id)).where(
            Activity.event == "member_suspended",
            Activity.organization_id == kept.id,
            Activity.happened_at < now - timedelta(days=101),
        )
    )
    assert is_whole()


def test_tells_in_the_log_how_much_went(kept: Organization, now: datetime) -> None:
    pruning.prune(now)
    line = db.session.scalars(select(Activity).where(Activity.event == "log_pruned")).one()
    row = db.session.scalars(select(ActivityPruning)).one()
    assert (line.organization_id, line.details["count"], line.details["before_at"]) == (
        kept.id,
        3,
        row.before.isoformat(),
    )
    assert row.activity_id == line.id


def test_finds_nothing_to_do_the_next_night(kept: Organization, now: datetime) -> None:
    pruning.prune(now)
    assert pruning.prune(now + timedelta(hours=1)) == {}
    assert db.session.scalar(select(func.count(ActivityPruning.id))) == 1


def test_keeps_what_tells_of_itself_for_ever(kept: Organization, now: datetime) -> None:
    """T2-91: who chose it, and each time that lines went; the database lets nobody delete that."""
    happened(kept, now - timedelta(days=450), 2)
    for days, gone in ((300, 2), (50, 3), (0, 0)):
        assert pruning.prune(now - timedelta(days=days)) == ({"aozora": gone} if gone else {})
    assert (lines().count("log_pruned"), lines().count("organization_edited")) == (2, 1)
    assert is_whole()
    for event in ("log_pruned", "organization_edited"):
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(delete(Activity).where(Activity.event == event))
        db.session.rollback()


def test_deletes_nothing_that_the_log_does_not_say_was_chosen(
    kept: Organization, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    """T2-91: whoever writes the setting past the portal does not make it delete."""
    kept.log_kept_days = 90
    db.session.commit()
    assert pruning.prune(now) == {}
    assert "nothing is deleted until it is chosen anew" in caplog.text
    assert lines().count("member_suspended") == 12


def test_says_once_what_was_chosen_before_the_log_had_to(kept: Organization, now: datetime) -> None:
    """T2-91: the line of the choice may have gone by the retention of an earlier version."""
    kept.log_kept_days = 365
    for _time in range(2):
        retention.carry_over(now)
        db.session.commit()
    assert lines().count("organization_edited") == 2
    assert pruning.prune(now) == {}
    kept.log_kept_days = 100
    retention.carry_over(now)
    assert pruning.prune(now) == {"aozora": 3}
    assert is_whole()


def test_goes_on_where_it_was_interrupted(kept: Organization, now: datetime) -> None:
    """A worker that is killed after saying what may go leaves nothing that the next night does not
    finish.
    """
    assert retention.allow(kept, now=now)
    db.session.commit()
    assert pruning.prune(now + timedelta(days=1)) == {"aozora": 3}
    assert is_whole()


def test_takes_many_in_batches(kept: Organization, now: datetime) -> None:
    happened(kept, now - timedelta(days=200), retention.BATCH)
    assert pruning.prune(now) == {"aozora": retention.BATCH + 3}
    assert lines().count("member_suspended") == 9
    assert is_whole()


def test_is_done_every_night() -> None:
    work, when = CHORES[pruning.JOB]
    assert work is pruning.prune
    assert (
        sum(
            when(datetime(2026, 11, 21, hour, minute)) for hour in range(24) for minute in range(60)
        )
        == 1
    )


def test_is_asked_by_the_operator_dry_first(
    kept: Organization, each_app: Flask, now: datetime
) -> None:
    run = each_app.test_cli_runner().invoke
    assert run(args=["activity", "prune", "--dry-run"]).output.startswith("aozora: 3 (")
    assert lines().count("member_suspended") == 12
    assert run(args=["activity", "prune"]).output == "aozora: 3\n"
    assert run(args=["activity", "prune", "--dry-run"]).output == ""


# chosen


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
    happened(cast.aozora, now - timedelta(days=120), 2)
    happened(cast.aozora, now - timedelta(days=100))
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


def test_covers_nothing_that_is_newer(kept: Organization, now: datetime) -> None:
    """Whoever deletes more than the retention lets go is found out."""
    pruning.prune(now)
    newer = (
        db.session.scalars(
            select(Activity).where(
                Activity.organization_id == kept.id, Activity.event == "member_suspended"
            )
        )
        .one()
        .id
    )
    with db.engine.begin() as connection, unguarded(connection):
        connection.execute(delete(Activity).where(Activity.id == newer))
    db.session.commit()
    with db.engine.connect() as connection:
        assert verify(connection, keys=keys.known()).flaws == [Flaw(MISSING, newer)]


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
