"""What becomes of API keys when their holder or organization goes, or their time does; no
reinstatement revives them (B-73).

Here: when, the words for the pages that ask, and a letter a week before a key expires, each key
told of once however many workers look. Not here: how (api_keys.service), the letter
(api_keys.mail), the hours at which this runs (schedule).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, select, update
from sqlalchemy.orm import joinedload

from app.activity.service import Actor
from app.api_keys import mail
from app.api_keys import service as api_keys
from app.api_keys.service import REMIND_BEFORE
from app.extensions import db
from app.jobs.steps import until_done
from app.kernel import signals
from app.kernel.i18n import _, ngettext
from app.kernel.signals import Hook, Line
from app.models import Account, Membership, MemberType, Organization, PortalKey
from app.models.portal_key import is_working
from app.models.subjects import Subjects, how_many, rows_of
from app.outbox import service as outbox


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


JOB = "key_reminders"
BATCH = 20
MOST_TOLD = 10


def remind_due(now: datetime) -> int:
    """Post every letter that is due, committing in batches; return how many keys were told of."""
    return until_done(partial(_send_some, now))


def _send_some(now: datetime) -> int:
    """Claim some keys and post their letters; whoever looks at the same moment finds them
    claimed."""
    due = select(PortalKey.id).where(
        PortalKey.reminded_at.is_(None),
        is_working(now),
        PortalKey.expires_at <= now + REMIND_BEFORE,
    )
    some = due.order_by(PortalKey.id).limit(BATCH).scalar_subquery()
    claim = (
        update(PortalKey)
        .where(PortalKey.id.in_(some), PortalKey.reminded_at.is_(None))
        .values(reminded_at=now)
        .returning(PortalKey.id)
    )
    claimed = list(db.session.scalars(claim, execution_options={"synchronize_session": False}))
    whole = (
        select(PortalKey)
        .where(PortalKey.id.in_(claimed))
        .options(joinedload(PortalKey.account), joinedload(PortalKey.organization))
    )
    for key in db.session.scalars(whole):
        for account in _readers(key):
            outbox.post(mail.expiring(key, to=account), now=now)
    return len(claimed)


def _readers(key: PortalKey) -> list[Account]:
    """Who is told: its holder; of a service account's key, the organization's power users."""
    if not key.account.is_service:
        return [key.account]
    power = (
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.organization_id == key.organization_id,
            Membership.type == MemberType.POWER,
            Membership.suspended_at.is_(None),
            Account.suspended_at.is_(None),
            Account.notifications,
        )
    )
    return list(db.session.scalars(power.order_by(Membership.id).limit(MOST_TOLD)))
