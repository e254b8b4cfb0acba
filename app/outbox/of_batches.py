"""Letters of batches: what is done to many writes many letters, which wait behind all others.

Here: marking a letter with the batch that it tells of, letting a batch’s letters go, withdrawing
them, how many leave in a minute. Not here: posting (outbox.service), sending (outbox.delivery).

A letter of a batch that can be undone is held until a few minutes after the end, so that Undo takes
it back before anybody reads it; the letter that would tell of the Undo is not sent then, either.
What protects an account (kinds.PROTECTING) is not held and not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, func, select, update

from app.extensions import db
from app.models import Letter, LetterState
from app.outbox import after_commit, failures
from app.outbox.kinds import PROTECTING

GRACE = timedelta(minutes=5)
"""After the end of a batch, until its letters leave."""
HELD = timedelta(days=2)
"""Until a batch that does not end lets its letters go all the same."""
MINUTE = timedelta(minutes=1)
OF_BATCH = "letters of a batch"


@dataclass(frozen=True)
class Told:
    """The batch whose letters are being written."""

    batch: str
    is_held: bool
    undoes: str | None = None
    """The batch that it takes back."""


@dataclass(frozen=True)
class Counts:
    """How far a batch’s letters have come."""

    waiting: int
    sent: int
    withdrawn: int
    due_at: datetime | None


@contextmanager
def telling(told: Told) -> Iterator[None]:
    """Let every letter that is posted meanwhile be one of a batch."""
    db.session.info[OF_BATCH] = told
    try:
        yield
    finally:
        db.session.info.pop(OF_BATCH, None)


def mark(letter: Letter, *, now: datetime) -> None:
    """Make a letter one of the batch that is being run, held where that can be undone; drop one
    that tells of taking back what nobody has read of.
    """
    told: Told | None = db.session.info.get(OF_BATCH)
    if told is None or letter.kind in PROTECTING:
        return
    letter.batch = told.batch
    if told.undoes is not None and _was_withdrawn(told.undoes, letter.recipient):
        letter.state, letter.reason = LetterState.DROPPED, failures.WITHDRAWN
        letter.text = letter.html = ""
    elif told.is_held:
        letter.due_at = now + HELD


def _was_withdrawn(batch: str, recipient: str) -> bool:
    query = select(Letter.id).where(
        Letter.batch == batch,
        Letter.recipient == recipient,
        Letter.state == LetterState.DROPPED,
        Letter.reason == failures.WITHDRAWN,
    )
    return db.session.scalar(query.limit(1)) is not None


def release(batch: str, *, now: datetime) -> None:
    """Let what a batch has held leave after the time in which it is undone."""
    _change(batch, due_at=now + GRACE)
    after_commit.run_job()


def withdraw(batch: str) -> None:
    """Drop the letters of a batch that have not left."""
    _change(batch, state=LetterState.DROPPED, reason=failures.WITHDRAWN, text="", html="")


def _change(batch: str, **values: object) -> None:
    db.session.flush()
    db.session.execute(
        update(Letter)
        .where(
            Letter.batch == batch,
            Letter.state == LetterState.WAITING,
            Letter.lease_until.is_(None),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def counts(batch: str) -> Counts:
    """Count a batch’s letters, in one statement."""

    def many(state: LetterState) -> ColumnElement[int]:
        return func.count().filter(Letter.state == state)

    waiting = Letter.state == LetterState.WAITING
    query = select(
        many(LetterState.WAITING),
        many(LetterState.SENT),
        many(LetterState.DROPPED),
        func.max(Letter.due_at).filter(waiting),
    ).where(Letter.batch == batch)
    return Counts(*db.session.execute(query).one())


def has_room(now: datetime) -> bool:
    """Whether this minute’s letters of batches have not all left yet."""
    query = select(func.count()).where(Letter.batch.is_not(None), Letter.sent_at > now - MINUTE)
    sent: int = db.session.scalar(query) or 0
    return sent < current_app.config["SETTINGS"].batch_letters_per_minute
