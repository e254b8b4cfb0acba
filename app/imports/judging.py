"""Judging: whom one row means, and what it would do; reads only.

Here: the first key that is filled in, and that the others do not deny; then somebody new, a former
member or a member. Not here: rows that name the same person, the last power user
(imports.checking).
"""

from __future__ import annotations

from collections.abc import Iterable

from app.imports import changes, newcomers, row_refusals
from app.imports.people import People
from app.imports.planner import Planner
from app.imports.rows import Row
from app.imports.values import INVITE, REMOVE, SKIP
from app.imports.verdicts import New, Outcome, Verdict
from app.models import Membership
from app.screens.formatters import display_name


def judge(planner: Planner, row: Row, people: People) -> Verdict:
    """Say what one row would do by itself."""
    verdict = begin(row)
    if verdict.outcome is not Outcome.SKIP:
        member = member_of(planner, row, verdict, people)
        if not verdict.problems:
            plan(planner, row, verdict, people, member)
    return settle(row, verdict)


def begin(row: Row) -> Verdict:
    """A verdict of which nothing is known yet, but that its row is left out where it says so."""
    verdict = Verdict(row.line, name=row_refusals.name_of(row), warnings=row.warnings)
    verdict.equals, verdict.raw = row.digest, row.raw
    if row.values.get("action") == SKIP:
        verdict.outcome = Outcome.SKIP
    return verdict


def settle(row: Row, verdict: Verdict) -> Verdict:
    """Let a row with anything wrong do nothing."""
    if row.problems or verdict.problems:
        verdict.problems = [*row.problems, *verdict.problems]
        verdict.outcome, verdict.plan = Outcome.ERROR, None
    return verdict


def member_of(planner: Planner, row: Row, verdict: Verdict, people: People) -> Membership | None:
    """Whom a row means among the members, None for nobody; what speaks against it is kept."""
    found = people.members.named(row)
    if not row.keys:
        if not row.problems:
            planner.refuse(row, verdict, row_refusals.NobodyNamed(), "login_id")
        return None
    if "id" in found and found["id"] is None and people.former.named(row).get("id") is None:
        planner.refuse(row, verdict, row_refusals.NoSuchMember())
    these = {one.id: (key, one) for key, one in reversed(found.items()) if one is not None}
    if len(these) > 1:
        (_key, one), (key, other) = list(these.values())[::-1][:2]
        names = {"one": display_name(one.account), "other": display_name(other.account)}
        planner.refuse(row, verdict, row_refusals.TwoPeople(**names), key)
    member = _only(found.values())
    if member is not None:
        verdict.name, verdict.membership_id = display_name(member.account), member.id
    return member


def plan(
    planner: Planner, row: Row, verdict: Verdict, people: People, member: Membership | None
) -> None:
    """Say what happens to whom it means."""
    if member is not None:
        _of_member(planner, row, verdict, member)
    elif row.values.get("action") == REMOVE:
        planner.refuse(row, verdict, row_refusals.NotAMember(), "action")
    else:
        _of_newcomer(planner, row, verdict, people)


def _of_member(planner: Planner, row: Row, verdict: Verdict, member: Membership) -> None:
    action = row.values.get("action")
    if action == REMOVE:
        changes.remove(planner, row, verdict, member)
    elif action == INVITE:
        planner.refuse(row, verdict, row_refusals.MemberAlready(), "email")
    elif planner.mode.changes:
        changes.change(planner, row, verdict, member)
    else:
        verdict.outcome = Outcome.SKIP


def _of_newcomer(planner: Planner, row: Row, verdict: Verdict, people: People) -> None:
    invites = row.values.get("action") == INVITE or planner.mode.new is New.INVITE
    gone = _only(people.former.named(row).values())
    if planner.mode.new is New.LEAVE_OUT and not invites:
        verdict.outcome = Outcome.SKIP
    elif row.keys.get("email") in people.waiting:
        verdict.outcome = Outcome.SKIP
        planner.warn(row, verdict, row_refusals.WaitsAlready(), "email")
    elif gone is not None:
        newcomers.come_back(planner, row, verdict, gone)
    elif invites:
        newcomers.invite(planner, row, verdict, people)
    else:
        newcomers.register(planner, row, verdict, people)


def _only(found: Iterable[Membership | None]) -> Membership | None:
    return next((one for one in found if one is not None), None)
