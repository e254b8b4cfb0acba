"""Listening: before a transaction commits, the other power users are written what it did, whatever
verb, screen or job did it.

Here: what a session collects, and the clock that comes in with it. Not here: the letters
(oversight.service), which lines are told (oversight.acts).
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event, select
from sqlalchemy.orm import Session, UOWTransaction, object_session

from app.activity import results
from app.extensions import db
from app.kernel.clock import utcnow
from app.kernel.signals import batch_ended
from app.models import Activity, Batch
from app.oversight import acts, queries
from app.oversight.service import tell

NEWS = timedelta(days=1)
"""Lines that are older when they are written tell of a past that was brought in: the demo's."""
AT_ONCE = 500
"""Lines of a batch whose members are read together."""
WAITING, TOLD = "lines for power users", "acts for power users"


def listen() -> None:
    """Tell what every session of this process commits; calling it again changes nothing."""
    if not event.contains(Session, "before_commit", _before_commit):
        event.listen(Session, "after_flush", _note)
        event.listen(Session, "before_commit", _before_commit)
        event.listen(Session, "after_rollback", _forget)
        batch_ended.connect(_tell_of_batch)


def _note(session: Session, _flush: UOWTransaction) -> None:
    since = utcnow() - NEWS
    lines = [
        one
        for one in session.new
        if isinstance(one, Activity) and one.event in acts.ACTS and one.happened_at >= since
    ]
    if lines:
        session.info.setdefault(WAITING, []).extend(lines)


def _before_commit(session: Session) -> None:
    """Understand what this transaction did, and tell it; what belongs to many at once waits until
    they are all done.
    """
    if session.in_nested_transaction():
        return
    session.flush()
    lines = [one for one in session.info.pop(WAITING, ()) if object_session(one) is session]
    if session.info.get(results.TOLD_LATER):
        return
    known = session.info.pop(TOLD, []) + [one for one in map(acts.of, lines) if one is not None]
    if known and results.BATCH in session.info:
        session.info[TOLD] = known
    elif known:
        tell(known)


def _tell_of_batch(batch: Batch) -> None:
    """Tell in one letter what all slices of a batch did."""
    told = select(Activity).where(Activity.batch == batch.public_id, Activity.event.in_(acts.ACTS))
    known: list[acts.Told] = []
    for lines in db.session.scalars(told.order_by(Activity.id)).partitions(AT_ONCE):
        with queries.members_known(lines):
            known.extend(one for one in map(acts.of, lines) if one is not None)
    if known:
        tell(known)


def _forget(session: Session) -> None:
    if not session.in_nested_transaction():  # one refusal among many takes back only its own
        session.info.pop(WAITING, None)
        session.info.pop(TOLD, None)
