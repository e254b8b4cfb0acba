"""Telling: before a transaction commits, the other power users are written what it did.

Here: what a session collects and posts, one letter per act and reader, for many at once one letter
for all of them, whatever verb, screen or job did it. Not here: which lines are told
(oversight.acts), the words (oversight.mail).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction, object_session

from app.activity import results
from app.extensions import db
from app.kernel.clock import utcnow
from app.models import Account, Activity, Organization
from app.outbox import service as outbox
from app.outbox.message import UnsendableAddress
from app.oversight import acts, mail, queries
from app.oversight.acts import Act, Told

NEWS = timedelta(days=1)
"""Lines that are older when they are written tell of a past that was brought in: the demo's."""
WAITING, TOLD = "lines for power users", "acts for power users"


def listen() -> None:
    """Tell what every session of this process commits; calling it again changes nothing."""
    if not event.contains(Session, "before_commit", _before_commit):
        event.listen(Session, "after_flush", _note)
        event.listen(Session, "before_commit", _before_commit)
        event.listen(Session, "after_rollback", _forget)


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
    known = session.info.pop(TOLD, []) + [one for one in map(acts.of, lines) if one is not None]
    if known and results.BATCH in session.info:
        session.info[TOLD] = known
    elif known:
        tell(known)


def _forget(session: Session) -> None:
    session.info.pop(WAITING, None)


def tell(known: Iterable[Told]) -> None:
    """Post one letter for each act, organization and reader. A reset of somebody who belongs to
    several organizations is one act: whoever hears of it in one of them hears it once.
    """
    by_act: dict[tuple[Act, int, int | None, str], list[Told]] = {}
    for one in known:
        by_act.setdefault((one.act, one.organization_id, one.actor_id, one.via), []).append(one)
    people = queries.accounts({i for one in known for i in (one.subject_id, one.actor_id)})
    heard: set[tuple[int, int | None]] = set()
    for lines in by_act.values():
        organization = db.session.get(Organization, lines[0].organization_id)
        for reader in queries.hearers(lines[0].organization_id) if organization else ():
            theirs = [one for one in lines if _is_news(one, reader, heard)]
            if organization and theirs:
                _post(mail.told(theirs, organization, people, to=reader), at=lines[0].at)


def _is_news(one: Told, reader: Account, heard: set[tuple[int, int | None]]) -> bool:
    """Whether somebody else did it to somebody else; whoever invited has a letter of the answer."""
    if reader.id in (one.actor_id, one.subject_id, one.inviter_id):
        return False
    key = (reader.id, one.subject_id)
    if one.act is Act.RESET and key in heard:
        return False
    heard |= {key} if one.act is Act.RESET else set()
    return True


def _post(draft: outbox.Draft, *, at: datetime) -> None:
    """Nobody's act fails for the address of somebody who would hear of it."""
    try:
        outbox.post(draft, now=at)
    except UnsendableAddress:
        return
