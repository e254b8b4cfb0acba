"""The nursery: a process that has read the portal's modules, and becomes a command when asked.

Here: what runs in that process. Not here: asking it (forked.py).
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import time
from collections.abc import Iterable
from types import ModuleType
from typing import Any

READ = (
    "alembic.autogenerate",
    "alembic.command",
    "flask.cli",
    "huey.consumer",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
    "app.commands",
    "app.demo.service",
    "app.extend",
    "app.menu",
    "app.scaffold.migrations",
    "app.schedule",
    "app.upgrade",
)
"""No application is made here, and none of a package: each child makes its own."""
MOST = 200_000


def nurse(door: socket.socket) -> dict[str, Any] | None:
    """Give birth to a child for each request; return the request in the child, and nothing when
    whoever asks is gone.
    """
    ring, bell = socket.socketpair()
    for end in (ring, bell):
        end.setblocking(False)
    signal.set_wakeup_fd(bell.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    there = selectors.DefaultSelector()
    for what in (door, ring, sys.stdin):
        there.register(what, selectors.EVENT_READ)
    waiting: dict[int, socket.socket] = {}
    while True:
        ready = {key.fileobj for key, _ in there.select()}
        if sys.stdin in ready:
            return None
        if ring in ready:
            ring.recv(4096)
            _tell_of_the_dead(waiting)
        if door in ready and (asked := _bear(door, waiting)):
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            return asked


def _bear(door: socket.socket, waiting: dict[int, socket.socket]) -> dict[str, Any] | None:
    asker, _ = door.accept()
    message, files, _flags, _address = socket.recv_fds(asker, MOST, 2)
    child = os.fork()
    if not child:
        for number, file in enumerate(files, 1):
            os.dup2(file, number)
        _close([*files, asker.detach(), *(one.detach() for one in waiting.values())])
        asked: dict[str, Any] = json.loads(message)
        return asked
    _close(files)
    waiting[child] = asker
    asker.send(str(child).encode())
    return None


def _close(files: Iterable[int]) -> None:
    for file in files:
        os.close(file)


def _tell_of_the_dead(waiting: dict[int, socket.socket]) -> None:
    while waiting:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        with waiting.pop(child) as asker:
            try:
                asker.send(str(os.waitstatus_to_exitcode(status)).encode())
            except BrokenPipeError:  # nobody wants to know
                continue


def become(asked: dict[str, Any], paths: list[str]) -> None:
    """Do what `python -m module words` or `python -c code` does, in that folder and environment."""
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    more = [one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
    sys.path[:] = [asked["folder"], *more, *(one for one in paths if one not in more)]
    kind, what, *words = asked["words"]
    sys.argv[:] = [kind, *words]
    if kind == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        sys.modules["__main__"] = main = ModuleType("__main__")
        exec(compile(what, "<string>", "exec"), main.__dict__)


def read_modules() -> None:
    """Read what a start reads; the collector need not look at it again."""
    gc.disable()
    for name in READ:
        importlib.import_module(name)
    gc.freeze()
    gc.enable()


if __name__ == "__main__":
    read_modules()
    here = socket.socket(fileno=int(sys.argv[1]))
    wanted = nurse(here)
    here.close()
    if wanted:
        become(wanted, sys.path[1:])
