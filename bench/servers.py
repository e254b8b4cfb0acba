"""Servers: either application behind gunicorn on loopback, started and stopped by its own process
id.

Here: processes, their start time and memory. Not here: what they are asked (bench.visitor).
"""

from __future__ import annotations

import os
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

    def processor_time(self) -> float:
        """How many seconds of a processor the workers have used; where /proc does not say, none."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return sum(_used(pid) for pid in children.read_text().split()) if children.exists() else 0.0


@contextmanager
def running(
    name: str, data: Data, *, factory: str = "", workers: int = WORKERS, **more: str
) -> Iterator[Server]:
    """Start an application over these data, with `more` settings; stop it at the end."""
    port = _free_port()
    began = time.monotonic()
    process = subprocess.Popen(
        _command(factory or FACTORIES[name], port, workers),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(data, PORT=str(port), PORTAL_URL=f"http://{HOST}:{port}", **more),
    )
    try:
        _wait(process, port, DOORSTEP[name])
        yield Server(name, port, process, time.monotonic() - began)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _command(factory: str, port: int, workers: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
        factory,
        "--bind",
        f"{HOST}:{port}",
        "--worker-class",
        "gthread",
        "--workers",
        str(workers),
        "--threads",
        str(THREADS),
        "--log-level",
        "critical",
        "--no-control-socket",
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


def _used(pid: str) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
