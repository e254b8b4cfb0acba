"""Running: what surrounds every job.

Here: an application context, a closed session, the present moment, putting off what the database
cannot take. Not here: which jobs there are, and when (app.schedule).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps

from flask import Flask
from huey.exceptions import RetryTask
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from app.extensions import db
from app.jobs import queue
from app.kernel.clock import utcnow

DATABASE_AWAY = (OperationalError, InterfaceError, NoConnectionLeft)
"""Down, or written to by somebody else for longer than anybody waits: no fault of the job's."""
RETRY_AFTER = 30
"""Seconds."""
log = logging.getLogger(__name__)

Job = Callable[[datetime], object]
Timed = tuple[Job, Callable[[datetime], bool]]
"""Work, and the times (UTC) at which it runs by itself."""


def install(app: Flask, jobs_by_name: Mapping[str, Timed]) -> None:
    """Give the application its queue and teach it every job."""
    jobs = queue.Jobs(queue.build(app.config["SETTINGS"]))
    for name, (work, when) in jobs_by_name.items():
        jobs.teach(name, _inside(app, name, work), when)
    app.extensions["jobs"] = jobs


def _inside(app: Flask, name: str, work: Job) -> Callable[[], None]:
    @wraps(work)
    def run() -> None:
        with app.app_context():
            try:
                work(utcnow())
            except DATABASE_AWAY as error:
                db.session.remove()
                reason = str(error).partition("\n")[0]
                log.warning("%s is put off, the database cannot be used: %s", name, reason)
                raise RetryTask(delay=RETRY_AFTER) from None

    return run
