"""Inviting: send, edit, resend and cancel.

Here: what an organization does with its invitations. Not here: what the invited person does
(invites.answering).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError

from app.access.granting import Doing
from app.access.guard import wait_turn
from app.access.roles import CUSTOM
from app.access.seat import Seat
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.invites import addresses, limits, mail, obstacles
from app.kernel.addresses import email_key
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.tokens import digest, new_public_id, new_token
from app.members.offer import Offer
from app.models import Account, Activity, Invite, InviteStatus, Organization, ReplacedInviteLink
from app.outbox import service as outbox

VALID_FOR = timedelta(days=7)


class InviteOver(Refusal):
    """An invitation that was answered, cancelled or has expired takes no action (D-C2)."""

    status = 410
    text = lazy(
        "This invitation has been answered, cancelled or has expired. Send a new one if it is still"
        " wanted."
    )


class NothingOffered(Refusal):
    """An invitation that would give nothing (S4-05)."""

    status = 422
    field = "preset"
    text = lazy("Choose at least one role or authority.")


@dataclass(frozen=True)
class Asking:
    """How somebody is asked: what is offered, and how the letter says it."""

    offer: Offer
    preset: str = CUSTOM
    language: str = "en"
    hide_inviter: bool = False


def send(
    organization: Organization, *, to: Iterable[str], asking: Asking, by: Seat, now: datetime
) -> list[Invite]:
    """Invite each address for one week: all of them, or none (S1-11, S1-20, S1-21).

    Raises NoAddress, AddressesRefused with a sentence per address, NothingOffered, AboveYourself
    (D-1), TooManyInvites, TooManyForAddress.
    """
    found = addresses.read("\n".join(to))
    wait_turn(organization, by=by)
    offer = asking.offer.settled(organization, by=by)
    empty = NothingOffered() if offer.is_empty else None
    malformed, known = addresses.problems_of(found), obstacles.among(found, organization, now=now)
    addresses.ensure_usable(found, [*malformed, *known], also=empty)
    if empty is not None:
        raise empty
    limits.count(organization, found)
    return [_send_one(address, organization, asking, offer, by=by, now=now) for address in found]


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
    settled, before = offer.settled(invite.organization, by=by), _told(invite)
    if settled.is_empty:
        raise NothingOffered()
    invite.type, invite.roles, invite.authorities, invite.preset = (
        settled.type,
        list(settled.roles),
        settled.authorities,
        preset,
    )
    changed = activity.changes(before, _told(invite))
    if changed:
        activity.record(
            events.INVITE_EDITED,
            now=now,
            by=by,
            organization=invite.organization,
            subject=invite,
            changes=changed,
        )


def resend(invite: Invite, *, by: Seat, now: datetime) -> None:
    """Send the letter again with a new link and a full week; the older link dies (S1-24). Raises
    InviteOver, AboveYourself, TooManyForAddress.
    """
    look_again(invite, by=by)
    ensure_may_change(invite, by=by, now=now)
    limits.count(invite.organization, [invite.address])
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
    activity.record(
        events.INVITE_RESENT, now=now, by=by, organization=invite.organization, subject=invite
    )


def cancel(invite: Invite, *, by: Seat, now: datetime, undoes: Activity | None = None) -> None:
    """Withdraw a pending invitation: it disappears for the invitee and its link dies (S1-25).
    Raises InviteOver, AboveYourself.
    """
    look_again(invite, by=by)
    ensure_may_change(invite, by=by, now=now)
    close(invite, InviteStatus.CANCELLED, now=now)
    outbox.withdraw(invite, now=now)
    activity.record(
        events.INVITE_CANCELLED,
        now=now,
        by=by,
        organization=invite.organization,
        subject=invite,
        undoes=undoes,
    )


def ensure_may_change(invite: Invite, *, by: Seat, now: datetime) -> None:
    """Raise InviteOver, or AboveYourself for an invitation that this person may not send (D-1)."""
    if not invite.is_open(now):
        raise InviteOver()
    offered = Offer(invite.type, tuple(invite.roles), invite.authorities)
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


def _send_one(
    address: str,
    organization: Organization,
    asking: Asking,
    offer: Offer,
    *,
    by: Seat,
    now: datetime,
) -> Invite:
    _replace_expired(address, organization, now=now)
    token = new_token()
    invite = Invite(
        public_id=new_public_id(),
        organization=organization,
        address=address,
        inviter=by.account,
        inviter_email=by.account.email,
        hide_inviter=asking.hide_inviter,
        type=offer.type,
        roles=list(offer.roles),
        authorities=offer.authorities,
        preset="" if offer.is_power else asking.preset,
        language=asking.language,
        status=InviteStatus.PENDING,
        token_digest=digest(token),
        created_at=now,
        sent_at=now,
        expires_at=now + VALID_FOR,
    )
    db.session.add(invite)
    _flush(invite)
    outbox.post(mail.invitation(invite, token, account=account_of(address)), now=now)
    activity.record(
        events.INVITE_SENT,
        now=now,
        by=by,
        organization=organization,
        subject=invite,
        **_told(invite),
    )
    return invite


def _flush(invite: Invite) -> None:
    """Write; where somebody invited the same address between our look and our write, say so."""
    address = invite.address
    try:
        db.session.flush()
    except IntegrityError as error:
        raise addresses.AddressesRefused([obstacles.invited_meanwhile(address)]) from error


def _replace_expired(address: str, organization: Organization, *, now: datetime) -> None:
    db.session.execute(
        update(Invite)
        .where(
            Invite.organization_id == organization.id,
            Invite.address_key == email_key(address),
            Invite.status == InviteStatus.PENDING,
            Invite.expires_at <= now,
        )
        .values(status=InviteStatus.CANCELLED, answered_at=now)
    )


def _told(invite: Invite) -> dict[str, Any]:
    return {"type": invite.type, "roles": list(invite.roles), "authorities": invite.authorities}
