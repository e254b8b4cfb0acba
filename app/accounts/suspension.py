"""Suspension and deletion of whole accounts, by the platform administrator (D-3).

Here: the verbs, whom they may not hit, and the sentences that say so beforehand. Not here:
suspending a membership (memberships.service).
"""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select, update

from app.access.last_power_user import LastPowerUser, ensure_not_last_power_user, is_last_power_user
from app.access.locks import lock_organization
from app.access.seat import PLATFORM_ROLE, Seat
from app.accounts import mail, queries
from app.activity import events
from app.activity import service as activity
from app.activity.service import record_everywhere
from app.extensions import db
from app.kernel.errors import Forbidden, NotFound, Refusal
from app.kernel.i18n import current_language, lazy
from app.kernel.signals import account_deleted, account_suspended
from app.models import Account, Membership, Organization
from app.outbox import service as outbox


class LastAdministrator(Refusal):
    """The portal always keeps one platform administrator who can sign in."""

    status = 409
    text = lazy("The last platform administrator cannot be suspended or deleted.")


class OwnAccount(Refusal):
    """Nobody shuts themselves out."""

    status = 409
    text = lazy("You cannot suspend or delete your own account.")


class StillMember(Refusal):
    """An account that an organization relies on."""

    status = 409
    text = lazy("This account still belongs to an organization. Remove it there first.")


class LastPowerUserOf(LastPowerUser):
    """D-2, said where several organizations may be meant."""

    text = lazy(
        "The last power user of %(organization)s cannot be suspended. Name another one there first."
    )


class AccountSuspended(Refusal):
    """Suspending twice would lose the first reason."""

    status = 409
    text = lazy("This account is already suspended.")


class AccountNotSuspended(Refusal):
    """Only the suspended can be reinstated."""

    status = 409
    text = lazy("This account is not suspended.")


def suspend(account: Account, *, reason: str, by: Seat, now: datetime) -> None:
    """Shut an account out of everything at once (S2-27, D-3, D-C1).

    Raises OwnAccount, LastAdministrator, LastPowerUserOf.
    """
    _look_again(account, by=by)
    if account.is_suspended:
        raise AccountSuspended()
    ensure_dispensable(account, by=by)
    for membership in _memberships(account):
        _ensure_replaced(membership)
    account.suspended_at, account.suspended_reason = now, reason.strip()
    account_suspended.send(account, by=by, now=now)
    record_everywhere(
        events.ACCOUNT_SUSPENDED, account=account, by=by, now=now, reason=reason.strip()
    )
    outbox.post(mail.suspended(account, by=by, now=now), now=now)


def reinstate(account: Account, *, by: Seat, now: datetime) -> None:
    """Let an account sign in again; no session revives (S2-28)."""
    _look_again(account, by=by)
    if not account.is_suspended:
        raise AccountNotSuspended()
    account.suspended_at, account.suspended_reason = None, ""
    record_everywhere(events.ACCOUNT_REINSTATED, account=account, by=by, now=now)
    outbox.post(mail.reinstated(account, by=by, now=now), now=now)


def delete(account: Account, *, by: Seat, now: datetime) -> None:
    """Delete an account that belongs to no organization.

    Raises StillMember, OwnAccount, LastAdministrator.
    """
    _look_again(account, by=by)
    ensure_dispensable(account, by=by)
    _ensure_no_member(account)
    erase(account, by=by, now=now)


def erase(
    account: Account, *, organization: Organization | None = None, by: Seat, now: datetime
) -> None:
    """Delete an account, whose obstacles the caller has looked at."""
    account_deleted.send(account, by=by, now=now)
    activity.record(
        events.ACCOUNT_DELETED, now=now, by=by, organization=organization, subject=account
    )
    db.session.delete(account)
    db.session.flush()


def ensure_dispensable(account: Account, *, by: Seat) -> None:
    """Raise OwnAccount or LastAdministrator where the portal cannot do without this account."""
    if account.id == by.account.id:
        raise OwnAccount()
    if queries.is_platform_administrator(account) and not queries.other_administrators(account):
        raise LastAdministrator()


def obstacles(account: Account, *, by: Seat) -> dict[str, str]:
    """Why an account cannot be suspended or deleted, in the verbs' own sentences; without a lock,
    good enough to show.
    """
    checks = {"suspend": _ensure_suspendable, "delete": _ensure_no_member}
    found: dict[str, str] = {}
    for verb, check in checks.items():
        try:
            ensure_dispensable(account, by=by)
            check(account)
        except Refusal as refusal:
            found[verb] = str(refusal)
    return found


def ensure_suspendable(account: Account, *, by: Seat) -> None:
    """Raise what suspending an account would refuse; without a lock, good enough to show."""
    ensure_dispensable(account, by=by)
    _ensure_suspendable(account)


def _ensure_suspendable(account: Account) -> None:
    if account.is_suspended:
        raise AccountSuspended()
    for membership in queries.memberships_of(account):
        if is_last_power_user(membership):
            raise LastPowerUserOf(organization=membership.organization.name_in(current_language()))


def _ensure_no_member(account: Account) -> None:
    if queries.organizations_of(account):
        raise StillMember()


def _ensure_replaced(membership: Membership) -> None:
    try:
        ensure_not_last_power_user(membership)
    except LastPowerUser as refusal:
        raise LastPowerUserOf(
            organization=membership.organization.name_in(current_language())
        ) from refusal


def _look_again(account: Account, *, by: Seat) -> None:
    """Lock the platform, then the account's organizations in the order of their ids, and read
    account and actor as they are now.

    Raises NotFound where the account is gone, Forbidden where the actor does not run the platform
    any more.
    """
    db.session.flush()
    db.session.execute(update(Role).where(Role.name == PLATFORM_ROLE).values(name=Role.name))
    for organization_id in queries.organizations_of(account):
        lock_organization(organization_id)
    if db.session.get(Account, account.id, populate_existing=True, with_for_update=True) is None:
        raise NotFound()
    actor = db.session.get(Account, by.account.id, populate_existing=True)
    if actor is None or actor.is_suspended or not queries.is_platform_administrator(actor):
        raise Forbidden()


def _memberships(account: Account) -> list[Membership]:
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.account_id == account.id)
            .order_by(Membership.organization_id)
            .execution_options(populate_existing=True)
        )
    )
