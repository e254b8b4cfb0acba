"""What becomes of API keys when their holder or organization goes; a reinstatement does not revive
them (B-73).

Here: when, and the words for the pages that ask. Not here: how (api_keys.service).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, select

from app.activity.service import Actor
from app.api_keys import service as api_keys
from app.extensions import db
from app.kernel import signals
from app.kernel.i18n import _, ngettext
from app.kernel.signals import Hook, Line
from app.models import Account, Membership, Organization, PortalKey
from app.models.portal_key import is_working
from app.models.subjects import Subjects, how_many, rows_of


def connect() -> None:
    """Say what becomes of API keys; those of an account that is deleted go by foreign key."""
    left = Hook(_revoke, count=_count, say=_revoked, place=30, concerns=_holders)
    gone = Hook(_revoke, count=_count, say=_revoked, place=30)
    signals.membership_suspended.hooks["api_keys"] = left
    signals.membership_ended.hooks["api_keys"] = left
    signals.account_suspended.hooks["api_keys"] = gone
    signals.account_deleted.hooks["api_keys"] = Hook(count=_count, say=_revoked, place=30)
    signals.account_recovered.hooks["api_keys"] = Hook(_revoke_since)
    signals.organization_deleted.hooks["api_keys"] = Hook(
        _revoke, count=_count, say=_dead, place=30
    )


def _revoke(
    of: Membership | Account | Organization, *, by: Actor, now: datetime, **_told: Any
) -> None:
    api_keys.revoke_all(_of([of]), by=by, now=now)


def _holders(members: Sequence[Membership]) -> Iterable[int]:
    held = select(PortalKey.account_id).where(_of(members), PortalKey.revoked_at.is_(None))
    return db.session.scalars(held)


def _revoke_since(account: Account, *, since: datetime, now: datetime) -> None:
    api_keys.revoke_all(_of([account]), PortalKey.created_at >= since, by=account, now=now)


def _count(subjects: Subjects, *, now: datetime) -> ScalarSelect[int]:
    return how_many(PortalKey, _of(subjects), is_working(now))


def _of(subjects: Subjects) -> ColumnElement[bool]:
    return rows_of(subjects, PortalKey.account_id, PortalKey.organization_id)


def _revoked(count: int) -> Line:
    return _("API keys"), ngettext(
        "%(num)s, will be revoked for good", "%(num)s, will be revoked for good", count
    )


def _dead(count: int) -> Line:
    label = ngettext("%(num)s API key", "%(num)s API keys", count)
    return label, _("Programs that use them get no answers any more.")
