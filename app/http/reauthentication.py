"""Reauthentication: what somebody does only shortly after proving who they are.

Here: how long a proof lasts, and the exception that asks for a new one. Not here: the page that
asks (sign_in.reauthentication_views), what needs it (each door).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.access.seat import Seat

LASTS = timedelta(minutes=10)


class ProofNeeded(Exception):
    """The reader's last proof is too old for what they ask; a page asks for a new one and then goes
    on.
    """


def is_recent(seat: Seat, *, now: datetime) -> bool:
    """Whether the session's owner proved who they are within the last minutes."""
    return seat.session is not None and now - seat.session.proved_at < LASTS


def ensure_recent_for_power(
    seat: Seat, *, becomes: bool, is_now: bool = False, now: datetime
) -> None:
    """Raise ProofNeeded before somebody is made a power user."""
    if becomes and not is_now:
        ensure_recent(seat, now=now)


def ensure_recent(seat: Seat, *, now: datetime) -> None:
    """Raise ProofNeeded unless `is_recent`; an API key proves itself with every request."""
    if seat.scopes is None and not is_recent(seat, now=now):
        raise ProofNeeded()
