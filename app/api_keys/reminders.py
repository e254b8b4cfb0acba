"""Reminders: a letter a week before an API key expires.

Here: whose keys those are, each told of once however many workers look. Not here: the letter
(api_keys.mail), the hours at which this runs (schedule).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from app.api_keys import mail
from app.api_keys.service import REMIND_BEFORE
from app.extensions import db
from app.jobs.steps import until_done
from app.models import Account, Membership, MemberType, PortalKey
from app.models.portal_key import is_working
from app.outbox import service as outbox

JOB = "key_reminders"
BATCH = 20
MOST_TOLD = 10


def send_due(now: datetime) -> int:
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
        for account in _told(key):
            outbox.post(mail.expiring(key, to=account), now=now)
    return len(claimed)


def _told(key: PortalKey) -> list[Account]:
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
