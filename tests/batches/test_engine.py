"""The engine, on SQLite and on PostgreSQL. It …"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.batches import leases, service, slices, worker
from app.batches.kinds import kind_of
from app.extensions import db
from app.models import Activity, Batch, BatchRow, BatchState, Membership, RowState
from tests import cast as people
from tests.batches import kinds
from tests.cast import Cast


@pytest.fixture
def cast(each_app: Flask) -> Cast:
    return people.assemble()


def states(batch: Batch) -> dict[str, int]:
    """How many rows are in which state, counted."""
    db.session.expire_all()
    rows = select(BatchRow.state, func.count()).where(BatchRow.batch_id == batch.id)
    return {str(state): count for state, count in db.session.execute(rows.group_by(BatchRow.state))}


def touched() -> int:
    query = select(func.count(Membership.id)).where(Membership.suspended_reason == "seen")
    return db.session.scalar(query) or 0


def lines() -> int:
    return db.session.scalar(select(func.count(Activity.id))) or 0


def test_does_every_row_once_and_says_so(cast: Cast) -> None:
    kinds.people(cast.aozora, 120)
    batch = kinds.batch(cast.aozora, cast.tanaka)
    worker.work(datetime.now(UTC))
    db.session.refresh(batch)
    assert batch.state is BatchState.FINISHED
    assert states(batch) == {"done": 120} and batch.count(RowState.DONE, "planned") == 120
    assert touched() == lines() == 120
    assert db.session.scalars(select(Activity.batch).distinct()).all() == [batch.public_id]


def test_leaves_what_is_so_already_and_names_what_is_refused(cast: Cast) -> None:
    kinds.people(cast.aozora, 6)
    first, second, *_rest = db.session.scalars(
        select(Membership).order_by(Membership.id.desc()).limit(2)
    )
    first.suspended_reason, second.suspended_reason = "seen", "special"
    batch = kinds.batch(cast.aozora, cast.tanaka)
    worker.run_now(batch)
    assert batch.state is BatchState.FINISHED
    assert states(batch) == {"done": 4, "unchanged": 1, "refused": 1}
    row = db.session.scalars(select(BatchRow).where(BatchRow.state == RowState.REFUSED)).one()
    assert row.problems[0]["code"] == "TooSpecial" and row.problems[0]["message"]


def test_refuses_a_row_that_fails_and_goes_on(cast: Cast) -> None:
    kinds.people(cast.aozora, 60)
    batch = kinds.batch(cast.aozora, cast.tanaka, bug=41)
    worker.work(datetime.now(UTC))
    assert states(batch) == {"done": 59, "refused": 1}
    assert touched() == lines() == 59
    row = db.session.get_one(BatchRow, (batch.id, 41))
    assert row.state is RowState.REFUSED and row.problems[0]["code"] == "unexpected"


def test_does_nothing_with_a_lease_that_somebody_else_has_by_now(cast: Cast) -> None:
    kinds.people(cast.aozora, 10)
    batch = kinds.batch(cast.aozora, cast.tanaka)
    kind = kind_of(batch)
    stale = leases.take(datetime.now(UTC))
    assert stale is not None and leases.take(datetime.now(UTC)) is None
    fresh = leases.take(datetime.now(UTC) + timedelta(seconds=61))
    assert fresh is not None and fresh.token != stale.token
    assert slices.run(slices.Turn(stale, kind)) is False
    assert states(batch) == {"planned": 10}
    turn = slices.Turn(fresh, kind)
    while slices.run(turn):
        pass
    assert states(batch) == {"done": 10}


def test_stops_when_the_author_may_not_any_more(cast: Cast) -> None:
    """The rights are those of the moment: a right that goes after 100 rows ends it there."""
    kinds.people(cast.aozora, 200)
    manager = cast.membership(cast.suzuki)
    manager.authorities = frozenset({"member_manager", "user_viewer"})
    batch = kinds.batch(cast.aozora, cast.suzuki)
    lease = leases.take(datetime.now(UTC))
    assert lease is not None
    turn = slices.Turn(lease, kind_of(batch))
    while touched() < 100:
        assert slices.run(turn)
    db.session.execute(
        update(Membership)
        .where(Membership.account_id == cast.suzuki.id)
        .values(authorities=frozenset({"user_viewer"}))
    )
    db.session.commit()
    done = touched()
    assert slices.run(turn) is False
    db.session.refresh(batch)
    assert (batch.state, batch.trouble) == (BatchState.CANCELLED, "rights_lost")
    assert touched() == done < 150
    assert states(batch) == {"done": done, "cancelled": 200 - done}


def test_is_cancelled_before_the_next_slice(cast: Cast) -> None:
    kinds.people(cast.aozora, 80)
    batch = kinds.batch(cast.aozora, cast.tanaka)
    lease = leases.take(datetime.now(UTC))
    assert lease is not None
    turn = slices.Turn(lease, kind_of(batch))
    slices.run(turn)
    done = touched()
    service.cancel(batch, now=datetime.now(UTC))
    db.session.commit()
    assert slices.run(turn) is False
    db.session.refresh(batch)
    assert (batch.state, batch.trouble) == (BatchState.CANCELLED, "asked")
    assert states(batch) == {"done": done, "cancelled": 80 - done}


def test_runs_one_batch_of_an_organization_at_a_time(cast: Cast) -> None:
    kinds.people(cast.aozora, 4)
    first = kinds.batch(cast.aozora, cast.tanaka)
    second = kinds.batch(cast.aozora, cast.tanaka, word="again")
    lease = leases.take(datetime.now(UTC))
    assert lease is not None and lease.batch_id == first.id
    assert leases.take(datetime.now(UTC)) is None
    slices.run(slices.Turn(lease, kind_of(first)))
    after = leases.take(datetime.now(UTC))
    assert after is not None and after.batch_id == second.id


def test_is_confirmed_once_however_often_it_is_clicked(cast: Cast) -> None:
    kinds.people(cast.aozora, 2)
    batch = kinds.batch(cast.aozora, cast.tanaka)
    from tests import factories

    with pytest.raises(service.NotAskable):
        service.confirm(
            batch, by=factories.seat(cast.membership(cast.tanaka)), now=datetime.now(UTC)
        )
