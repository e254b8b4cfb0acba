"""What becomes of pending invitations when their sender, invitee or organization goes, or their
sender may promise less; and taking one back.

Here: when, how (cancelled, or kept under another name), and the words for the pages that ask. Not
here: one that is cancelled by hand (invites.service).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, select
from sqlalchemy.orm import joinedload, selectinload

from app.access.difference import Held, held_by
from app.access.seat import Seat
from app.activity import events, undoable
from app.activity.events import declare
from app.activity.service import Actor
from app.activity.undoable import NobodyThere, NotSoAnyMore, Undoing
from app.extensions import db
from app.invites import service
from app.invites.service import record
from app.kernel import signals
from app.kernel.i18n import _, lazy, ngettext
from app.kernel.signals import Hook, Line
from app.models import Account, Activity, Invite, InviteStatus, Membership, Organization
from app.models.subjects import Subjects, how_many, rows_of
from app.offers.offer import Offer
from app.outbox import service as outbox


def connect() -> None:
    """Say what becomes of invitations."""
    for gone in (
        signals.membership_suspended,
        signals.membership_ended,
        signals.account_suspended,
        signals.account_deleted,
    ):
        gone.hooks["invites"] = Hook(_end, _count, _cancelled, 20, keepable, _senders)
    signals.authorities_narrowed.hooks["invites"] = Hook(_narrow, _beyond, _promising_more)
    signals.membership_began.hooks["invites"] = Hook(_cancel_received, concerns=_invited)
    _let_undo()
    signals.organization_deleted.hooks["invites"] = Hook(_withdraw, _of_organization, _dead, 40)


def _end(sender: Membership | Account, *, keep: bool = False, by: Seat, now: datetime) -> None:
    sent = db.session.scalars(select(Invite).where(*sent_by([sender])))
    end(sent, keep=keep, by=by, now=now)


def _count(senders: Subjects, **_told: Any) -> ScalarSelect[int]:
    return how_many(Invite, *sent_by(senders))


def _senders(members: Sequence[Membership]) -> Iterable[int]:
    query = select(Invite.inviter_id).where(*sent_by(members))
    return [one for one in db.session.scalars(query) if one is not None]


def _cancelled(count: int) -> Line:
    return _("Pending invitations sent"), ngettext(
        "%(num)s, will be cancelled", "%(num)s, will be cancelled", count
    )


def _narrow(sender: Membership, *, keep: bool, by: Seat, now: datetime) -> None:
    end(beyond([sender], held_by), keep=keep, by=by, now=now)


def _beyond(senders: Sequence[Membership], *, held: Callable[[Membership], Held]) -> int:
    return len(beyond(senders, held))


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
    end(db.session.scalars(received), by=by, now=now)


def _invited(members: Sequence[Membership]) -> Iterable[int]:
    accounts = {one.account.email_key: one.account_id for one in members}
    query = select(Invite.address_key).where(
        Invite.organization_id.in_({one.organization_id for one in members}),
        Invite.address_key.in_(accounts),
        Invite.status == InviteStatus.PENDING,
    )
    return [accounts[key] for key in db.session.scalars(query)]


def _withdraw(organization: Organization, *, now: datetime, **_told: Any) -> None:
    """Invitations go with the organization; letters would still leave."""
    for invite in db.session.scalars(select(Invite).where(*sent_by([organization]))):
        outbox.withdraw(invite, now=now)


def _of_organization(organizations: Subjects, **_told: Any) -> ScalarSelect[int]:
    return how_many(Invite, rows_of(organizations, organization=Invite.organization_id))


def _dead(count: int) -> Line:
    label = ngettext("%(num)s invitation", "%(num)s invitations", count)
    return label, _("Links that were sent stop working.")


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
    for invite in (invite for invite in these if invite not in kept):
        invite.status, invite.answered_at = InviteStatus.CANCELLED, now
        outbox.withdraw(invite, now=now)
        record(events.INVITE_CANCELLED, invite, by=by, now=now)
    for invite in kept:
        inviter = invite.inviter.written_name if invite.inviter else ""
        invite.inviter, invite.inviter_email = by.account, by.account.email
        record(INVITE_TAKEN_OVER, invite, by=by, now=now, inviter=inviter)


def beyond(senders: Sequence[Membership], held: Callable[[Membership], Held]) -> list[Invite]:
    """The pending invitations of members that somebody who holds this may not send (D-1)."""
    holds = {member.account_id: held(member) for member in senders}
    return [
        invite
        for invite in _whole(senders)
        if not Offer.of(invite).may_be_promised(holds[invite.inviter_id or 0], invite.organization)
    ]


def keepable(senders: Sequence[Membership], *, by: Seat) -> int:
    """How many of the pending invitations of members the actor could keep under their own name."""
    others = [member for member in senders if member.account_id != by.account.id]
    return len(_promisable(_whole(others), by=by))


def _whole(senders: Sequence[Membership]) -> list[Invite]:
    whole = (selectinload(Invite.roles), joinedload(Invite.organization))
    sent = select(Invite).where(*sent_by(senders)).options(*whole) if senders else None
    return [] if sent is None else list(db.session.scalars(sent))


def _promisable(invites: Iterable[Invite], *, by: Seat) -> list[Invite]:
    held = Held(by.authorities, by.is_power)
    return [
        invite for invite in invites if Offer.of(invite).may_be_promised(held, invite.organization)
    ]


INVITATION = lazy("Invitation")


def _let_undo() -> None:
    """Let lines that tell of an invitation be taken back."""
    undoable.EVENTS[events.INVITE_SENT.name] = ("send", "Invite")
    undoable.PLANS[events.INVITE_SENT.name] = _taken_back


def _taken_back(line: Activity, organization: Organization, by: Seat, now: datetime) -> Undoing:
    invite = db.session.get(Invite, line.subject_id or 0)
    if invite is None or invite.organization_id != organization.id:
        raise NobodyThere(name=line.subject_name)
    if not invite.is_open(now) or invite.address != line.subject_name:
        raise NotSoAnyMore(what=INVITATION)
    return Undoing(
        {"invitation": [_("Pending"), _("Cancelled")]},
        lambda: service.cancel(invite, by=by, now=now, undoes=line),
    )
