"""Changes: what a row does with a member; reads only, and asks the verbs' own checks.

Here: identity, what is given, suspension, removal. Not here: somebody new (imports.newcomers), the
last power user (imports.checking), doing it (imports.running).
"""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from app.accounts.identity import ensure_possible
from app.accounts.policy import IdentityEdit
from app.exchange.writing import in_cp932
from app.imports import row_refusals
from app.imports.columns import IDENTITY, NAMES
from app.imports.planner import Planner, differences
from app.imports.rows import Row
from app.imports.values import SUSPENDED
from app.imports.verdicts import Outcome, Plan, Verdict
from app.managed_accounts import service as managed
from app.memberships.service import empties, ensure_not_yourself
from app.models import Account, Membership
from app.offers.offer import Offer
from app.passwords.service import ensure_strong


def change(planner: Planner, row: Row, verdict: Verdict, membership: Membership) -> None:
    """A member: whatever the file says otherwise than it is."""
    plan = verdict.plan = Plan(membership)
    _identity(planner, row, verdict, plan)
    has = Offer.of(membership)
    plan.offer = planner.offer(row, verdict, has, membership)
    if plan.offer is not None:
        verdict.changes |= differences(has, plan.offer)
        verdict.makes_power = plan.offer.is_power and not has.is_power
        if empties(plan.offer, has):
            planner.refuse(row, verdict, row_refusals.LeavesNothing())
    verdict.outcome = Outcome.CHANGE if verdict.changes else Outcome.UNCHANGED
    _state(planner, row, verdict, plan)


def remove(planner: Planner, row: Row, verdict: Verdict, membership: Membership) -> None:
    """A member who goes."""
    if not planner.mode.removes:
        planner.refuse(row, verdict, row_refusals.MayNotRemove())
        return
    for check in (
        lambda: ensure_not_yourself(membership, by=planner.by),
        lambda: planner.by.must_cover_member(membership),
    ):
        planner.attempt(row, verdict, check, "action")
    verdict.outcome, verdict.plan = Outcome.REMOVE, Plan(membership)


def _identity(planner: Planner, row: Row, verdict: Verdict, plan: Plan) -> None:
    membership, account = planner.member(plan)
    changed = _differing(row, account, lossy=planner.reader.encoding == "cp932")
    password = _password(planner, row, verdict)
    if not changed and not password:
        return
    first, edit = next(iter(changed), "password"), cast("IdentityEdit", changed)
    may = partial(managed.ensure_managed, membership, by=planner.by)
    if not planner.attempt(row, verdict, may, first):
        return
    possible = partial(ensure_possible, edit, but=account, now=planner.now)
    planner.attempt(row, verdict, possible, first)
    plan.identity, plan.password = changed, password
    verdict.changes |= {key: (getattr(account, key), new) for key, new in changed.items()}
    if password:
        planner.attempt(row, verdict, partial(ensure_strong, account, password))
        verdict.changes["password"] = (None, None)
    if "login_id" in changed:
        planner.warn(row, verdict, row_refusals.LoginIdChanges())


def _differing(row: Row, account: Account, *, lossy: bool) -> dict[str, Any]:
    """What the file says otherwise of an identity than it is; a name that CP932 cannot hold says
    nothing.
    """
    wanted = {key: row.values[key] for key in (*IDENTITY, "two_factor") if key in row.values}
    if wanted.get("family_name") == f"{account.family_name}{account.given_name}":
        del wanted["family_name"]  # a whole name without a space
        wanted.pop("given_name", None)
    return {
        key: new
        for key, new in wanted.items()
        if new != (now := getattr(account, key))
        and not (lossy and key in NAMES and in_cp932(now).decode("cp932") == new)
    }


def _password(planner: Planner, row: Row, verdict: Verdict) -> str | None:
    password: str | None = row.values.get("password")
    if password and not planner.mode.sets_passwords:
        planner.warn(row, verdict, row_refusals.PasswordKept(), "password")
        return None
    return password


def _state(planner: Planner, row: Row, verdict: Verdict, plan: Plan) -> None:
    """Suspend or reinstate, where the file says otherwise than it is."""
    membership, account = planner.member(plan)
    state = row.values.get("state")
    if state is None and membership.is_suspended and verdict.outcome is Outcome.CHANGE:
        planner.warn(row, verdict, row_refusals.StaysSuspended())
    is_suspended = membership.is_suspended or account.is_suspended
    if state is None or (state == SUSPENDED) == is_suspended:
        return
    if state != SUSPENDED and not membership.is_suspended:
        planner.refuse(row, verdict, row_refusals.SuspendedElsewhere())
        return
    planner.attempt(row, verdict, lambda: planner.by.must_cover_member(membership), "state")
    if state == SUSPENDED:
        yours = partial(ensure_not_yourself, membership, by=planner.by)
        planner.attempt(row, verdict, yours, "state")
    _note_state(row, verdict, plan, suspends=state == SUSPENDED)


def _note_state(row: Row, verdict: Verdict, plan: Plan, *, suspends: bool) -> None:
    plan.suspends, plan.reinstates = suspends, not suspends
    if suspends:
        plan.reason = row.values.get("suspended_reason", "")
    if verdict.outcome is Outcome.UNCHANGED:
        verdict.outcome = Outcome.SUSPEND if suspends else Outcome.REINSTATE
    before, after = row_refusals.STATES if suspends else row_refusals.STATES[::-1]
    verdict.changes["state"] = before, after
