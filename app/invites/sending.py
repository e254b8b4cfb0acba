"""Sending invitations: asking addresses to join.

Here: the verb, all of them or none. Not here: what happens to an invitation that was sent
(invites.service), who cannot be invited (invites.queries).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from app.access.locks import wait_turn
from app.access.roles import CUSTOM
from app.access.seat import Seat
from app.activity import events
from app.extensions import db
from app.invites import addresses, mail, queries
from app.invites.service import VALID_FOR, NothingOffered, account_of, kept_of, record
from app.kernel.addresses import email_key
from app.kernel.tokens import digest, new_public_id, new_token
from app.kernel.unique import unless_taken
from app.models import Invite, InviteStatus, Organization
from app.offers.offer import Offer
from app.outbox import service as outbox


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
    malformed, known = addresses.problems_of(found), queries.obstacles(found, organization, now=now)
    addresses.ensure_usable(found, [*malformed, *known], also=empty)
    if empty is not None:
        raise empty
    addresses.count_letters(organization, found)
    return [_send_one(address, organization, asking, offer, by=by, now=now) for address in found]


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
    invite = _pending(address, organization, asking, offer, by=by, now=now)
    invite.token_digest = digest(token)
    db.session.add(invite)
    _flush(invite)
    outbox.post(mail.invitation(invite, token, account=account_of(address)), now=now)
    record(events.INVITE_SENT, invite, by=by, now=now, **kept_of(invite))
    return invite


def _pending(
    address: str,
    organization: Organization,
    asking: Asking,
    offer: Offer,
    *,
    by: Seat,
    now: datetime,
) -> Invite:
    return Invite(
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
        created_at=now,
        sent_at=now,
        expires_at=now + VALID_FOR,
    )


def _flush(invite: Invite) -> None:
    """Write; where somebody invited the same address between our look and our write, say so."""
    address = invite.address
    with unless_taken(
        address_key=lambda: addresses.AddressesRefused([queries.invited_meanwhile(address)])
    ):
        db.session.flush()


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
