"""The queue, in a file, in PostgreSQL and in Redis. It …"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from huey import Huey
from huey.exceptions import HueyException

from app.jobs import queue
from app.jobs.cli import Calm, Runner
from tests.conftest import settings_for
from tests.servers import LOOPBACK, free_port

KINDS = {"file": "SqliteStorage", "postgresql": "PostgresStorage", "redis": "RedisStorage"}


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def huey(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Huey]:
    """An empty queue of each kind."""
    changes = {}
    if kind == "postgresql":
        changes["database_url"] = request.getfixturevalue("postgres_url")
    if kind == "redis":
        changes["redis_url"] = request.getfixturevalue("redis_url")
    made = queue.build(settings_for(tmp_path, **changes))
    if kind == "postgresql":
        made.storage.initialize_schema()
    made.flush()
    yield made
    made.storage.close()


@pytest.fixture
def running() -> Iterator[Callable[[Huey], Runner]]:
    """`running(huey)`: a worker in this process, stopped at the end."""
    runners: list[Runner] = []

    def run(huey: Huey) -> Runner:
        runner = Runner(huey)
        runner.scheduler.start()
        for _, thread in runner.worker_threads:
            thread.start()
        runners.append(runner)
        return runner

    yield run
    for runner in runners:
        runner.stop(graceful=True)


def taught(
    huey: Huey, work: Callable[[], object], when: Callable[[datetime], bool] = lambda _now: False
) -> queue.Jobs:
    jobs = queue.Jobs(huey)
    jobs.teach("work", work, when)
    return jobs


def test_is_the_kind_the_settings_ask_for(huey: Huey, kind: str) -> None:
    assert type(huey.storage).__name__ == KINDS[kind]


def test_does_what_it_is_asked_within_two_seconds(
    huey: Huey, running: Callable[[Huey], Runner]
) -> None:
    done = threading.Event()
    jobs = taught(huey, done.set)
    running(huey)
    time.sleep(1.5)
    asked = time.monotonic()
    assert jobs.ask("work")
    assert done.wait(2)
    print(f"{type(huey.storage).__name__}: {time.monotonic() - asked:.3f} s")


def test_does_a_job_by_itself_when_its_time_comes(
    huey: Huey, running: Callable[[Huey], Runner]
) -> None:
    done = threading.Event()
    taught(huey, done.set, lambda _now: True)
    running(huey)
    assert done.wait(5)


def test_goes_on_after_a_job_that_fails(huey: Huey, running: Callable[[Huey], Runner]) -> None:
    tries: list[int] = []
    done = threading.Event()

    def work() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("broken")
        done.set()

    jobs = taught(huey, work)
    running(huey)
    jobs.ask("work")
    jobs.ask("work")
    assert done.wait(5)


def test_forgets_a_request_that_nobody_took_up_in_time(huey: Huey) -> None:
    done: list[int] = []
    jobs = taught(huey, lambda: done.append(1))
    jobs.ask("work")
    task = huey.dequeue()
    huey.execute(task, task.expires_resolved + timedelta(seconds=1))
    assert done == []


def test_trusts_no_message_it_has_not_signed(huey: Huey, tmp_path: Path) -> None:
    taught(huey, lambda: None)
    huey.storage.enqueue(b"cos\nsystem\n(S'true'\ntR.:0000")
    with pytest.raises((ValueError, HueyException)):
        huey.dequeue()


def test_keeps_quiet_for_a_while_after_the_queue_went_down(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = taught(
        queue.build(settings_for(tmp_path, redis_url=f"redis://{LOOPBACK}:{free_port()}/0")),
        lambda: None,
    )
    started = time.monotonic()
    assert [jobs.ask("work") for _ in range(20)] == [False] * 20
    assert time.monotonic() - started < 3
    assert len(caplog.records) == 1
    assert not jobs.is_reachable()


def test_tells_of_an_outage_once_a_minute_in_one_line() -> None:
    try:
        raise ConnectionRefusedError("nobody there\nand more")
    except ConnectionRefusedError:
        records = [
            logging.LogRecord(
                "huey", logging.ERROR, "", 1, "Error reading from queue", (), sys.exc_info()
            )
            for _ in range(3)
        ]
    calm = Calm()
    assert [calm.filter(record) for record in records] == [True, False, False]
    assert records[0].getMessage() == "the job queue cannot be reached: nobody there"
    assert records[0].exc_info is None
