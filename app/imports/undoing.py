"""Undoing: what of an import can be taken back beside what any change of a member can: people who
were added or came back, and what was changed of accounts.

Here: one plan for each line of the log. Not here: other lines (undo.service), the verbs, the batch
that takes all of it back (batches.service, undo.kinds).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import select

from app.access.seat import Seat
from app.accounts.policy import IdentityEdit
from app.activity import binding_events, events, results, two_factor_events, undoable
from app.activity.undoable import NobodyThere, NotSoAnyMore, Undoing
from app.bindings import service as bindings
from app.extensions import db
from app.managed_accounts import service as managed
from app.managed_accounts import unregistering
from app.memberships import service as memberships
from app.models import Activity, BindingStatus, Membership, Organization, RoleBinding
from app.undo import lines
from app.undo.lines import MEMBERSHIP

OF_ACCOUNTS = frozenset({events.ACCOUNT_EDITED.name})
OF_TWO_FACTOR = frozenset(
    {two_factor_events.TWO_FACTOR_ON.name, two_factor_events.TWO_FACTOR_OFF.name}
)


def _unregister(line: Activity, _organization: Organization, by: Seat, now: datetime) -> Undoing:
    membership = lines.member(line)
    _ensure_latest_of_others(line)
    unregistering.ensure_unused(membership)
    return Undoing(
        {"membership": [True, False]},
        partial(unregistering.unregister, membership, by=by, now=now, undoes=line),
    )


def _send_away(line: Activity, _organization: Organization, by: Seat, now: datetime) -> Undoing:
    """A former member who was brought back."""
    membership = lines.member(line)
    _ensure_latest_of_others(line)
    return Undoing(
        {"membership": [True, False]},
        partial(memberships.remove, membership, by=by, now=now, undoes=line),
    )


def _ensure_latest_of_others(line: Activity) -> None:
    """Raise ChangedSince where somebody changed the member later; what the same import did, and
    what took that back, does not count.
    """
    back = select(Activity.undoes_id).where(Activity.undoes_id.is_not(None))
    undone = frozenset(db.session.scalars(back.where(Activity.subject_id == line.subject_id)))
    lines.ensure_latest(
        line,
        lambda later: (
            later.batch != line.batch and later.undoes_id is None and later.id not in undone
        ),
    )


def _identity_back(line: Activity, _organization: Organization, by: Seat, now: datetime) -> Undoing:
    membership, changed = lines.member(line), line.details["changes"]
    _ensure_latest(line, OF_ACCOUNTS, changed.keys())
    account = membership.account
    differing = [name for name, (_was, is_now) in changed.items() if _said(account, name) != is_now]
    if differing:
        raise NotSoAnyMore(what=lines.words(differing))
    former = cast("IdentityEdit", {name: was for name, (was, _is_now) in changed.items()})
    return Undoing(
        {name: [is_now, was] for name, (was, is_now) in changed.items()},
        partial(_edit_back, line, membership, by, now, former),
    )


def _two_factor_back(
    line: Activity, _organization: Organization, by: Seat, now: datetime
) -> Undoing:
    membership = lines.member(line)
    _ensure_latest(line, OF_TWO_FACTOR, ())
    was = line.event == two_factor_events.TWO_FACTOR_OFF.name
    if membership.account.two_factor == was:
        raise NotSoAnyMore(what=lines.words(["two_factor"]))
    act = partial(_edit_back, line, membership, by, now, IdentityEdit(two_factor=was))
    return Undoing({"two_factor": [not was, was]}, act)


def _edit_back(
    line: Activity, membership: Membership, by: Seat, now: datetime, former: IdentityEdit
) -> None:
    with results.taking_back(line):
        managed.edit_account(membership, by=by, now=now, **former)


def _ensure_latest(line: Activity, of: frozenset[str], fields: Any) -> None:
    """Raise ChangedSince where the same of an account was changed later."""
    query = select(Activity).where(
        Activity.subject_id == line.subject_id, Activity.event.in_(of), Activity.id > line.id
    )
    for later in db.session.scalars(query.order_by(Activity.id)):
        same = [*fields & later.details["changes"].keys()] if fields else ["two_factor"]
        if same:
            raise lines.ChangedSince(actor=later.actor_name, what=lines.words(sorted(same)))


def _said(account: Any, name: str) -> Any:
    value = getattr(account, name)
    return str(value) if isinstance(value, str) else value


def _cancel_addition(
    line: Activity, organization: Organization, by: Seat, now: datetime
) -> Undoing:
    """Somebody who has an account elsewhere, and was not asked yet."""
    binding = db.session.get(RoleBinding, line.subject_id or 0)
    if binding is None or binding.organization_id != organization.id:
        raise NobodyThere(name=line.subject_name)
    if binding.status is not BindingStatus.WAITING:
        raise NotSoAnyMore(what=MEMBERSHIP)
    return Undoing({"membership": [True, False]}, partial(_cancel_binding, line, binding, by, now))


def _cancel_binding(line: Activity, binding: RoleBinding, by: Seat, now: datetime) -> None:
    with results.taking_back(line):
        bindings.cancel(binding, by=by, now=now)


def connect() -> None:
    """Let a batch take these lines back; the log’s own pages offer them to nobody."""
    undoable.PLANS |= {
        events.MEMBER_ADDED.name: _unregister,
        events.MEMBER_BROUGHT_BACK.name: _send_away,
        events.ACCOUNT_EDITED.name: _identity_back,
        binding_events.BINDING_ADDED.name: _cancel_addition,
        **dict.fromkeys(OF_TWO_FACTOR, _two_factor_back),
    }
