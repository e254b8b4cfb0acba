"""What happens to an account stands in the log of each organization it belongs to.

Here: one line for each of them, or one without an organization where there is none. Not here: what
concerns a single organization (activity.service).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.activity import binding_events
from app.activity.events import Event
from app.activity.service import Actor, record
from app.extensions import db
from app.models import Account, Membership, Organization


def record_everywhere(
    event: Event,
    *,
    account: Account | None,
    by: Actor | Account | None,
    now: datetime,
    **details: Any,
) -> None:
    """Write an event of an account, or of nobody's, at the same cost for either."""
    where = select(Organization).join(Membership, Membership.organization_id == Organization.id)
    with db.session.no_autoflush:
        organizations = list(
            db.session.scalars(
                where.where(Membership.account_id == (account.id if account else 0)).order_by(
                    Organization.id
                )
            )
        )
    for organization in organizations or [None]:
        record(event, now=now, by=by, organization=organization, subject=account, **details)


def record_at_home(membership: Membership, *, by: Actor | Account, now: datetime) -> None:
    """Note in the log of whoever manages an account that it joined another organization (D-C11)."""
    home = membership.account.managed_by
    if home is not None and home.id != membership.organization_id:
        record(
            binding_events.MEMBER_JOINED_ELSEWHERE,
            now=now,
            by=by,
            organization=home,
            subject=membership.account,
            elsewhere=membership.organization.name,
        )
