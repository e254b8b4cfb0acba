"""A batch while the queue is away: the database is the truth, the queue only wakes. It …"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.batches import worker
from app.jobs import queue
from app.models import BatchState
from tests import cast as people
from tests.batches import kinds
from tests.batches.test_engine import lines, states, touched
from tests.cast import Cast
from tests.servers import free_port


@pytest.fixture
def cast(each_app: Flask) -> Cast:
    return people.assemble()


@pytest.fixture
def redis_away(each_app: Flask) -> Iterator[queue.Jobs]:
    """The queue in a Redis that does not answer."""
    jobs, address = queue.of(each_app), f"redis://127.0.0.1:{free_port()}/0"
    away = queue.build(replace(each_app.config["SETTINGS"], redis_url=address))
    sound, jobs.huey.storage = jobs.huey.storage, away.storage
    yield jobs
    jobs.huey.storage, jobs.silent_until = sound, 0.0


def test_loses_no_row_when_redis_goes_away_in_the_middle(
    cast: Cast, redis_away: queue.Jobs
) -> None:
    kinds.people(cast.aozora, 120)
    batch = kinds.batch(cast.aozora, cast.tanaka)
    worker.run_now(batch, seconds=0)  # one slice; the rest is asked of a queue that is away
    assert not redis_away.is_reachable()
    assert batch.state is BatchState.RUNNING and 0 < touched() < 120
    worker.work(datetime.now(UTC))  # as the schedule does, a minute later
    assert states(batch) == {"done": 120} and touched() == lines() == 120
