"""Delivery: letters that are due leave, one at a time, each under a lease of its own.

Here: taking a letter so that nobody else does, and what follows from the server's answer; every
step is committed, so that a worker killed anywhere loses nothing and repeats at most the letter in
its hands. Not here: the conversation (outbox.smtp).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, Self

from flask import current_app
from sqlalchemy import ColumnElement, and_, or_, select, update

from app.extensions import db
from app.jobs import queue
from app.kernel.errors import Refusal
from app.models import Letter, LetterState
from app.outbox import failures, of_batches
from app.outbox.failures import NotNow, Rejected, Unreachable
from app.outbox.kinds import WAITED_FOR
from app.outbox.mailbox import LocalMailbox
from app.outbox.message import LetterMail, UnusableSender
from app.outbox.smtp import MailServer

JOB = "deliver"
BATCH = 100
LEASE = timedelta(minutes=5)
"""Longer than the server may take over one letter; after it, another worker may take the letter up.
"""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 360))
"""The wait after the first, second … try; the last one repeats."""
LONGEST_PAUSE_WHEN_UNREACHABLE = timedelta(minutes=15)
"""A server that cannot be reached is the fault of no letter: all of them leave soon after it is
back.
"""
GIVE_UP_AFTER = timedelta(days=3)

log = logging.getLogger(__name__)


class Carrier(Protocol):
    """What takes letters out of the house: the mail server, or the local mailbox."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def carry(self, mail: LetterMail) -> None: ...


@dataclass
class Delivered:
    """What became of the letters of one batch."""

    sent: int = 0
    put_off: int = 0
    dead: int = 0
    dropped: int = 0
    trouble: str = ""
    is_full: bool = False

    def __add__(self, other: Delivered) -> Delivered:
        return Delivered(
            self.sent + other.sent,
            self.put_off + other.put_off,
            self.dead + other.dead,
            self.dropped + other.dropped,
            other.trouble or self.trouble,
            other.is_full,
        )


def deliver(now: datetime) -> None:
    """Send what is due; ask again where more is left than one batch."""
    if deliver_due(now).is_full:
        queue.ask(current_app, JOB)


def deliver_due(now: datetime, *, limit: int = BATCH) -> Delivered:
    """Send what is due at `now`, at most `limit` letters over one connection, committing after
    each.
    """
    clock = _clock_from(now)
    batch = Delivered(dropped=_drop_stale(now))
    with _carrier() as carrier:
        for _turn in range(limit):
            letter = _lease_next(clock())
            if letter is None or not _deliver(letter, carrier, clock, batch):
                break
        else:
            batch.is_full = True
    return batch


def _deliver(
    letter: Letter, carrier: Carrier, clock: Callable[[], datetime], batch: Delivered
) -> bool:
    """Send one leased letter and keep what came of it; return whether the next one is
    worth a try."""
    try:
        carrier.carry(_written(letter))
    except Rejected as refused:
        batch.dead += 1
        _bury(letter, str(refused))
    except NotNow as later:
        _put_off(letter, str(later), _pause(letter), clock(), batch)
    except Unreachable as trouble:
        batch.trouble = str(trouble)
        _put_off(
            letter,
            batch.trouble,
            min(_pause(letter), LONGEST_PAUSE_WHEN_UNREACHABLE),
            clock(),
            batch,
        )
        _hold_back(batch.trouble, clock())
        return False
    else:
        batch.sent += 1
        _settle(
            Letter.id == letter.id,
            state=LetterState.SENT,
            sent_at=clock(),
            reason="",
            text="",
            html="",
            lease_until=None,
        )
        log.info("letter %s (%s) has left", letter.id, letter.kind)
    return True


def _written(letter: Letter) -> LetterMail:
    """Write a letter out; a fault of the settings is no letter's, and costs none its life."""
    try:
        return LetterMail(letter, current_app.config["SETTINGS"].mail_sender)
    except UnusableSender as error:
        raise Unreachable(failures.SENDER) from error
    except (Refusal, ValueError) as error:
        raise Rejected(failures.UNWRITABLE) from error


def _put_off(
    letter: Letter, reason: str, pause: timedelta, now: datetime, batch: Delivered
) -> None:
    if now - letter.created_at >= GIVE_UP_AFTER:
        batch.dead += 1
        _bury(letter, reason)
    else:
        batch.put_off += 1
        _settle(_still_ours(letter), reason=reason, due_at=now + pause, lease_until=None)
        log.info("letter %s (%s) waits: %s", letter.id, letter.kind, reason)


def _bury(letter: Letter, reason: str) -> None:
    _settle(_still_ours(letter), state=LetterState.DEAD, reason=reason, lease_until=None)
    log.warning("letter %s (%s) cannot be delivered: %s", letter.id, letter.kind, reason)


def _hold_back(reason: str, now: datetime) -> None:
    """Let the rest of what is due wait a moment too, saying why; it costs those letters no try."""
    _settle(and_(*_takeable(now)), reason=reason, due_at=now + PAUSES[0])
    log.warning("the mail server cannot be used: %s", reason)


def _drop_stale(now: datetime) -> int:
    """Drop what would arrive too late to be of use, such as sign-in codes."""
    stale = and_(Letter.state == LetterState.WAITING, Letter.stale_at <= now, _unleased(now))
    return _settle(
        stale, state=LetterState.DROPPED, reason=failures.STALE, text="", html="", lease_until=None
    )


def _lease_next(now: datetime) -> Letter | None:
    """Take the next letter, None where none is due; the try counts from here, even if this worker
    dies.

    Next is what somebody waits for, then the untried ones, then by age, and what tells of something
    done to many after all others; looked at anew each time, so that a code posted meanwhile does
    not wait behind a hundred invitations.
    """
    order = (
        Letter.stale_at.is_(None),
        Letter.batch.is_not(None),
        Letter.kind.not_in(WAITED_FOR),
        Letter.attempts,
        Letter.due_at,
        Letter.id,
    )
    due = select(Letter.id).where(*_takeable(now)).order_by(*order).limit(1)
    if not of_batches.has_room(now):
        due = due.where(Letter.batch.is_(None))
    taking = (
        update(Letter)
        .where(
            Letter.id == due.with_for_update(skip_locked=True).scalar_subquery(), *_takeable(now)
        )
        .values(lease_until=now + LEASE, attempts=Letter.attempts + 1)
        .returning(Letter)
    )
    letter = db.session.scalars(
        taking, execution_options={"synchronize_session": False, "populate_existing": True}
    ).one_or_none()
    if letter is not None:
        db.session.expunge(letter)
    db.session.commit()
    return letter


def _settle(which: ColumnElement[bool], **values: Any) -> int:
    changed = db.session.scalars(
        update(Letter).where(which).values(**values).returning(Letter.id),
        execution_options={"synchronize_session": False},
    ).all()
    db.session.commit()
    return len(changed)


def _takeable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Letter.state == LetterState.WAITING, Letter.due_at <= now, _unleased(now)


def _unleased(now: datetime) -> ColumnElement[bool]:
    return or_(Letter.lease_until.is_(None), Letter.lease_until < now)


def _still_ours(letter: Letter) -> ColumnElement[bool]:
    return and_(Letter.id == letter.id, Letter.lease_until == letter.lease_until)


def _pause(letter: Letter) -> timedelta:
    return PAUSES[min(letter.attempts, len(PAUSES)) - 1]


def _carrier() -> Carrier:
    settings = current_app.config["SETTINGS"]
    return LocalMailbox(settings.instance_path) if settings.local_mailbox else MailServer()


def _clock_from(now: datetime) -> Callable[[], datetime]:
    """Return a clock that says `now` and goes on from there: a batch may take minutes."""
    started = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - started)
