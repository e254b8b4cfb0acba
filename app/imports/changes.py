"""Changes: what a row does with a member; reads only, and asks the verbs' own checks.

Here: identity, what is given, suspension, removal. Not here: somebody new (imports.newcomers), the
last power user (imports.checking), doing it (imports.running).
"""

from __future__ import annotations

from typing import Any, cast

from app.accounts.identity import ensure_possible
from app.accounts.policy import IdentityEdit
from app.exchange.writing import in_cp932
from app.imports import said
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
            planner.refuse(row, verdict, said.LeavesNothing())
    verdict.outcome = Outcome.CHANGE if verdict.changes else Outcome.UNCHANGED
    _state(planner, row, verdict, plan)


def remove(planner: Planner, row: Row, verdict: Verdict, membership: Membership) -> None:
    """A member who goes."""
    if not planner.mode.removes:
        planner.refuse(row, verdict, said.MayNotRemove())
        return
    for check in (
        lambda: ensure_not_yourself(membership, by=planner.by),
        lambda: planner.by.must_cover_member(membership),
    ):
        planner.attempt(row, verdict, check, "action")
    verdict.outcome, verdict.plan = Outcome.REMOVE, Plan(membership)


def _identity(planner: Planner, row: Row, verdict: Verdict, plan: Plan) -> None:
    membership = plan.membership
    assert membership is not None
    account = membership.account
    changed = _differing(row, account, lossy=planner.reader.table.encoding == "cp932")
    password = _password(planner, row, verdict)
    if not changed and not password:
        return
    first = next(iter(changed), "password")
    if not planner.attempt(
        row, verdict, lambda: managed.ensure_managed(membership, by=planner.by), first
    ):
        return
    edit = cast("IdentityEdit", changed)
    planner.attempt(
        row, verdict, lambda: ensure_possible(edit, but=account, now=planner.now), first
    )
    if password:
        planner.attempt(row, verdict, lambda: ensure_strong(account, password))
        verdict.changes["password"] = (None, None)
    plan.identity, plan.password = changed, password
    verdict.changes |= {key: (getattr(account, key), new) for key, new in changed.items()}
    if "login_id" in changed:
        planner.warn(row, verdict, said.LoginIdChanges())


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
        planner.warn(row, verdict, said.PasswordKept(), "password")
        return None
    return password


def _state(planner: Planner, row: Row, verdict: Verdict, plan: Plan) -> None:
    """Suspend or reinstate, where the file says otherwise than it is."""
    membership, state = plan.membership, row.values.get("state")
    assert membership is not None
    if state is None:
        if membership.is_suspended and verdict.outcome is Outcome.CHANGE:
            planner.warn(row, verdict, said.StaysSuspended())
        return
    if (state == SUSPENDED) == (membership.is_suspended or membership.account.is_suspended):
        return
    planner.attempt(row, verdict, lambda: planner.by.must_cover_member(membership), "state")
    if state == SUSPENDED:
        planner.attempt(
            row, verdict, lambda: ensure_not_yourself(membership, by=planner.by), "state"
        )
        plan.suspends, plan.reason = True, row.values.get("suspended_reason", "")
    elif membership.is_suspended:
        plan.reinstates = True
    else:
        planner.refuse(row, verdict, said.SuspendedElsewhere())
        return
    if verdict.outcome is Outcome.UNCHANGED:
        verdict.outcome = Outcome.SUSPEND if plan.suspends else Outcome.REINSTATE
    before, after = said.STATES if plan.suspends else said.STATES[::-1]
    verdict.changes["state"] = before, after
