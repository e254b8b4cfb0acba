"""Newcomers: what a row does with somebody who is no member; reads only, and asks the verbs' own
checks.

Here: registering, inviting, a former member who comes back. Not here: members (imports.changes),
doing it (imports.running).
"""

from __future__ import annotations

from typing import Any, cast

from app.accounts.identity import ensure_plausible
from app.accounts.policy import Identity, NameMissing, ensure_email
from app.former_members import service as former
from app.imports import row_refusals
from app.imports.columns import IDENTITY, NAMES
from app.imports.people import People
from app.imports.planner import Planner, differences
from app.imports.rows import Row
from app.imports.values import SUSPENDED
from app.imports.verdicts import Outcome, Plan, Verdict
from app.invites.service import NothingOffered
from app.models import FirstLogin, Membership
from app.offers.offer import Offer
from app.screens.formatters import display_name

NOT_SHOWN = frozenset({"password", "action"})
NEEDED = ("login_id", "email")


def register(planner: Planner, row: Row, verdict: Verdict, people: People) -> None:
    """Somebody new: an account of the organization's own."""
    values, organization = row.values, planner.organization
    usual = {**dict.fromkeys(NAMES, ""), "language": organization.language, "notifications": True}
    identity: dict[str, Any] = usual | {key: values[key] for key in IDENTITY if key in values}
    password = values.get("password")
    _need(planner, row, verdict)
    planner.attempt(
        row,
        verdict,
        lambda: ensure_plausible(
            cast("Identity", identity),
            password=password,
            organizations=(organization,),
            taken=people.taken,
            retired=people.retired,
        ),
    )
    if password and organization.first_login is not FirstLogin.PASSWORD:
        planner.refuse(row, verdict, row_refusals.NoPasswordHere())
    offer = planner.offer(row, verdict, Offer())
    verdict.outcome, verdict.name = Outcome.ADD, row_refusals.name_of(row)
    verdict.plan = Plan(None, identity, password, offer)
    if values.get("state") == SUSPENDED:
        verdict.plan.suspends, verdict.plan.reason = True, values.get("suspended_reason", "")
    if values.get("two_factor"):
        identity["two_factor"] = True
    _warn(planner, row, verdict, offer, people)
    verdict.changes = {key: (None, value) for key, value in values.items() if key not in NOT_SHOWN}


def invite(planner: Planner, row: Row, verdict: Verdict, people: People) -> None:
    """Somebody who is asked by letter, and brings name and login ID along."""
    email = row.values.get("email", "")
    if email:
        planner.attempt(row, verdict, lambda: ensure_email(email))
    else:
        planner.refuse(row, verdict, row_refusals.Needed("email"))
    if row.keys.get("email") in people.invited:
        planner.refuse(row, verdict, row_refusals.InvitedAlready())
    offer = planner.offer(row, verdict, Offer())
    if offer is not None and offer.is_empty:
        planner.refuse(row, verdict, NothingOffered(field="roles"))
    verdict.outcome, verdict.name = Outcome.INVITE, row_refusals.name_of(row)
    verdict.makes_power = offer is not None and offer.is_power
    language = row.values.get("language", planner.organization.language)
    verdict.plan = Plan(None, {"email": email, "language": language}, None, offer)
    verdict.changes = {
        key: (None, row.values[key]) for key in ("email", "roles") if key in row.values
    }


def come_back(planner: Planner, row: Row, verdict: Verdict, membership: Membership) -> None:
    """A former member: as they were, with what the file says of type, roles and authorities."""
    planner.attempt(
        row, verdict, lambda: former.ensure_can_return(membership, by=planner.by), "login_id"
    )
    has = Offer.of(membership)
    offer = planner.offer(row, verdict, has, membership)
    verdict.outcome, verdict.name = Outcome.COME_BACK, display_name(membership.account)
    verdict.membership_id = membership.id
    verdict.makes_power = (offer or has).is_power
    verdict.plan = Plan(membership, {}, None, offer)
    verdict.changes = differences(has, offer)
    planner.warn(row, verdict, row_refusals.WasMember())


def _need(planner: Planner, row: Row, verdict: Verdict) -> None:
    """Name what somebody new cannot do without."""
    for key in NEEDED:
        if key not in row.values:
            planner.refuse(row, verdict, row_refusals.Needed(key))
    if not (row.values.get("family_name") or row.values.get("given_name")):
        planner.refuse(row, verdict, NameMissing())


def _warn(
    planner: Planner, row: Row, verdict: Verdict, offer: Offer | None, people: People
) -> None:
    verdict.makes_power = offer is not None and offer.is_power
    if offer is not None and offer.is_empty:
        planner.warn(row, verdict, row_refusals.GivesNothing())
    if row.keys.get("email") in people.invited:
        planner.warn(row, verdict, row_refusals.InvitationWaits(), "email")
