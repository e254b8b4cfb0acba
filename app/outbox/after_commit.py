"""After a commit: as soon as letters are written, or something else that a job waits for, the queue
is asked to run it.

Here: what happens after a commit; a queue that is down costs nobody anything, the schedule finds
the letters too.
Not here: the queue (jobs.queue).
"""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.extensions import db
from app.jobs import queue

_KEY = "jobs to ask for"


def run_job(job: str = "deliver") -> None:
    """Ask for delivery, or for another job, once this transaction is committed, and only then."""
    db.session().info.setdefault(_KEY, set()).add(job)


@event.listens_for(db.session, "after_commit")
def _deliver(session: Session) -> None:
    if not session.in_nested_transaction():
        for job in sorted(session.info.pop(_KEY, ())):
            queue.ask(current_app, job)


@event.listens_for(db.session, "after_soft_rollback")
def _forget(session: Session, _previous: Any) -> None:
    if not session.in_transaction():
        session.info.pop(_KEY, None)
