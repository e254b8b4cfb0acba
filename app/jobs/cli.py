"""`flask worker`: a process that does the jobs.

Here: the command. Not here: which jobs (app.schedule), where they wait (jobs.queue).
"""

from __future__ import annotations

import logging
import signal
import time

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from huey import Huey
from huey.consumer import Consumer

from app.jobs import queue

logger = logging.getLogger(__name__)

THREADS = 2
LONGEST_NAP = 0.5
"""Seconds between two looks into a queue that cannot wake its workers (a file)."""
LONGEST_NAP_OF_WOKEN = 10.0
"""The same for Redis and PostgreSQL, which wake them; it matters only while they are down."""
QUIET = 60.0
PATIENCE = 60
"""Seconds a worker may take to finish the letter in its hands once it is asked to stop."""


class Runner(Consumer):
    """Huey's consumer; both signals that people send let the job in hand finish."""

    def __init__(self, huey: Huey) -> None:
        nap = LONGEST_NAP_OF_WOKEN if huey.storage.blocking else LONGEST_NAP
        super().__init__(
            huey,
            workers=THREADS,
            max_delay=nap,
            backoff=1.5,
            graceful_signal="TERM",
            shutdown_timeout=PATIENCE,
        )
        self._signal_actions[signal.SIGINT] = (False, True)

    def start(self) -> None:
        """Start, and say so: from here on a signal lets the job in hand finish."""
        super().start()
        logger.info("the worker is ready")


class Calm(logging.Filter):
    """Let a queue that is down be told of once a minute, in one line, however often it is looked
    into.
    """

    def __init__(self) -> None:
        super().__init__()
        self._quiet_until = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, queue.OUTAGES):
            return True
        if time.monotonic() < self._quiet_until:
            return False
        self._quiet_until = time.monotonic() + QUIET
        record.msg, record.args, record.exc_info = (
            "the job queue cannot be reached: %s",
            (str(error).partition("\n")[0],),
            None,
        )
        return True


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Send mail and do the scheduled jobs until stopped; any number of these may run, on any
    machine.
    """
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("app").setLevel(logging.INFO)
    for handler in logging.getLogger().handlers:
        handler.addFilter(Calm())
    Runner(queue.of(current_app._get_current_object()).huey).run()  # type: ignore[attr-defined]


def register_commands(app: Flask) -> None:
    """Add `flask worker`."""
    app.cli.add_command(worker)
