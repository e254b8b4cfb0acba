"""Schedule: which jobs there are, and when they run by themselves.

Here: one table, and what surrounds every job: an application context, a closed session, the present
moment. Not here: the work.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps

from flask import Flask, current_app
from huey import crontab
from huey.exceptions import RetryTask
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from app.extensions import db
from app.jobs import housekeeping, queue
from app.kernel.clock import utcnow
from app.outbox.delivery import deliver_due

DATABASE_AWAY = (OperationalError, InterfaceError, NoConnectionLeft)
"""Down, or written to by somebody else for longer than anybody waits: no fault of the job's."""
RETRY_AFTER = 30
"""Seconds."""
log = logging.getLogger(__name__)

Job = Callable[[datetime], object]
Timed = tuple[Job, Callable[[datetime], bool]]
"""Work, and the times (UTC) at which it runs by itself."""


def deliver(now: datetime) -> None:
    """Send what is due; ask again where more is left than one batch."""
    if deliver_due(now).is_full:
        queue.ask(current_app, "deliver")


JOBS: dict[str, Timed] = {
    "deliver": (deliver, crontab(minute="*")),
    "sweep": (housekeeping.sweep, crontab(minute="17")),
}
"""Name, work, times (UTC). The sweep is hourly, since a machine may sleep at night."""


def install(app: Flask, *, more: Mapping[str, Timed]) -> None:
    """Give the application its queue and teach it every job, its own and those of higher floors."""
    jobs = queue.Jobs(queue.build(app.config["SETTINGS"]))
    for name, (work, when) in (JOBS | dict(more)).items():
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
