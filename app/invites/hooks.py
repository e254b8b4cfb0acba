"""What becomes of pending invitations when their sender, invitee or organization goes.

Here: when, and the words for the pages that ask. Not here: how (invites.ending).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from app.access.difference import Held, held_by
from app.access.seat import Seat
from app.invites import ending
from app.kernel import signals
from app.kernel.i18n import _, ngettext
from app.kernel.signals import Line
from app.models import Account, Invite, InviteStatus, Membership, Organization
from app.models.invite import is_pending_from


def connect() -> None:
    """Register what becomes of invitations."""
    for left in (signals.membership_suspended, signals.membership_ended):
        left.register(
            "invites", _end, count=_sent_here, say=_cancelled, keepable=ending.keepable, place=20
        )
    for gone in (signals.account_suspended, signals.account_deleted):
        gone.register("invites", _cancel_all, count=_sent_anywhere, say=_cancelled, place=20)
    signals.authorities_narrowed.register("invites", _narrow, count=_beyond, say=_promising_more)
    signals.membership_began.register("invites", _cancel_received)
    signals.organization_deleted.register(
        "invites", _withdraw, count=_of_organization, say=_dead, place=40
    )


def _end(membership: Membership, *, keep: bool, by: Seat, now: datetime) -> None:
    ending.end(ending.sent_by([membership]), keep=keep, by=by, now=now)


def _sent_here(memberships: Sequence[Membership], **_told: Any) -> ScalarSelect[int]:
    senders = [one.account_id for one in memberships]
    return _how_many(is_pending_from(senders, memberships[0].organization_id))


def _cancelled(count: int) -> Line:
    return _("Pending invitations sent"), ngettext(
        "%(num)s, will be cancelled", "%(num)s, will be cancelled", count
    )


def _cancel_all(account: Account, *, by: Seat, now: datetime) -> None:
    ending.cancel(is_pending_from([account.id]), by=by, now=now)


def _sent_anywhere(accounts: Sequence[Account], **_told: Any) -> ScalarSelect[int]:
    return _how_many(is_pending_from([one.id for one in accounts]))


def _narrow(membership: Membership, *, keep: bool, by: Seat, now: datetime) -> None:
    """T2-96, D-1."""
    ending.end(ending.beyond([membership], held_by), keep=keep, by=by, now=now)


def _beyond(memberships: Sequence[Membership], *, held: Callable[[Membership], Held]) -> int:
    return len(ending.beyond(memberships, held))


def _promising_more(count: int) -> Line:
    return (
        ngettext(
            "%(num)s pending invitation they sent promises more than they may still give. It will"
            " be cancelled.",
            "%(num)s pending invitations they sent promise more than they may still give. They will"
            " be cancelled.",
            count,
        ),
        "",
    )


def _cancel_received(membership: Membership, *, by: Seat | Account, now: datetime) -> None:
    ending.cancel(
        Invite.organization_id == membership.organization_id,
        Invite.address_key == membership.account.email_key,
        Invite.status == InviteStatus.PENDING,
        by=by,
        now=now,
    )


def _withdraw(organization: Organization, *, now: datetime, **_told: Any) -> None:
    ending.withdraw(Invite.organization_id == organization.id, now=now)


def _of_organization(organizations: Sequence[Organization], **_told: Any) -> ScalarSelect[int]:
    return _how_many(Invite.organization_id.in_([one.id for one in organizations]))


def _dead(count: int) -> Line:
    label = ngettext("%(num)s invitation", "%(num)s invitations", count)
    return label, _("Links that were sent stop working.")


def _how_many(which: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count(Invite.id)).where(which).scalar_subquery()
