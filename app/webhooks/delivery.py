"""Delivery: messages that are due are sent, several at once, each under a lease of its own.

Here: taking them so that nobody else does, and asking the other servers. Not here: what follows
from an answer (webhooks.results), which messages there are (webhooks.collecting).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from flask import current_app
from sqlalchemy import ColumnElement, func, or_, select, update

from app.extensions import db
from app.jobs import queue
from app.kernel import outgoing
from app.kernel.clock import utcnow
from app.kernel.encryption import Undecryptable
from app.models import Webhook, WebhookMessage
from app.webhooks import collecting, results, secrets
from app.webhooks.results import NO_SECRET, Result
from app.webhooks.signing import headers
from app.webhooks.waking import JOB

AT_ONCE = 5
"""Messages on their way to one webhook."""
ALL_AT_ONCE = 20
ROUNDS = 10
"""Rounds after which other jobs have their turn."""
LEASE = timedelta(minutes=2)
"""Much longer than a server may take."""
LONGEST_ANSWER = 16 * 1024


@dataclass(frozen=True)
class Parcel:
    """A message as a thread takes it: plain values, nothing of the database."""

    message_id: int
    address: str
    body: str
    headers: dict[str, str]


def deliver(now: datetime) -> None:
    """Make messages of what happened, send those that are due, and ask again where more is left."""
    is_more = collecting.collect(now)
    for _turn in range(ROUNDS):
        taken = _take(utcnow())
        if not taken:
            break
        _send(taken)
    else:
        is_more = True
    if is_more:
        queue.ask(current_app, JOB)


def _send(taken: Sequence[WebhookMessage]) -> None:
    now, parcels = utcnow(), []
    outcome: dict[int, Result] = {}
    for message in taken:
        try:
            parcels.append(_parcel(message, now))
        except Undecryptable:
            outcome[message.id] = NO_SECRET
    allowed = current_app.config["SETTINGS"].outgoing_allowed
    with ThreadPoolExecutor(ALL_AT_ONCE) as pool:
        sent = pool.map(lambda parcel: _ask(parcel, allowed), parcels)
        outcome |= {parcel.message_id: said for parcel, said in zip(parcels, sent, strict=True)}
    for message in taken:
        results.settle(message, outcome[message.id], now=utcnow())


def _parcel(message: WebhookMessage, now: datetime) -> Parcel:
    signed = secrets.valid(message.webhook, now=now)
    return Parcel(
        message.id,
        message.webhook.address,
        message.body,
        headers(message.body, message_id=message.message_id, secrets=signed, now=now),
    )


def _ask(parcel: Parcel, allowed: Sequence[outgoing.IpNetwork]) -> Result:
    began = monotonic()
    try:
        answer = outgoing.ask(
            parcel.address,
            method="POST",
            body=parcel.body.encode(),
            headers=parcel.headers,
            allowed=allowed,
            longest=LONGEST_ANSWER,
        )
    except outgoing.NotReached as error:
        return Result(trouble=error.trouble, milliseconds=_since(began))
    text = answer.body.decode("utf-8", "replace")
    retry_after = answer.headers.get("retry-after", "")
    return Result(answer.status, text, retry_after, milliseconds=_since(began))


def _since(began: float) -> int:
    return int((monotonic() - began) * 1000)


def _take(now: datetime) -> list[WebhookMessage]:
    """Lease what is due: so many of each webhook, those first that have waited longest. The try
    counts from here, even if this worker dies.
    """
    message = WebhookMessage
    turn = func.row_number().over(
        partition_by=message.webhook_id, order_by=(message.due_at, message.id)
    )
    due = (
        select(message.id, turn.label("turn"))
        .join(Webhook, Webhook.id == message.webhook_id)
        .where(Webhook.is_active, message.state == "waiting", message.due_at <= now)
        .where(_is_free(now))
        .subquery()
    )
    chosen = db.session.scalars(
        select(due.c.id)
        .where(due.c.turn <= AT_ONCE)
        .order_by(due.c.turn, due.c.id)
        .limit(ALL_AT_ONCE)
    ).all()
    taking = (
        update(message)
        .where(message.id.in_(chosen), message.state == "waiting", _is_free(now))
        .values(lease_until=now + LEASE, attempts=message.attempts + 1)
        .returning(message.id)
    )
    options = {"unscoped": True, "synchronize_session": False}
    taken = db.session.scalars(taking, execution_options=options).all() if chosen else []
    db.session.commit()
    rows = select(message).where(message.id.in_(taken)).order_by(message.id)
    return [*db.session.scalars(rows)] if taken else []


def _is_free(now: datetime) -> ColumnElement[bool]:
    lease = WebhookMessage.lease_until
    return or_(lease.is_(None), lease < now)
