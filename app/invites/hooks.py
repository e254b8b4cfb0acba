"""What becomes of pending invitations when their sender, invitee or organization goes, or their
sender may promise less.

Here: when, and the words for the pages that ask. Not here: how (invites.ending).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, select

from app.access.difference import Held, held_by
from app.access.seat import Seat
from app.extensions import db
from app.invites import ending
from app.kernel import signals
from app.kernel.i18n import _, ngettext
from app.kernel.signals import Hook, Line
from app.models import Account, Invite, InviteStatus, Membership, Organization
from app.models.subjects import Subjects, how_many, rows_of
from app.outbox import service as outbox


def connect() -> None:
    """Say what becomes of invitations."""
    for gone in (
        signals.membership_suspended,
        signals.membership_ended,
        signals.account_suspended,
        signals.account_deleted,
    ):
        gone.hooks["invites"] = Hook(_end, _count, _cancelled, 20, ending.keepable, _senders)
    signals.authorities_narrowed.hooks["invites"] = Hook(_narrow, _beyond, _promising_more)
    signals.membership_began.hooks["invites"] = Hook(_cancel_received)
    signals.organization_deleted.hooks["invites"] = Hook(_withdraw, _of_organization, _dead, 40)


def _end(sender: Membership | Account, *, keep: bool = False, by: Seat, now: datetime) -> None:
    sent = db.session.scalars(select(Invite).where(*ending.sent_by([sender])))
    ending.end(sent, keep=keep, by=by, now=now)


def _count(senders: Subjects, **_told: Any) -> ScalarSelect[int]:
    return how_many(Invite, *ending.sent_by(senders))


def _senders(members: Sequence[Membership]) -> Iterable[int]:
    query = select(Invite.inviter_id).where(*ending.sent_by(members))
    return [one for one in db.session.scalars(query) if one is not None]


def _cancelled(count: int) -> Line:
    return _("Pending invitations sent"), ngettext(
        "%(num)s, will be cancelled", "%(num)s, will be cancelled", count
    )


def _narrow(sender: Membership, *, keep: bool, by: Seat, now: datetime) -> None:
    ending.end(ending.beyond([sender], held_by), keep=keep, by=by, now=now)


def _beyond(senders: Sequence[Membership], *, held: Callable[[Membership], Held]) -> int:
    return len(ending.beyond(senders, held))


def _promising_more(count: int) -> Line:
    sentence = ngettext(
        "%(num)s pending invitation they sent promises more than they may still give. It will"
        " be cancelled.",
        "%(num)s pending invitations they sent promise more than they may still give. They will"
        " be cancelled.",
        count,
    )
    return sentence, ""


def _cancel_received(membership: Membership, *, by: Seat | Account, now: datetime) -> None:
    received = select(Invite).where(
        Invite.organization_id == membership.organization_id,
        Invite.address_key == membership.account.email_key,
        Invite.status == InviteStatus.PENDING,
    )
    ending.end(db.session.scalars(received), by=by, now=now)


def _withdraw(organization: Organization, *, now: datetime, **_told: Any) -> None:
    """Invitations go with the organization; letters would still leave."""
    for invite in db.session.scalars(select(Invite).where(*ending.sent_by([organization]))):
        outbox.withdraw(invite, now=now)


def _of_organization(organizations: Subjects, **_told: Any) -> ScalarSelect[int]:
    return how_many(Invite, rows_of(organizations, organization=Invite.organization_id))


def _dead(count: int) -> Line:
    label = ngettext("%(num)s invitation", "%(num)s invitations", count)
    return label, _("Links that were sent stop working.")
