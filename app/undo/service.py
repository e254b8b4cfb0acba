"""Taking back: a change of a member, from the line of the log that tells of it, within thirty days.

Here: whether it still can be, what it would change now, and doing it by the verbs that do the
opposite, which refuse what they always refuse (D-1, D-2). Not here: what a line says
(undo.lines), those verbs (memberships.service), the page (undo.views).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from app.access.locks import wait_turn
from app.access.persons import ensure_person
from app.access.seat import Seat
from app.activity import events, undoable
from app.activity import queries as activities
from app.activity.undoable import NobodyThere, NotSoAnyMore, Undoing
from app.extensions import db
from app.former_members import queries as former_queries
from app.former_members import service as former
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import lazy, listed
from app.memberships import joining, mail, suspension
from app.memberships import service as members
from app.models import Account, Activity, Membership, MemberType, Organization
from app.offers.offer import Offer
from app.outbox import service as outbox
from app.undo import lines
from app.undo.lines import COMING_AND_GOING, STANDING, SUSPENSION, RolesGone


class TooLateToUndo(Refusal):
    """After a month too much else may hang on it."""

    status = 410
    text = lazy(
        "This happened more than %(days)d days ago. Change the member by hand.",
        days=undoable.POSSIBLE_FOR.days,
    )


class UndoneAlready(Refusal):
    """Once is enough."""

    status = 409
    text = lazy("This was taken back already, by %(actor)s.")


def undo(
    line: Activity, organization: Organization, *, sure: bool = False, by: Seat, now: datetime
) -> None:
    """Take back what a line tells of; the log tells of that too. Raises what `plan` raises, and
    what the opposite verb refuses.
    """
    wait_turn(organization, by=by)
    planned = plan(line, organization, by=by, now=now)
    planned.act(**({"sure": sure} if planned.removes else {}))


def plan(line: Activity, organization: Organization, *, by: Seat, now: datetime) -> Undoing:
    """Say what taking a line back would change.

    Raises NotFound for a line that nobody takes back, TooLateToUndo, UndoneAlready, ChangedSince,
    NotSoAnyMore, RolesGone, NobodyThere.
    """
    if line.event not in undoable.PLANS:
        raise NotFound()
    if not undoable.is_recent(line, now=now):
        raise TooLateToUndo()
    done = activities.undoing(line)
    if done is not None:
        raise UndoneAlready(actor=done.actor_name)
    planned: Undoing = undoable.PLANS[line.event](line, organization, by, now)
    return planned


def _edit_back(line: Activity, organization: Organization, by: Seat, now: datetime) -> Undoing:
    membership, changed = lines.member(line), line.details["changes"]
    lines.ensure_latest(
        line,
        lambda later: later.event in COMING_AND_GOING or bool(lines.fields(later) & changed.keys()),
    )
    has = Offer.of(membership)
    differing = [
        name for name, (_before, after) in changed.items() if _said(has)[name] != _comparable(after)
    ]
    if differing:
        raise NotSoAnyMore(what=lines.words(differing))
    offer = has
    if "type" in changed:
        offer = replace(offer, type=MemberType(changed["type"][0]))
    if "authorities" in changed:
        offer = replace(offer, authorities=frozenset(changed["authorities"][0]))
    if "roles" in changed:
        ids = line.details.get("role_ids") or (None, None)
        offer = replace(offer, roles=lines.roles(changed["roles"][0], ids[0], line, organization))
    return Undoing(
        {name: [after, before] for name, (before, after) in changed.items()},
        partial(members.edit, membership, offer=offer, by=by, now=now, undoes=line),
        members.empties(offer, has),
    )


def _reinstate_again(
    line: Activity, _organization: Organization, by: Seat, now: datetime
) -> Undoing:
    membership = lines.member(line)
    lines.ensure_latest(line, lambda later: later.event in COMING_AND_GOING | STANDING)
    if not membership.is_suspended:
        raise NotSoAnyMore(what=SUSPENSION)
    return Undoing(
        {"suspension": [True, False]},
        lambda: suspension.reinstate(membership, by=by, now=now, undoes=line),
    )


def _suspend_again(line: Activity, _organization: Organization, by: Seat, now: datetime) -> Undoing:
    membership = lines.member(line)
    lines.ensure_latest(line, lambda later: later.event in COMING_AND_GOING | STANDING)
    if membership.is_suspended:
        raise NotSoAnyMore(what=SUSPENSION)
    reason = lines.reason_before(line)
    shown: dict[str, list[Any]] = {"suspension": [False, True], "reason": ["", reason]}
    return Undoing(
        shown, lambda: suspension.suspend(membership, reason=reason, by=by, now=now, undoes=line)
    )


def _bring_back(line: Activity, organization: Organization, by: Seat, now: datetime) -> Undoing:
    account = db.session.get(Account, line.subject_id)
    if account is None:
        raise NobodyThere(name=line.subject_name)
    lines.ensure_latest(line, lambda later: later.event in COMING_AND_GOING)
    kept, left = line.details, former_queries.ended(account.id, organization, at=line.happened_at)
    if left is not None:
        return _as_it_was(left, line, by, now)
    offer = Offer(
        MemberType(kept["type"]),
        lines.roles(kept["roles"], kept.get("role_ids"), line, organization),
        frozenset(kept["authorities"]),
    )
    shown: dict[str, list[Any]] = {
        name: ["", kept[name]] for name in ("type", "roles", "authorities") if kept[name]
    }
    if kept.get("suspended") is not None:
        shown["suspension"] = [False, True]
    return Undoing(shown, lambda: _join_again(account, offer, line, organization, by, now))


def _as_it_was(left: Membership, line: Activity, by: Seat, now: datetime) -> Undoing:
    """The membership that ended: the same row, without roles that were deleted since."""
    has, had = Offer.of(left), line.details
    if has.is_empty and (had["roles"] or had["authorities"]):
        raise RolesGone(names=listed(had["roles"]))
    shown: dict[str, list[Any]] = {
        name: ["", value] for name, value in members.log_fields(has).items() if value
    }
    if left.is_suspended:
        shown["suspension"] = [False, True]
    return Undoing(shown, lambda: former.bring_back(left, by=by, now=now, undoes=line))


def _join_again(
    account: Account,
    offer: Offer,
    line: Activity,
    organization: Organization,
    by: Seat,
    now: datetime,
) -> None:
    """Of a removal from before memberships ended there is no row left."""
    settled = offer.settled(organization, by=by)
    if settled.is_power:
        ensure_person(account)
    membership = joining.join(organization, account, offer=settled, by=by, now=now, undoes=line)
    if line.details.get("suspended") is not None:
        suspension.suspend(membership, reason=line.details["suspended"], by=by, now=now)
    elif account.notifications:
        outbox.post(mail.added(membership, by=by, now=now), now=now)


undoable.PLANS |= {
    events.MEMBER_EDITED.name: _edit_back,
    events.MEMBER_SUSPENDED.name: _reinstate_again,
    events.MEMBER_REINSTATED.name: _suspend_again,
    events.MEMBER_REMOVED.name: _bring_back,
}


def _said(offer: Offer) -> dict[str, Any]:
    return {
        "type": str(offer.type),
        "roles": sorted(role.name for role in offer.roles),
        "authorities": sorted(offer.authorities),
    }


def _comparable(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value
