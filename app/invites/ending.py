"""Ending: pending invitations whose sender goes or may promise less, whose organization is deleted,
or whose invitee came in another way.

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
from app.activity import service as activity
from app.activity.events import declare
from app.activity.service import Actor
from app.extensions import db
from app.kernel.i18n import lazy
from app.members.offer import Offer
from app.models import Account, Invite, InviteStatus, Membership
from app.models.invite import is_pending_from
from app.outbox import service as outbox

INVITE_TAKEN_OVER = declare(
    "invite_taken_over",
    lazy("%(actor)s took over the invitation of %(subject)s from %(inviter)s."),
    "inviter",
)


def sent_by(memberships: Sequence[Membership]) -> list[Invite]:
    """The pending invitations that members of one organization sent for it."""
    if not memberships:
        return []
    senders = [one.account_id for one in memberships]
    return list(
        db.session.scalars(
            select(Invite)
            .where(is_pending_from(senders, memberships[0].organization_id))
            .options(selectinload(Invite.roles), joinedload(Invite.organization))
        )
    )


def cancel(*which: ColumnElement[bool], by: Actor | Account, now: datetime) -> None:
    """Cancel the invitations for which these conditions hold."""
    _cancel(db.session.scalars(select(Invite).where(*which)), by=by, now=now)


def end(
    invites: Iterable[Invite], *, keep: bool = False, by: Actor | Account, now: datetime
) -> None:
    """Cancel invitations whose sender goes; with `keep`, those that the actor may send go on under
    the actor's name (T2-48). Links and dates stay as they are.
    """
    these = list(invites)
    kept = _keepable(these, by=by) if keep and isinstance(by, Seat) else []
    _cancel([one for one in these if one not in kept], by=by, now=now)
    for invite in kept:
        inviter = invite.inviter.written_name if invite.inviter else ""
        invite.inviter, invite.inviter_email = by.account, by.account.email
        activity.record(
            INVITE_TAKEN_OVER,
            now=now,
            by=by,
            organization=invite.organization,
            subject=invite,
            inviter=inviter,
        )


def withdraw(*which: ColumnElement[bool], now: datetime) -> None:
    """Keep back the letters of invitations that are deleted."""
    for invite in db.session.scalars(
        select(Invite).where(Invite.status == InviteStatus.PENDING, *which)
    ):
        outbox.withdraw(invite, now=now)


def beyond(memberships: Sequence[Membership], held: Callable[[Membership], Held]) -> list[Invite]:
    """The pending invitations of members of one organization that somebody who holds this may not
    send (D-1).
    """
    members = {one.account_id: one for one in memberships}
    return [
        one
        for one in sent_by(memberships)
        if not Offer.of(one).may_be_promised(held(members[one.inviter_id or 0]), one.organization)
    ]


def keepable(memberships: Sequence[Membership], *, by: Seat) -> int:
    """How many of the pending invitations of members the actor could keep under their own name."""
    theirs = sent_by([one for one in memberships if one.account_id != by.account.id])
    return len(_keepable(theirs, by=by))


def _keepable(invites: Iterable[Invite], *, by: Seat) -> list[Invite]:
    held = Held(by.authorities, by.is_power)
    return [one for one in invites if Offer.of(one).may_be_promised(held, one.organization)]


def _cancel(invites: Iterable[Invite], *, by: Actor | Account, now: datetime) -> None:
    """Their links die, and letters that have not left are withdrawn."""
    for invite in list(invites):
        invite.status, invite.answered_at = InviteStatus.CANCELLED, now
        outbox.withdraw(invite, now=now)
        activity.record(
            events.INVITE_CANCELLED,
            now=now,
            by=by,
            organization=invite.organization,
            subject=invite,
        )
