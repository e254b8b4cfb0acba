"""Invitations that were sent: edit, resend, cancel and discard.

Here: what an organization does with its invitations. Not here: sending them (invites.sending), what
the invited person does (invites.answering).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update

from app.access.granting import Doing
from app.access.guard import wait_turn
from app.access.seat import Seat
from app.activity import events
from app.activity import service as activity
from app.activity.events import Event
from app.activity.service import Actor
from app.extensions import db
from app.invites import addresses, mail
from app.kernel.addresses import email_key
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.tokens import digest, new_token
from app.models import Account, Activity, Invite, InviteStatus, ReplacedInviteLink
from app.offers.offer import Offer
from app.outbox import service as outbox


class InviteOver(Refusal):
    """An invitation that was answered, cancelled or has expired takes no action (D-C2)."""

    status = 410
    text = lazy(
        "This invitation has been answered, cancelled or has expired. Send a new one if it is still"
        " wanted."
    )


def look_again(invite: Invite, *, by: Seat) -> None:
    """Wait for every other change to the organization, then read an invitation as it is now.

    Raises NotFound, Forbidden.
    """
    wait_turn(invite.organization, by=by)
    db.session.refresh(invite)


def edit(invite: Invite, *, offer: Offer, preset: str, by: Seat, now: datetime) -> None:
    """Change what a pending invitation offers (S3-34).

    Raises InviteOver, NothingOffered, AboveYourself.
    """
    look_again(invite, by=by)
    ensure_may_change(invite, by=by, now=now)
    settled, before = offer.settled(invite.organization, by=by), kept_of(invite)
    if settled.is_empty:
        raise NothingOffered()
    invite.type, invite.roles, invite.authorities, invite.preset = (
        settled.type,
        list(settled.roles),
        settled.authorities,
        preset,
    )
    changed = activity.changes(before, kept_of(invite))
    if changed:
        record(events.INVITE_EDITED, invite, by=by, now=now, changes=changed)


def resend(invite: Invite, *, by: Seat, now: datetime) -> None:
    """Send the letter again with a new link and a full week; the older link dies (S1-24). Raises
    InviteOver, AboveYourself, TooManyForAddress.
    """
    look_again(invite, by=by)
    ensure_may_change(invite, by=by, now=now)
    addresses.count_letters(invite.organization, [invite.address])
    token, before = new_token(), invite.token_digest
    renewed = db.session.execute(
        update(Invite)
        .where(
            Invite.id == invite.id, Invite.status == InviteStatus.PENDING, Invite.expires_at > now
        )
        .values(token_digest=digest(token), sent_at=now, expires_at=now + VALID_FOR)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(renewed, CursorResult) or renewed.rowcount != 1:
        raise InviteOver()
    db.session.add(ReplacedInviteLink(token_digest=before, invite_id=invite.id))
    db.session.refresh(invite)
    outbox.withdraw(invite, now=now)
    outbox.post(mail.invitation(invite, token, account=account_of(invite.address)), now=now)
    record(events.INVITE_RESENT, invite, by=by, now=now)


def cancel(invite: Invite, *, by: Seat, now: datetime, undoes: Activity | None = None) -> None:
    """Withdraw a pending invitation: it disappears for the invitee and its link dies (S1-25).
    Raises InviteOver, AboveYourself.
    """
    look_again(invite, by=by)
    ensure_may_change(invite, by=by, now=now)
    close(invite, InviteStatus.CANCELLED, now=now)
    outbox.withdraw(invite, now=now)
    record(events.INVITE_CANCELLED, invite, by=by, now=now, undoes=undoes)


def ensure_may_change(invite: Invite, *, by: Seat, now: datetime) -> None:
    """Raise InviteOver, or AboveYourself for an invitation that this person may not send (D-1)."""
    if not invite.is_open(now):
        raise InviteOver()
    offered = Offer.of(invite)
    by.must_cover(offered.given, power=offered.is_power, to=Doing.CHANGE_INVITATION)


def close(invite: Invite, status: InviteStatus, *, now: datetime, **more: Any) -> None:
    """Answer a pending invitation exactly once, however many try. Raises InviteOver."""
    closed = db.session.execute(
        update(Invite)
        .where(
            Invite.id == invite.id, Invite.status == InviteStatus.PENDING, Invite.expires_at > now
        )
        .values(status=status, answered_at=now, **more)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(closed, CursorResult) or closed.rowcount != 1:
        raise InviteOver()
    db.session.refresh(invite)


def account_of(address: str) -> Account | None:
    """Return the account with this address, None where there is none."""
    return db.session.scalars(
        select(Account).where(Account.email_key == email_key(address))
    ).one_or_none()


def record(
    event: Event, invite: Invite, *, by: Actor | Account | None, now: datetime, **more: Any
) -> None:
    """Tell the log of the invitation's organization."""
    activity.record(event, now=now, by=by, organization=invite.organization, subject=invite, **more)


def kept_of(invite: Invite) -> dict[str, Any]:
    """What the log keeps of an invitation."""
    return {"type": invite.type, "roles": list(invite.roles), "authorities": invite.authorities}


VALID_FOR = timedelta(days=7)


class NothingOffered(Refusal):
    """An invitation that would give nothing (S4-05)."""

    status = 422
    field = "preset"
    text = lazy("Choose at least one role or authority.")


class StillOpen(Refusal):
    """An invitation that can still be accepted is cancelled, so that its link dies with a word."""

    status = 409
    text = lazy("This invitation is still waiting for an answer. Cancel it instead.")


def discard(invite: Invite, *, by: Seat, now: datetime) -> None:
    """Delete an invitation that was declined, cancelled or has expired (S3-34, S3-51). Nothing
    brings it back; the log keeps that it was. Raises StillOpen.
    """
    look_again(invite, by=by)
    if invite.is_open(now):
        raise StillOpen()
    outbox.withdraw(invite, now=now)
    record(events.INVITE_DELETED, invite, by=by, now=now)
    db.session.delete(invite)
    db.session.flush()
