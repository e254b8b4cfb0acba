"""Retention: for how long an organization keeps its log.

Here: choosing it, what would go, letting it go a batch at a time. What belongs to no organization
is kept for ever. Not here: when that happens (jobs.pruning), the page (activity.retention_views).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from app.access.guard import wait_turn
from app.access.seat import Seat
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import Activity, ActivityPruning, Organization

SHORTEST, LONGEST = 90, 36_500
BATCH = 1_000


class KeptTooShort(Refusal):
    """A log that forgets a quarter of a year helps nobody who looks for what went wrong."""

    status = 422
    field = "days"
    text = lazy(
        "The log is kept for at least %(shortest)d days, and at most %(longest)d.",
        shortest=SHORTEST,
        longest=LONGEST,
    )


@dataclass(frozen=True)
class Going:
    """What a retention lets go: how many lines, from when to when."""

    count: int
    oldest: datetime | None = None
    newest: datetime | None = None


def choose(organization: Organization, days: int | None, *, by: Seat, now: datetime) -> bool:
    """Keep the log for so many days, None for ever; return whether that is new. Raises
    KeptTooShort, Forbidden.
    """
    if days is not None and not SHORTEST <= days <= LONGEST:
        raise KeptTooShort()
    wait_turn(organization, by=by)
    db.session.refresh(organization)
    changed = activity.changes(
        {"log_kept_days": organization.log_kept_days}, {"log_kept_days": days}
    )
    if changed:
        organization.log_kept_days = days
        activity.record(
            events.ORGANIZATION_EDITED,
            now=now,
            by=by,
            organization=organization,
            subject=organization,
            changes=changed,
        )
        db.session.flush()
    return bool(changed)


def going(organization: Organization, days: int | None, *, now: datetime) -> Going:
    """Say what would go if the log were kept for so many days."""
    if days is None:
        return Going(0)
    row = db.session.execute(
        select(
            func.count(Activity.id), func.min(Activity.happened_at), func.max(Activity.happened_at)
        ).where(*_older(organization.id, _before(days, now)))
    ).one()
    return Going(*row)


def allow(organization: Organization, *, now: datetime) -> ActivityPruning | None:
    """Allow what is older than the retention to go, and say so in the log; None where
    nothing is."""
    found = going(organization, organization.log_kept_days, now=now)
    if organization.log_kept_days is None or not found.count:
        return None
    before = _before(organization.log_kept_days, now)
    line = activity.record(
        events.LOG_PRUNED,
        now=now,
        by=None,
        organization=organization,
        subject=organization,
        count=found.count,
        before_at=before,
    )
    db.session.flush()
    pruning = ActivityPruning(
        activity_id=line.id, organization_id=organization.id, before=before, pruned_at=now
    )
    db.session.add(pruning)
    db.session.flush()
    return pruning


def prune_some(organization_id: int | None, before: datetime) -> int:
    """Delete the oldest lines that were allowed to go; return how many went."""
    oldest = (
        select(Activity.id)
        .where(*_older(organization_id, before))
        .order_by(Activity.happened_at, Activity.id)
        .limit(BATCH)
    )
    result: Any = db.session.execute(
        delete(Activity).where(Activity.id.in_(oldest)).execution_options(synchronize_session=False)
    )
    return int(result.rowcount)


def _before(days: int, now: datetime) -> datetime:
    """The midnight (UTC) before which lines go: once a day is often enough."""
    return (now - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)


def _older(organization_id: int | None, before: datetime) -> tuple[Any, Any]:
    return Activity.organization_id == organization_id, Activity.happened_at < before
