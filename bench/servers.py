"""Servers: either application behind gunicorn on loopback, started and stopped by its own process id.

Here: processes, their start time and memory. Not here: what they are asked (bench.visitor).
"""
from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench.data import ROOT, Data, environment

HOST = "127.0.0.1"
WORKERS, THREADS = 2, 8
PATIENCE = 90
PORTAL, STOCK = "portal", "stock"
FACTORIES = {PORTAL: "app:create_app()", STOCK: "bench.stock:create_app()"}
COUNTING = {PORTAL: "bench.counting:portal()", STOCK: "bench.counting:stock()"}
"""The same applications, telling how many statements each page took; never timed."""
DOORSTEP = {PORTAL: "/healthz", STOCK: "/login/"}


@dataclass
class Server:
    """A running application."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    started_in: float

    def worker_memory(self) -> float:
        """How much memory a worker holds in the middle, in MiB."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(_resident(pid) for pid in children) / max(1, len(children))


@contextmanager
def running(name: str, data: Data, *, factory: str = "", workers: int = WORKERS) -> Iterator[Server]:
    """Start an application over these data; stop it at the end."""
    port = _free_port()
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603
        _command(factory or FACTORIES[name], port, workers), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=environment(data, PORT=str(port), PORTAL_URL=f"http://{HOST}:{port}"),
    )
    try:
        _wait(process, port, DOORSTEP[name])
        yield Server(name, port, process, time.monotonic() - began)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _command(factory: str, port: int, workers: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", factory, "--bind", f"{HOST}:{port}", "--worker-class", "gthread", "--workers", str(workers),
        "--threads", str(THREADS), "--log-level", "critical", "--no-control-socket",
    ]


def _wait(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"A server ended at its start, with {process.returncode}.")
        if _answers(port, path):
            return
        time.sleep(0.02)
    raise SystemExit(f"A server did not answer in {PATIENCE} seconds.")


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _resident(pid: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))
