"""Ending: pending invitations whose sender goes or may promise less, or whose invitee came in
another way.

Here: cancelling them, or keeping them under another name. Not here: one that is cancelled by hand
(invites.service), when these are called (invites.hooks).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from app.access.difference import Held
from app.access.seat import Seat
from app.activity import events
from app.activity.events import declare
from app.activity.service import Actor
from app.extensions import db
from app.invites.service import record
from app.kernel.i18n import lazy
from app.models import Account, Invite, InviteStatus, Membership
from app.models.subjects import Subjects, rows_of
from app.offers.offer import Offer
from app.outbox import service as outbox

INVITE_TAKEN_OVER = declare(
    "invite_taken_over",
    lazy("%(actor)s took over the invitation of %(subject)s from %(inviter)s."),
    "inviter",
)


def sent_by(senders: Subjects) -> tuple[ColumnElement[bool], ...]:
    """The conditions that an invitation waits, and was sent by or for these."""
    theirs = rows_of(senders, Invite.inviter_id, Invite.organization_id)
    return theirs, Invite.status == InviteStatus.PENDING


def end(
    invites: Iterable[Invite], *, keep: bool = False, by: Actor | Account, now: datetime
) -> None:
    """Cancel invitations: their links die, letters that have not left are withdrawn. With `keep`,
    those that the actor may send go on under the actor's name, with links and dates as they are
    (T2-48).
    """
    these = list(invites)
    kept = _promisable(these, by=by) if keep and isinstance(by, Seat) else []
    for invite in (one for one in these if one not in kept):
        invite.status, invite.answered_at = InviteStatus.CANCELLED, now
        outbox.withdraw(invite, now=now)
        record(events.INVITE_CANCELLED, invite, by=by, now=now)
    for invite in kept:
        inviter = invite.inviter.written_name if invite.inviter else ""
        invite.inviter, invite.inviter_email = by.account, by.account.email
        record(INVITE_TAKEN_OVER, invite, by=by, now=now, inviter=inviter)


def beyond(senders: Sequence[Membership], held: Callable[[Membership], Held]) -> list[Invite]:
    """The pending invitations of members that somebody who holds this may not send (D-1)."""
    holds = {one.account_id: held(one) for one in senders}
    return [
        one
        for one in _whole(senders)
        if not Offer.of(one).may_be_promised(holds[one.inviter_id or 0], one.organization)
    ]


def keepable(senders: Sequence[Membership], *, by: Seat) -> int:
    """How many of the pending invitations of members the actor could keep under their own name."""
    others = [one for one in senders if one.account_id != by.account.id]
    return len(_promisable(_whole(others), by=by))


def _whole(senders: Sequence[Membership]) -> list[Invite]:
    whole = (selectinload(Invite.roles), joinedload(Invite.organization))
    sent = select(Invite).where(*sent_by(senders)).options(*whole) if senders else None
    return [] if sent is None else list(db.session.scalars(sent))


def _promisable(invites: Iterable[Invite], *, by: Seat) -> list[Invite]:
    held = Held(by.authorities, by.is_power)
    return [one for one in invites if Offer.of(one).may_be_promised(held, one.organization)]
