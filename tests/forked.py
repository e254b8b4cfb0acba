"""Forked: `python -m …` and `python -c …` as processes of their own, which need not read the
portal's modules again: a second and more of each start.

Here: asking the nursery for them, and the little of `subprocess.Popen` that tests use. Not here:
the nursery (nursery.py). What a start reads, and in which order, is tested by those that start
Python itself: jobs/test_serve.py, browser/portal.py.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import BinaryIO

import pytest

from config import ROOT


class Forked:
    """A process that was forked: its id, how it ended, and what it says."""

    def __init__(self, nursery: socket.socket, stdout: BinaryIO, stderr: BinaryIO) -> None:
        self._nursery, self.stdout, self.stderr = nursery, stdout, stderr
        self.pid = int(nursery.recv(20))
        self.returncode: int | None = None
        self._one_asks = Lock()

    def poll(self) -> int | None:
        """Return how it ended, if it did."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, and return how it ended: below zero, by which signal."""
        if not self._one_asks.acquire(timeout=-1 if timeout is None else timeout):
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        try:
            return self._asked(timeout)
        finally:
            self._one_asks.release()

    def _asked(self, timeout: float | None) -> int:
        if self.returncode is None:
            self._nursery.settimeout(timeout)
            try:
                self.returncode = int(self._nursery.recv(20))
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0) from None
            self._nursery.close()
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for its end, and return what it said and complained about."""
        with ThreadPoolExecutor(2) as readers:
            said = [readers.submit(one.read) for one in (self.stdout, self.stderr)]
            try:
                self.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
        self.stdout.close()
        self.stderr.close()
        out, complained = (one.result().decode() for one in said)
        return out, complained

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal while it lives."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


class Nursery:
    """Whom to ask for processes."""

    def __init__(self, address: Path) -> None:
        self._address = str(address)

    def start(self, *words: str, folder: Path, environment: Mapping[str, str]) -> Forked:
        """Start `python` with these words, in a folder."""
        asked = {"words": words, "folder": str(folder), "environment": dict(environment)}
        out, says = os.pipe()
        err, complains = os.pipe()
        nursery = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        nursery.connect(self._address)
        socket.send_fds(nursery, [json.dumps(asked).encode()], [says, complains])
        os.close(says)
        os.close(complains)
        return Forked(nursery, open(out, "rb"), open(err, "rb"))


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """A process that forks others, as long as the tests run."""
    with (
        TemporaryDirectory(prefix="meibo-nursery-") as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door,
    ):
        address = Path(folder) / "door"
        door.bind(str(address))
        door.listen(16)
        command = [sys.executable, "-m", "tests.nursery", str(door.fileno())]
        process = subprocess.Popen(
            command, cwd=ROOT, pass_fds=[door.fileno()], stdin=subprocess.PIPE
        )
        yield Nursery(address)
        process.communicate()
