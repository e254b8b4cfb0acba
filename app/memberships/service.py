"""Members' verbs: edit, remove, leave.

Here: what can happen to a membership, and D-1, D-2, D-C1, D-C7, D-C8 on every path. Not here:
registering somebody new (managed_accounts.registering), former members (former_members.service),
their account's identity (managed_accounts.service), what goes with a member (hooks of
membership_ended), letters (memberships.mail).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.access.last_power_user import ensure_not_last_power_user
from app.access.locks import look_again
from app.access.persons import ensure_person
from app.access.seat import Seat
from app.activity import events
from app.activity import service as activity
from app.activity.events import Event
from app.extensions import db
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import lazy
from app.kernel.signals import authorities_narrowed, membership_ended
from app.memberships import mail
from app.models import Account, Activity, MemberRole, Membership, MembershipEnd
from app.offers.offer import Offer
from app.outbox import service as outbox
from app.outbox.service import Draft


class Yourself(Refusal):
    """What people do not do to themselves (S2-27)."""

    status = 409
    text = lazy(
        "You cannot do this to yourself. To go, leave the organization; to pause, ask another"
        " manager."
    )


class RoleNotHeld(Refusal):
    """Nothing to take away."""

    status = 409
    text = lazy("The member does not have this role. Nothing was changed.")


class NothingLeft(Refusal):
    """D-C7, D-C13: nothing would be left; whoever means that removes the member."""

    status = 409
    text = lazy(
        "No role and no authority would be left, so the person is removed from the organization."
    )


def edit(
    membership: Membership,
    *,
    offer: Offer,
    sure: bool = False,
    keep: bool = False,
    by: Seat,
    now: datetime,
    undoes: Activity | None = None,
) -> bool:
    """Change a member's type, roles and single authorities (S0-36); where none would be left, the
    member is removed, once that is `sure` (D-C13). Return whether they are still a member. `keep`
    takes over the invitations that they may not send any more.

    Raises AboveYourself, LastPowerUser, RoleElsewhere, NothingLeft.
    """
    look_again(membership, by=by)
    settled, before = offer.settled_for(membership, by=by), Offer.of(membership)
    ensure_type_possible(membership, settled)
    if empties(settled, before):
        return _remove_instead(membership, sure=sure, keep=keep, by=by, now=now, undoes=undoes)
    changed = activity.changes(log_fields(before), log_fields(settled))
    if not changed:
        return True
    _set(membership, settled)
    authorities_narrowed.send(membership, keep=keep, by=by, now=now)
    record(
        events.MEMBER_EDITED,
        membership,
        by=by,
        now=now,
        undoes=undoes,
        changes=changed,
        role_ids=[_ids(before), _ids(settled)],
    )
    _tell(membership, lambda: mail.changed(membership, before, by=by, now=now), by=by, now=now)
    return True


def ensure_type_possible(membership: Membership, settled: Offer) -> None:
    """Raise NotAPerson, LastPowerUser where a change of type cannot be."""
    if settled.is_power:
        ensure_person(membership.account)
    elif membership.is_power:
        ensure_not_last_power_user(membership)


def _set(membership: Membership, settled: Offer) -> None:
    membership.type, membership.authorities = settled.type, settled.authorities
    membership.roles = list(settled.roles)
    db.session.flush()


def empties(after: Offer, before: Offer) -> bool:
    """Whether a change leaves neither role nor authority where there was something (D-C13)."""
    return after.is_empty and not before.is_empty


def add_role(membership: Membership, role: MemberRole, *, by: Seat, now: datetime) -> None:
    """Give a member one role more (S4-16)."""
    has = Offer.of(membership)
    edit(membership, offer=replace(has, roles=(*has.roles, role)), by=by, now=now)


def remove_role(
    membership: Membership,
    role: MemberRole,
    *,
    sure: bool = False,
    keep: bool = False,
    by: Seat,
    now: datetime,
) -> bool:
    """Take a role away (S4-17); the last one of a general member without authorities takes the
    membership with it, once that is `sure` (S4-18, D-C7). Return whether the member is still one.
    Raises RoleNotHeld, NothingLeft."""
    look_again(membership, by=by)
    if role not in membership.roles:
        raise RoleNotHeld()
    offer = _without(Offer.of(membership), role)
    return edit(membership, offer=offer, sure=sure, keep=keep, by=by, now=now)


def is_last_role(membership: Membership, role: MemberRole) -> bool:
    """Whether nothing would be left of the membership without this role."""
    return role in membership.roles and _without(Offer.of(membership), role).is_empty


def remove(
    membership: Membership,
    *,
    keep: bool = False,
    tells: bool = True,
    by: Seat,
    now: datetime,
    undoes: Activity | None = None,
) -> None:
    """Remove a member from the organization, not the account (S0-06…S0-08); `keep` takes over their
    pending invitations. Without `tells` they get no letter: they never heard of it.

    Raises AboveYourself, LastPowerUser, Yourself.
    """
    look_again(membership, by=by)
    ensure_not_yourself(membership, by=by)
    by.must_cover_member(membership)
    ensure_not_last_power_user(membership)
    letter = mail.removed(membership, by=by, now=now)
    record(
        events.MEMBER_REMOVED,
        membership,
        by=by,
        now=now,
        undoes=undoes,
        **log_fields(Offer.of(membership)),
        role_ids=_ids(Offer.of(membership)),
        suspended=membership.suspended_reason if membership.is_suspended else None,
    )
    if tells:
        _tell(membership, lambda: letter, by=by, now=now)
    _end(membership, MembershipEnd.REMOVED, keep=keep, by=by, now=now)


def leave(membership: Membership, *, by: Seat, now: datetime) -> None:
    """Go on one's own wish. Raises LastPowerUser."""
    if by.membership is not membership:
        raise NotFound()
    look_again(membership, by=by)
    ensure_not_last_power_user(membership)
    record(events.MEMBER_LEFT, membership, by=by, now=now, **log_fields(Offer.of(membership)))
    _end(membership, MembershipEnd.LEFT, keep=False, by=by, now=now)


def _end(
    membership: Membership, how: MembershipEnd, *, keep: bool, by: Seat, now: datetime
) -> None:
    """The row stays, with its roles, for whoever brings the member back (D-C12)."""
    membership.ended_at, membership.ended_reason, membership.ended_by = now, how, by.account
    membership_ended.send(membership, keep=keep, by=by, now=now)
    db.session.flush()
    db.session.expire(membership.account, ["memberships"])


def ensure_not_yourself(membership: Membership, *, by: Seat) -> None:
    """Raise Yourself where somebody acts on their own membership."""
    if membership.account_id == by.account.id:
        raise Yourself()


def _remove_instead(membership: Membership, *, sure: bool, by: Seat, **more: Any) -> bool:
    ensure_not_yourself(membership, by=by)
    if not sure:
        raise NothingLeft()
    remove(membership, by=by, **more)
    return False


def _without(offer: Offer, role: MemberRole) -> Offer:
    return replace(offer, roles=tuple(held for held in offer.roles if held is not role))


def record(
    event: Event, membership: Membership, *, by: Seat | Account, now: datetime, **more: Any
) -> None:
    """Tell the log of a member's organization."""
    where = membership.organization
    activity.record(event, now=now, by=by, organization=where, subject=membership, **more)


def log_fields(offer: Offer) -> dict[str, Any]:
    """What a line of the log says of an offer."""
    return {
        "type": offer.type,
        "roles": [role.name for role in offer.roles],
        "authorities": offer.authorities,
    }


def _ids(offer: Offer) -> list[int]:
    """What a line keeps of roles for taking it back: their names may change."""
    return [role.id for role in offer.roles]


def _tell(membership: Membership, letter: Callable[[], Draft], *, by: Seat, now: datetime) -> None:
    if membership.account.notifications and membership.account_id != by.account.id:
        outbox.post(letter(), now=now)
