"""Running: doing what a check said, all of it or the rows without errors; in one transaction.

Here: checking again under the organization's lock, then each row by the verb that the screens call.
Not here: what a row does (imports.checking), committing (the doors).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from app.access.locks import wait_turn
from app.access.seat import Seat
from app.accounts import service as accounts
from app.accounts.policy import Identity
from app.accounts.taken import Taken, address_key
from app.activity import events, results
from app.bindings import service as bindings
from app.extensions import db
from app.former_members import service as former
from app.imports import row_refusals
from app.imports.checking import check
from app.imports.problems import CellRefused
from app.imports.reading import Table
from app.imports.verdicts import Mode, Outcome, Plan, Verdict, Verdicts
from app.invites import sending
from app.invites.sending import Asking
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.managed_accounts import registering
from app.managed_accounts import service as managed
from app.managed_accounts.registering import LOOKUPS, AddressUnproven, Newcomer
from app.memberships import service as memberships
from app.memberships import suspension
from app.models import Activity, Membership, Organization

MOST_AT_ONCE = 500
"""Rows in which something happens, in one transaction."""


ADDED = events.MEMBER_ADDED.name


class HasErrors(CellRefused):
    """D-C6: all of it, or nothing."""

    text = lazy("The file has errors, so nothing was changed.")


class TooMuchAtOnce(CellRefused):
    """More than one transaction should hold."""

    text = lazy("At most %(most)d people are added or changed at once. Split the file.")


class RowRefused(CellRefused):
    """What the check could not know, such as a limit on letters: nothing was changed."""

    text = lazy("Line %(line)d: %(sentence)s Nothing was changed.")


@dataclass
class Result:
    """What became of a file."""

    verdicts: Verdicts
    refused: dict[int, Refusal] = field(default_factory=dict)
    notes: dict[int, Refusal] = field(default_factory=dict)

    @property
    def done(self) -> list[Verdict]:
        return [one for one in self.verdicts.doing if one.line not in self.refused]


def run(
    table: Table,
    organization: Organization,
    *,
    mode: Mode,
    valid_only: bool = False,
    seen: str = "",
    by: Seat,
    now: datetime,
) -> Result:
    """Do what the rows say: all of them, or with `valid_only` those without errors. `seen` is the
    digest of the check that somebody agreed to.

    Raises ChangedSince, HasErrors, TooMuchAtOnce, RowRefused.
    """
    wait_turn(organization, by=by)
    verdicts = check(table, organization, mode=mode, by=by, now=now, keeps_plans=True, tells=False)
    if seen and verdicts.seen != seen:
        raise row_refusals.ChangedSince()
    if verdicts.errors and not valid_only:
        raise HasErrors()
    if len(verdicts.doing) > MOST_AT_ONCE:
        raise TooMuchAtOnce(most=MOST_AT_ONCE)
    result = Result(verdicts)
    for verdict in verdicts.doing:
        _row(verdict, organization, result, valid_only=valid_only, by=by, now=now)
    return result


def _row(
    verdict: Verdict,
    organization: Organization,
    result: Result,
    *,
    valid_only: bool,
    by: Seat,
    now: datetime,
) -> None:
    try:
        with db.session.begin_nested():
            note = act(verdict, organization, by=by, now=now)
    except Refusal as refusal:
        if not valid_only:
            raise RowRefused(line=verdict.line, sentence=str(refusal)) from refusal
        result.refused[verdict.line] = refusal
        return
    if note is not None:
        result.notes[verdict.line] = note


def act(verdict: Verdict, organization: Organization, *, by: Seat, now: datetime) -> Refusal | None:
    """Do what one row says, by the verbs that the screens call; return what is said of it
    afterwards. Raises what those verbs refuse.
    """
    assert verdict.plan is not None
    return _VERBS[verdict.outcome](verdict.plan, organization, by, now)


def act_many(
    verdicts: Sequence[Verdict], organization: Organization, *, by: Seat, now: datetime
) -> list[Activity | None]:
    """Do what several rows say, new people in the number of statements of one; return the line of
    the log that each is about. Raises what the first one refuses.
    """
    lines: dict[int, Activity | None] = {}
    new = _unknown([one for one in verdicts if one.outcome is Outcome.ADD], now=now)
    if new:
        with results.witnessed() as told:
            joined = _register([one.plan for one in new if one.plan], organization, by, now)
        by_account = {line.subject_id: line for line in told if line.event == ADDED}
        for one, member in zip(new, joined, strict=True):
            lines[one.line] = by_account[member.account_id]
            one.membership_id = member.id
    for one in verdicts:
        if one.line not in lines:
            with results.witnessed() as told:
                act(one, organization, by=by, now=now)
            lines[one.line] = next(iter(results.main_lines(told) if told else ()), None)
    return [lines[one.line] for one in verdicts]


def _unknown(verdicts: Sequence[Verdict], *, now: datetime) -> list[Verdict]:
    """Those whom no account has, by their addresses."""
    taken = Taken.among([one.plan.identity for one in verdicts if one.plan], now=now)
    return [
        one for one in verdicts if one.plan and address_key(one.plan.identity) not in taken.emails
    ]


def _register(
    plans: Sequence[Plan], organization: Organization, by: Seat, now: datetime
) -> list[Membership]:
    """Register people, and what the file says beside: 2-step verification, suspension."""
    people = []
    for plan in plans:
        assert plan.offer is not None
        identity = {key: value for key, value in plan.identity.items() if key != "two_factor"}
        people.append(Newcomer(cast("Identity", identity), plan.offer, plan.password, plan.hashed))
    joined = registering.register_many(organization, people, by=by, now=now)
    for member, plan in zip(joined, plans, strict=True):
        if plan.identity.get("two_factor"):
            managed.edit_account(member, two_factor=True, by=by, now=now)
        if plan.suspends:
            suspension.suspend(member, reason=plan.reason, by=by, now=now)
    return joined


def _add(plan: Plan, organization: Organization, by: Seat, now: datetime) -> Refusal | None:
    if accounts.find(plan.identity["email"]) is not None:
        return _add_existing(plan, organization, by, now)
    _register([plan], organization, by, now)
    return None


def _add_existing(plan: Plan, organization: Organization, by: Seat, now: datetime) -> Refusal:
    """Somebody who has an account already joins with it, when they have agreed (D-C11)."""
    assert plan.offer is not None
    LOOKUPS.spend(by.account.id)
    address = plan.identity["email"]
    try:
        bindings.add(organization, who=address, offer=plan.offer, by=by, now=now)
    except AddressUnproven:
        _invite(plan, organization, by, now)
        return row_refusals.InvitedInstead()
    return row_refusals.HasAccountAlready()


def _invite(plan: Plan, organization: Organization, by: Seat, now: datetime) -> None:
    assert plan.offer is not None
    asking = Asking(plan.offer, language=plan.identity["language"])
    sending.send(organization, to=[plan.identity["email"]], asking=asking, by=by, now=now)


def _come_back(plan: Plan, _organization: Organization, by: Seat, now: datetime) -> None:
    member = _member(plan)
    former.bring_back(member, by=by, now=now)
    if plan.offer is not None:
        memberships.edit(member, offer=plan.offer, by=by, now=now)


def _change(plan: Plan, _organization: Organization, by: Seat, now: datetime) -> None:
    member = _member(plan)
    if plan.reinstates:
        suspension.reinstate(member, by=by, now=now)
    if plan.identity or plan.password:
        managed.edit_account(member, password=plan.password, by=by, now=now, **plan.identity)
    if plan.offer is not None:
        memberships.edit(member, offer=plan.offer, by=by, now=now)
    if plan.suspends:
        suspension.suspend(member, reason=plan.reason, by=by, now=now)


def _remove(plan: Plan, _organization: Organization, by: Seat, now: datetime) -> None:
    memberships.remove(_member(plan), by=by, now=now)


def _member(plan: Plan) -> Membership:
    assert plan.membership is not None
    return plan.membership


_VERBS: dict[Outcome, Callable[[Plan, Organization, Seat, datetime], Any]] = {
    Outcome.ADD: _add,
    Outcome.INVITE: _invite,
    Outcome.COME_BACK: _come_back,
    Outcome.CHANGE: _change,
    Outcome.SUSPEND: _change,
    Outcome.REINSTATE: _change,
    Outcome.REMOVE: _remove,
}
