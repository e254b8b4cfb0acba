"""What is kept of a batch, for how long; whose batches stop; which are named as stuck. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.authorities import Authority
from app.accounts import suspension as accounts
from app.batches import forgetting, waiting, worker
from app.extensions import db
from app.memberships import service as members
from app.memberships import suspension
from app.models import Batch, BatchRow, BatchState, Membership
from app.sessions import service as sessions
from app.setup import checks
from tests import factories
from tests.batches import kinds
from tests.batches.test_engine import states, touched
from tests.cast import Cast
from tests.conftest import PortalClient

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def rows(batch: Batch) -> int:
    query = select(func.count()).select_from(BatchRow).where(BatchRow.batch_id == batch.id)
    return db.session.scalar(query) or 0


def test_deletes_rows_after_thirty_days_and_keeps_what_was_done(app: Flask, cast: Cast) -> None:
    kinds.people(cast.aozora, 5)
    batch = kinds.batch(cast.aozora, cast.tanaka)
    worker.work(NOW)
    assert forgetting.forget_old(NOW + 29 * DAY) == 0 and rows(batch) == 5
    assert forgetting.forget_old(NOW + 31 * DAY) == 5 and rows(batch) == 0
    db.session.refresh(batch)
    assert batch.state is BatchState.FINISHED and batch.count("done") == 5


def test_deletes_in_pieces(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds.people(cast.aozora, 5)
    kinds.batch(cast.aozora, cast.tanaka)
    worker.work(NOW)
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    assert forgetting.forget_old(NOW + 31 * DAY) == 5


def test_forgets_a_question_that_nobody_answered(app: Flask, cast: Cast) -> None:
    kinds.people(cast.aozora, 3)
    batch = kinds.batch(cast.aozora, cast.tanaka)
    batch.state, batch.confirmed_at = BatchState.CHECKED, None
    db.session.commit()
    assert forgetting.forget_old(NOW + DAY / 2) == 0
    assert forgetting.forget_old(NOW + 2 * DAY) == 3


def test_blanks_what_it_says_of_an_account_that_is_deleted(app: Flask, cast: Cast) -> None:
    kinds.people(cast.aozora, 2)
    batch = kinds.batch(cast.aozora, cast.tanaka)
    worker.work(NOW)
    first, second = db.session.scalars(select(BatchRow).where(BatchRow.batch_id == batch.id))
    first.account_id, first.name = cast.newcomer.id, "Emma Clark"
    first.problems = [{"column": "", "code": "X", "message": "Emma Clark"}]
    db.session.commit()
    root = factories.seat(cast.membership(cast.tanaka))
    root.account, root.is_platform_administrator = cast.root, True
    accounts.delete(cast.newcomer, by=root, now=NOW)
    db.session.commit()
    assert (first.name, first.problems, first.account_id) == ("", [], None) and second.name


def a_manager(cast: Cast) -> Membership:
    made = factories.membership(
        factories.account("manager"), cast.aozora, authorities=[Authority.MEMBER_MANAGER]
    )
    kinds.people(cast.aozora, 60)
    return made


@pytest.mark.parametrize("how", ["suspended", "account suspended", "removed"])
def test_stops_what_an_author_asked_for_who_is_gone(app: Flask, cast: Cast, how: str) -> None:
    tanaka, manager = factories.seat(cast.membership(cast.tanaka)), a_manager(cast)
    batch = kinds.batch(cast.aozora, manager.account)
    if how == "suspended":
        suspension.suspend(manager, reason="", by=tanaka, now=NOW)
    elif how == "removed":
        members.remove(manager, by=tanaka, now=NOW)
    else:
        manager.account.suspended_at = NOW
    db.session.commit()
    worker.work(NOW)
    db.session.refresh(batch)
    assert batch.state is BatchState.CANCELLED and batch.trouble and not touched()


def test_stops_in_the_middle_once_the_author_is_suspended(app: Flask, cast: Cast) -> None:
    """A batch of 60 whose 11th row suspends its author: no slice after that one does anything."""
    manager = a_manager(cast)
    batch = kinds.batch(cast.aozora, manager.account, seconds=0.02)
    lease = worker.leases.take(NOW)
    assert lease is not None
    turn = worker.Turn(lease, worker.kind_of(batch))
    assert worker.slices.run(turn)
    done = touched()
    assert 0 < done < 60
    tanaka = factories.seat(cast.membership(cast.tanaka))
    suspension.suspend(db.session.get_one(Membership, manager.id), reason="", by=tanaka, now=NOW)
    db.session.commit()
    assert worker.slices.run(turn) is False
    assert touched() == done and states(batch) == {"done": done, "cancelled": 60 - done}


def test_stops_what_waits_when_all_sessions_are_ended(app: Flask, cast: Cast) -> None:
    kinds.people(cast.aozora, 3)
    own = kinds.batch(cast.aozora, cast.tanaka)
    with_key = kinds.batch(cast.aozora, cast.tanaka)
    with_key.key_id = 1
    db.session.commit()
    sessions.end_all(cast.tanaka, now=NOW)
    db.session.commit()
    db.session.refresh(own)
    assert (own.state, own.trouble) == (BatchState.CANCELLED, "sessions_ended")
    assert states(own) == {"cancelled": 3} and with_key.state is BatchState.QUEUED


def test_names_one_that_does_not_move(app: Flask, cast: Cast) -> None:
    kinds.people(cast.aozora, 3)
    kinds.batch(cast.aozora, cast.tanaka)
    now = datetime.now(UTC)
    assert waiting.stuck_since(now) is None
    assert waiting.stuck_since(now + timedelta(minutes=11)) is not None
    running = kinds.batch(cast.aozora, cast.tanaka)
    running.state, running.moved_at = BatchState.RUNNING, now + timedelta(minutes=10)
    db.session.commit()
    assert waiting.stuck_since(now + timedelta(minutes=11)) is None
    running.moved_at = now - timedelta(minutes=11)
    db.session.commit()
    assert any("has not moved" in one for one in checks.complaints(app))


def test_lets_two_batches_of_one_organization_take_turns(app: Flask, cast: Cast) -> None:
    kinds.people(cast.aozora, 20)
    kinds.people(cast.minato, 0)
    first = kinds.batch(cast.aozora, cast.tanaka)
    second = kinds.batch(cast.aozora, cast.tanaka, word="again")
    lease = worker.leases.take(NOW)
    assert lease is not None and lease.batch_id == first.id
    assert worker.leases.take(NOW) is None
    worker.leases.release(lease)
    worker.work(NOW)
    assert states(first) == states(second) == {"done": 20}
    assert first.finished_at and second.started_at and first.finished_at <= second.started_at


def test_is_opened_from_the_list(cast: Cast, as_: Callable[..., PortalClient]) -> None:
    kinds.people(cast.aozora, 3)
    kinds.batch(cast.aozora, cast.tanaka)
    worker.work(NOW)
    client = as_(cast.tanaka)
    page = client.get("/o/aozora/batches/list/").get_data(as_text=True)
    links = {*re.findall(r'href="(/o/aozora/batches/show/[^"]+)"', page)} - {
        "/o/aozora/batches/show/0"
    }
    assert links and all(client.get(link).status_code == 200 for link in links)
    assert client.get("/o/aozora/batches/show/99999999").status_code == 404
    assert as_(cast.yamada).get(links.pop().replace("aozora", "minato")).status_code == 404
