"""A batch whose workers are killed, paused or two: each row is done once, on both. It …"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError

from app.batches import leases
from app.extensions import db
from app.models import Activity, Batch, BatchState
from tests import cast as people
from tests.batches import kinds
from tests.batches.test_engine import states, touched
from tests.cast import Cast
from tests.forked import Forked, Nursery

ROOT = Path(__file__).resolve().parents[2]
ROWS = 400
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
Workers = Callable[[], Forked]


@pytest.fixture
def cast(each_app: Flask) -> Cast:
    return people.assemble()


@pytest.fixture
def workers(each_app: Flask, nursery: Nursery) -> Iterator[Workers]:
    """`workers()`: one more worker, a process of its own; all are ended afterwards."""
    started: list[Forked] = []
    settings = each_app.config["SETTINGS"]
    database = settings.database_url if "postgresql" in settings.database_url else ""
    words = ("-m", "tests.batches.worker_process", str(settings.instance_path), database)

    def start() -> Forked:
        made = nursery.start(*words, folder=ROOT, environment=os.environ)
        started.append(made)
        assert made.stdout.readline() == b"ready\n"
        return made

    yield start
    for one in started:
        one.kill()
        one.wait()
        one.stdout.close()
        one.stderr.close()


def done(batch: Batch) -> bool:
    db.session.rollback()
    db.session.refresh(batch)
    return batch.is_over


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def free(batch: Batch) -> None:
    """Let the lease of a worker that is gone be over, as it is a minute later."""
    db.session.execute(update(Batch).values(lease_until=LONG_AGO))
    db.session.commit()


def assert_once(batch: Batch, rows: int) -> None:
    """Every row is done, was done once, and has one line in the log."""
    assert states(batch) == {"done": rows}
    assert touched() == rows
    assert batch.count("done") == rows
    count = select(func.count(Activity.id), func.count(Activity.subject_id.distinct()))
    assert tuple(db.session.execute(count).one()) == (rows, rows)


def test_goes_on_where_a_killed_worker_stopped(cast: Cast, workers: Workers) -> None:
    """kill -9 at random moments, again and again."""
    kinds.people(cast.aozora, ROWS)
    batch = kinds.batch(cast.aozora, cast.tanaka, seconds=0.002)
    chance, kills = random.Random(7), 0
    while kills < 5 and not done(batch):
        worker = workers()
        time.sleep(chance.uniform(0.05, 0.5))
        worker.kill()
        worker.wait()
        kills += 1
        if not done(batch):
            free(batch)
    last = workers()
    wait_for(lambda: done(batch))
    assert last.poll() is None and kills
    assert_once(batch, ROWS)


def test_is_done_once_by_two_workers(cast: Cast, workers: Workers) -> None:
    kinds.people(cast.aozora, ROWS)
    workers(), workers()
    batch = kinds.batch(cast.aozora, cast.tanaka)
    wait_for(lambda: done(batch))
    assert_once(batch, ROWS)


def test_is_left_alone_by_a_worker_that_slept_past_its_lease(cast: Cast, workers: Workers) -> None:
    """SIGSTOP, another worker takes over, SIGCONT: the first one writes nothing more."""
    kinds.people(cast.aozora, ROWS)
    sleeper = workers()
    batch = kinds.batch(cast.aozora, cast.tanaka, seconds=0.02)
    wait_for(lambda: done(batch) or batch.count("done") > 0)
    assert not batch.is_over
    token = batch.lease_token
    for _try in range(200):  # stop it between two slices: within one it holds the only writer
        os.kill(sleeper.pid, signal.SIGSTOP)
        try:
            if db.engine.dialect.name == "postgresql":  # a sleeper within a slice holds its row
                db.session.execute(text("SET LOCAL lock_timeout = '300ms'"))
            db.session.execute(update(Batch).values(lease_until=LONG_AGO))
            db.session.commit()
            break
        except OperationalError:
            db.session.rollback()
            os.kill(sleeper.pid, signal.SIGCONT)
    other = workers()
    wait_for(lambda: done(batch) or batch.lease_token != token)
    os.kill(sleeper.pid, signal.SIGCONT)
    wait_for(lambda: done(batch))
    assert other.poll() is None
    assert_once(batch, ROWS)


def test_needs_no_message_from_the_queue(cast: Cast, workers: Workers) -> None:
    """What the queue lost is found by looking into the database."""
    kinds.people(cast.aozora, 20)
    batch = kinds.batch(cast.aozora, cast.tanaka)
    assert leases.LEASE.total_seconds() == 60
    workers()
    wait_for(lambda: done(batch))
    assert batch.state is BatchState.FINISHED
    assert_once(batch, 20)
