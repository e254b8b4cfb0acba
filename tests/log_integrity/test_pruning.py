"""Letting go of what has been kept long enough: at night, told in the log (B-84, B-107). It …"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.log_integrity import pruning, retention, signing_keys
from app.log_integrity.verification import MISSING, Flaw, verify
from app.models import Activity, ActivityPruning, Organization
from app.schedule import SCHEDULE
from tests.conftest import unguarded
from tests.log_integrity.conftest import is_whole, lines, suspensions


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
    suspensions(kept, now - timedelta(days=450), 2)
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
    suspensions(kept, now - timedelta(days=200), retention.BATCH)
    assert pruning.prune(now) == {"aozora": retention.BATCH + 3}
    assert lines().count("member_suspended") == 9
    assert is_whole()


def test_is_done_every_night() -> None:
    work, when = SCHEDULE[pruning.JOB]
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
        assert verify(connection, keys=signing_keys.known()).flaws == [Flaw(MISSING, newer)]
