"""Discarding: an invitation that is over leaves the list for good.

Here: one verb. Not here: ending one that is still open (invites.service.cancel).
"""

from __future__ import annotations

from datetime import datetime

from app.access.seat import Seat
from app.activity import events
from app.extensions import db
from app.invites import service as invites
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import Invite
from app.outbox import service as outbox


class StillOpen(Refusal):
    """An invitation that can still be accepted is cancelled, so that its link dies with a word."""

    status = 409
    text = lazy("This invitation is still waiting for an answer. Cancel it instead.")


def discard(invite: Invite, *, by: Seat, now: datetime) -> None:
    """Delete an invitation that was declined, cancelled or has expired (S3-34, S3-51). Nothing
    brings it back; the log keeps that it was. Raises StillOpen.
    """
    invites.look_again(invite, by=by)
    if invite.is_open(now):
        raise StillOpen()
    outbox.withdraw(invite, now=now)
    invites.record(events.INVITE_DELETED, invite, by=by, now=now)
    db.session.delete(invite)
    db.session.flush()
