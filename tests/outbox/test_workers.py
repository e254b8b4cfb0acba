"""Workers as real processes: killed at the worst moments, and several at once. It …"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask

from app.models import Letter, LetterState
from app.outbox.delivery import LEASE, deliver_due
from config import ROOT, Settings
from tests.forked import Forked, Nursery
from tests.servers import LOOPBACK, PostOffice

Posted = Callable[..., int]
Read = Callable[[int], Letter]
Start = Callable[..., Forked]
STARTING = 60
"""Seconds that a process may take to start and do its work on a busy machine."""


@pytest.fixture
def start(portal: Flask, nursery: Nursery) -> Iterator[Start]:
    """`start("worker")`: `flask worker` on the same database and mail server, killed at the end if
    need be.
    """
    started: list[Forked] = []

    def flask(*command: str) -> Forked:
        settings: Settings = portal.config["SETTINGS"]
        environment = {
            **os.environ,
            "DATABASE_URL": settings.database_url,
            "INSTANCE_PATH": str(settings.instance_path),
            "PORTAL_URL": settings.portal_url,
            "SECRET_KEY": settings.secret_key,
            "MAIL_SERVER": LOOPBACK,
            "MAIL_PORT": str(portal.extensions["mail"].port),
        }
        words = ("-m", "flask", "--app", "app", *command)
        started.append(nursery.start(*words, folder=ROOT, environment=environment))
        return started[-1]

    yield flask
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def eventually(what: Callable[[], object], seconds: float = STARTING) -> bool:
    """Whether something becomes true within some seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.02)
    return False


def kill(process: Forked) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_loses_nothing_when_a_worker_dies_before_the_server_has_the_letter(
    start: Start,
    portal: Flask,
    posted: Posted,
    letter: Read,
    smtp_server: PostOffice,
    now: datetime,
) -> None:
    smtp_server.data_answers["first@example.com"] = "hang"
    first, second = posted("first@example.com"), posted("second@example.com")
    worker = start("outbox", "deliver")
    assert eventually(lambda: letter(first).lease_until)
    kill(worker)
    smtp_server.data_answers.clear()
    assert deliver_due(now).sent == 1, "the letter that nobody held"
    assert letter(first).state is LetterState.WAITING
    assert deliver_due(now + 2 * LEASE).sent == 1
    assert Counter(mail["X-Envelope-To"] for mail in smtp_server.mails) == {
        "first@example.com": 1,
        "second@example.com": 1,
    }
    assert letter(second).state is LetterState.SENT


def test_repeats_one_letter_at_most_when_a_worker_dies_after_the_server_has_it(
    start: Start,
    portal: Flask,
    posted: Posted,
    letter: Read,
    smtp_server: PostOffice,
    now: datetime,
) -> None:
    for number in range(5):
        posted(f"person{number}@example.com")
    workers: list[Forked] = []
    smtp_server.on_mail = lambda mail: (
        kill(workers[0])
        if mail["X-Envelope-To"] == "person2@example.com" and len(smtp_server.mails) == 3
        else None
    )
    workers.append(start("outbox", "deliver"))
    assert workers[0].wait(STARTING) == -signal.SIGKILL
    deliver_due(now)
    deliver_due(now + 2 * LEASE)
    arrived = Counter(mail["X-Envelope-To"] for mail in smtp_server.mails)
    assert arrived == {
        f"person{number}@example.com": 2 if number == 2 else 1 for number in range(5)
    }
    identities = {mail["Message-ID"] for mail in smtp_server.to("person2@example.com")}
    assert len(identities) == 1, "whoever gets it twice can tell"


def test_shares_the_letters_among_workers_without_sending_one_twice(
    start: Start, portal: Flask, posted: Posted, smtp_server: PostOffice
) -> None:
    for number in range(60):
        posted(f"person{number}@example.com")
    smtp_server.on_mail = lambda mail: time.sleep(0.05)
    workers = [start("outbox", "deliver") for _ in range(3)]
    assert [worker.wait(STARTING) for worker in workers] == [0, 0, 0]
    assert Counter(mail["X-Envelope-To"] for mail in smtp_server.mails) == {
        f"person{number}@example.com": 1 for number in range(60)
    }
    assert smtp_server.connections > 1, "more than one worker had letters"


def test_finishes_the_letter_in_its_hands_when_asked_to_stop(
    start: Start, portal: Flask, posted: Posted, letter: Read, smtp_server: PostOffice
) -> None:
    first = posted("somebody@example.com")
    worker = start("worker")
    smtp_server.on_mail = lambda mail: worker.send_signal(signal.SIGTERM)
    assert worker.wait(STARTING) == 0
    assert letter(first).state is LetterState.SENT
    assert len(smtp_server.mails) == 1


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_stops_at_once_when_it_has_nothing_to_do(
    start: Start, portal: Flask, posted: Posted, letter: Read, signum: signal.Signals
) -> None:
    """A letter that was sent says that the worker is up."""
    first, worker = posted(), start("worker")
    assert eventually(lambda: letter(first).state is LetterState.SENT)
    worker.send_signal(signum)
    assert worker.wait(5) == 0


def test_sends_within_two_seconds_of_the_commit(
    start: Start, portal: Flask, posted: Posted, smtp_server: PostOffice
) -> None:
    worker = start("worker")
    try:
        posted("warm-up@example.com")
        assert eventually(lambda: smtp_server.to("warm-up@example.com"))
        time.sleep(2)
        latencies = [
            _latency(posted, smtp_server, f"person{number}@example.com") for number in range(5)
        ]
    finally:
        worker.terminate()
        worker.wait(10)
    print(
        f"from commit to the mail server: {', '.join(f'{seconds:.2f} s' for seconds in latencies)}"
    )
    assert max(latencies) < 2


def _latency(posted: Posted, server: PostOffice, to: str) -> float:
    time.sleep(0.7)
    posted(to)
    committed = time.monotonic()
    assert eventually(lambda: server.to(to))
    return time.monotonic() - committed


def test_says_what_it_did_and_fails_when_the_server_is_down(
    start: Start, portal: Flask, posted: Posted, smtp_server: PostOffice
) -> None:
    posted()
    done = start("outbox", "deliver")
    assert (
        done.communicate()[0]
        == "Sent: 1. Waiting: 0. Undeliverable: 0. Dropped as out of date: 0.\n"
    )
    assert done.returncode == 0
    portal.extensions["mail"].port = 1
    posted()
    down = start("outbox", "deliver")
    assert down.communicate()[0].startswith("Sent: 0. Waiting: 1.")
    assert down.returncode == 1
