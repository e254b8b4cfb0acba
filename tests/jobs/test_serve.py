"""`python -m app.serve`: the process tree of `make run`. It …"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from app.database import OUTDATED
from app.serve import web_command
from config import ROOT, Settings
from tests.servers import LOOPBACK, free_port

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Start]:
    """`start()`: the portal on an empty instance folder, ended at the end."""
    started: list[subprocess.Popen[str]] = []

    def serve(**more: str) -> subprocess.Popen[str]:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MAIL_")},
            "INSTANCE_PATH": str(tmp_path),
            "PORT": str(port),
            "PORTAL_URL": f"http://{LOOPBACK}:{port}",
            "WEB_WORKERS": "1",
            **more,
        }
        command = [sys.executable, "-m", "app.serve"]
        started.append(
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield serve
    for process in started:
        process.terminate()
        process.communicate()


def said(process: subprocess.Popen[str], lines: int) -> str:
    """The first lines it prints."""
    assert process.stdout is not None
    return "".join(process.stdout.readline() for _ in range(lines))


def eventually(what: Callable[[], object], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/healthz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def children(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children()


def test_says_where_it_runs_and_offers_the_set_up_link_at_first_start(
    start: Start, port: int
) -> None:
    begun = time.monotonic()
    greeting = said(start(), 3)
    print(f"first start: {time.monotonic() - begun:.1f} s")
    assert f"http://{LOOPBACK}:{port} " in greeting
    assert "/mailbox/" in greeting
    link = re.search(rf"http://{LOOPBACK}:{port}/setup/[\w-]{{20,}}", greeting)
    assert link
    with urllib.request.urlopen(link[0]) as page:
        assert page.status == 200


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ends_with_all_its_processes(start: Start, port: int, signum: signal.Signals) -> None:
    process = start()
    said(process, 2)
    everyone = psutil.Process(process.pid).children(recursive=True)
    assert len(everyone) >= 3
    process.send_signal(signum)
    assert process.wait(30) == 0
    assert not [
        one for one in everyone if one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    ]
    assert not answers(port)


def test_starts_a_process_again_that_died(start: Start, port: int) -> None:
    process = start()
    said(process, 2)
    before = {one.pid for one in children(process)}
    for one in children(process):
        one.kill()
    assert eventually(lambda: len({one.pid for one in children(process)} - before) == 2)
    assert eventually(lambda: answers(port))
    assert process.poll() is None


def test_leaves_nobody_behind_when_it_is_killed(start: Start, port: int) -> None:
    process = start()
    said(process, 2)
    everyone = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    _, alive = psutil.wait_procs(everyone, timeout=20)
    assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]


def test_says_in_one_sentence_that_its_port_is_taken(start: Start, port: int) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, port))
        other.listen()
        process = start()
        _, complaint = process.communicate(timeout=20)
    assert process.returncode == 1
    assert complaint.startswith(f"{LOOPBACK}:{port} is in use.")
    assert complaint.count("\n") == 1


def test_says_in_one_sentence_that_its_settings_cannot_be(start: Start) -> None:
    process = start(PORTAL_URL="https://members.example.com")
    _, complaint = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "MAIL_SERVER" in complaint
    assert complaint.count("\n") == 1


def test_a_web_server_ends_where_the_portal_cannot_start(tmp_path: Path) -> None:
    """It does not start its processes again and again, as it would after a crash."""
    settings = Settings.from_environment({"PORT": str(free_port())})
    environment = {**os.environ, "INSTANCE_PATH": str(tmp_path), "PORTAL_URL": "http://localhost"}
    ended = subprocess.run(
        web_command(settings),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 4
    assert ended.stderr.startswith(OUTDATED)


def test_starts_quickly_the_second_time(start: Start, port: int) -> None:
    first = start()
    said(first, 2)
    first.terminate()
    first.wait(30)
    begun = time.monotonic()
    said(start(), 2)
    print(f"later start: {time.monotonic() - begun:.1f} s")
    assert time.monotonic() - begun < 15
