"""What becomes of API keys when their holder or organization goes; a reinstatement does not revive
them (B-73).

Here: when, and the words for the pages that ask. Not here: how (api_keys.service).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from app.access.seat import Seat
from app.activity.service import Actor
from app.api_keys import service as api_keys
from app.kernel import signals
from app.kernel.i18n import _, ngettext
from app.kernel.signals import Line
from app.models import Account, Membership, Organization, PortalKey
from app.models.portal_key import is_working


def connect() -> None:
    """Register what becomes of API keys."""
    for left in (signals.membership_suspended, signals.membership_ended):
        left.register("api_keys", _revoke_here, count=_held_here, say=_revoked, place=30)
    signals.account_suspended.register(
        "api_keys", _revoke_all, count=_held_anywhere, say=_revoked, place=30
    )
    signals.account_deleted.register("api_keys", count=_held_anywhere, say=_revoked, place=30)
    signals.account_recovered.register("api_keys", _revoke_since)
    signals.organization_deleted.register(
        "api_keys", _revoke_in, count=_of_organization, say=_dead, place=30
    )


def _revoke_here(membership: Membership, *, by: Seat, now: datetime, **_told: Any) -> None:
    api_keys.revoke_all(*_here([membership]), by=by, now=now)


def _held_here(memberships: Sequence[Membership], *, now: datetime) -> ScalarSelect[int]:
    return _how_many(*_here(memberships), now=now)


def _revoked(count: int) -> Line:
    return _("API keys"), ngettext(
        "%(num)s, will be revoked for good", "%(num)s, will be revoked for good", count
    )


def _revoke_all(account: Account, *, by: Seat, now: datetime) -> None:
    api_keys.revoke_all(PortalKey.account_id == account.id, by=by, now=now)


def _held_anywhere(accounts: Sequence[Account], *, now: datetime) -> ScalarSelect[int]:
    return _how_many(PortalKey.account_id.in_([one.id for one in accounts]), now=now)


def _revoke_since(account: Account, *, since: datetime, now: datetime) -> None:
    made_since = PortalKey.created_at >= since
    api_keys.revoke_all(PortalKey.account_id == account.id, made_since, by=account, now=now)


def _revoke_in(organization: Organization, *, by: Actor, now: datetime) -> None:
    api_keys.revoke_all(PortalKey.organization_id == organization.id, by=by, now=now)


def _of_organization(organizations: Sequence[Organization], *, now: datetime) -> ScalarSelect[int]:
    return _how_many(PortalKey.organization_id.in_([one.id for one in organizations]), now=now)


def _dead(count: int) -> Line:
    label = ngettext("%(num)s API key", "%(num)s API keys", count)
    return label, _("Programs that use them get no answers any more.")


def _here(memberships: Sequence[Membership]) -> tuple[ColumnElement[bool], ...]:
    return (
        PortalKey.account_id.in_([one.account_id for one in memberships]),
        PortalKey.organization_id == memberships[0].organization_id,
    )


def _how_many(*which: ColumnElement[bool], now: datetime) -> ScalarSelect[int]:
    return select(func.count(PortalKey.id)).where(is_working(now), *which).scalar_subquery()
