"""Sent: the invitations that somebody sent and the role bindings that somebody made, which still
wait.

Here: finding them, and cancelling them or keeping them under another name, when their sender goes
or may promise less. Not here: an invitation's own life (invites.service).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.access.authorities import known
from app.access.difference import Held, held_by
from app.access.granting import missing
from app.access.policy import authorities_for
from app.access.seat import Seat
from app.activity import binding_events, events
from app.activity import service as activity
from app.activity.events import declare
from app.activity.service import Actor
from app.extensions import db
from app.kernel.i18n import lazy
from app.models import (
    Account,
    BindingStatus,
    Invite,
    InviteStatus,
    Membership,
    MemberType,
    Organization,
    RoleBinding,
)
from app.outbox import service as outbox

INVITE_TAKEN_OVER = declare(
    "invite_taken_over",
    lazy("%(actor)s took over the invitation of %(subject)s from %(inviter)s."),
    "inviter",
)


def pending_of(account: Account, organization: Organization | None = None) -> Select[tuple[Invite]]:
    """The query for the pending invitations that an account sent, for one organization or
    for all."""
    query = select(Invite).where(
        Invite.inviter_id == account.id, Invite.status == InviteStatus.PENDING
    )
    return query if organization is None else query.where(Invite.organization_id == organization.id)


def cancel(invites: Iterable[Invite], *, by: Actor | Account, now: datetime) -> None:
    """Cancel invitations whose ground is gone: their links die, letters that have not left are
    withdrawn.
    """
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


def beyond(membership: Membership, held: Held) -> list[Invite]:
    """The pending invitations of a member that somebody who holds this may not send (D-1)."""
    theirs = db.session.scalars(
        pending_of(membership.account, membership.organization).options(
            selectinload(Invite.roles), joinedload(Invite.organization)
        )
    )
    return [one for one in theirs if not may_give(held, one)]


def cancel_beyond(
    membership: Membership, *, keep: bool = False, by: Actor | Account, now: datetime
) -> None:
    """Cancel the pending invitations of a member that the member may not send any more (D-1,
    T2-96), or `keep` those that the actor may send.
    """
    held = held_by(membership)
    end(beyond(membership, held), keep=keep, by=by, now=now)
    made = bindings_of(membership.account, membership.organization)
    void((one for one in made if not may_give(held, one)), now=now)


def end(
    invites: Iterable[Invite], *, keep: bool = False, by: Actor | Account, now: datetime
) -> None:
    """Cancel invitations whose sender goes; with `keep`, those that the actor may send go on under
    the actor's name (T2-48). Links and dates stay as they are.
    """
    these = list(invites)
    kept = keepable(these, by=by) if keep and isinstance(by, Seat) else []
    cancel([one for one in these if one not in kept], by=by, now=now)
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


def keepable(invites: Iterable[Invite], *, by: Seat) -> list[Invite]:
    """Those of these invitations that somebody may send under their own name."""
    held = Held(by.authorities, by.is_power)
    return [one for one in invites if may_give(held, one)]


def bindings_of(account: Account, organization: Organization | None = None) -> list[RoleBinding]:
    """The role bindings that wait and that an account made, for one organization or for all."""
    query = select(RoleBinding).where(
        RoleBinding.made_by_id == account.id, RoleBinding.status == BindingStatus.WAITING
    )
    if organization is not None:
        query = query.where(RoleBinding.organization_id == organization.id)
    return list(db.session.scalars(query.options(selectinload(RoleBinding.roles))))


def void(bindings: Iterable[RoleBinding], *, now: datetime) -> None:
    """End role bindings whose ground is gone; the list says so, and nobody is asked (D-C11)."""
    for binding in list(bindings):
        binding.settle(BindingStatus.VOID, now=now)
        activity.record(
            binding_events.BINDING_VOID,
            now=now,
            by=None,
            organization=binding.organization,
            subject=binding,
        )


def may_give(held: Held, invite: Invite | RoleBinding) -> bool:
    """Whether somebody who holds this may send such an invitation: invite at all, and give what it
    promises (D-1).
    """
    promised = known(invite.authorities.union(*(role.authorities for role in invite.roles)))
    if not any(needed <= held.effective for needed in authorities_for("send", "Invite")):
        return False
    if invite.type is MemberType.POWER and not held.is_power:
        return False
    return not missing(promised, held.effective, invite.organization)
