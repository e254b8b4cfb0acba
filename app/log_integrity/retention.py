"""Retention: for how long an organization keeps its log.

Here: choosing it, what would go, letting it go a batch at a time. What belongs to no organization
is kept for ever. Not here: when that happens (log_integrity.pruning), the page
(log_integrity.views).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, not_, select

from app.access.locks import wait_turn
from app.access.seat import Seat
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import Activity, ActivityPruning, Organization

SHORTEST, LONGEST = 90, 36_500
BATCH = 1_000
SETTING = "log_kept_days"
log = logging.getLogger(__name__)


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
    changed = activity.changes({SETTING: organization.log_kept_days}, {SETTING: days})
    if changed:
        organization.log_kept_days = days
        _tell_choice(organization, changed[SETTING], by=by, now=now)
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
    """Allow what is older than the retention to go, and say so in the log; None where nothing is.

    It rests on the line in which the organization chose so. Where the log does not say so,
    somebody changed the setting past the portal: operators are told, and nothing goes.
    """
    days = organization.log_kept_days
    found = going(organization, days, now=now)
    if days is None or not found.count:
        return None
    chosen = _chosen(organization)
    if chosen is None or chosen.details["changes"][SETTING][1] != days:
        log.error(
            "the log of %s is kept for %s days by its setting, and the log does not say who chose"
            " that: nothing is deleted until it is chosen anew",
            organization.code,
            days,
        )
        return None
    before = _before(days, now)
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
        activity_id=line.id,
        organization_id=organization.id,
        before=before,
        chosen_id=chosen.id,
        pruned_at=now,
    )
    db.session.add(pruning)
    db.session.flush()
    return pruning


def carry_over(now: datetime) -> None:
    """Let the log say once what organizations chose before it had to: some of those lines went by
    the retention that they chose.
    """
    keeping = select(Organization).where(Organization.log_kept_days.is_not(None))
    for organization in db.session.scalars(keeping.order_by(Organization.id)).all():
        days, chosen = organization.log_kept_days, _chosen(organization)
        if chosen is None or chosen.details["changes"][SETTING][1] != days:
            _tell_choice(organization, [None, days], by=None, now=now)


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


def _older(organization_id: int | None, before: datetime) -> tuple[ColumnElement[bool], ...]:
    """What goes; what tells of the retention and of what it let go stays."""
    return (
        Activity.organization_id == organization_id,
        Activity.happened_at < before,
        Activity.event != events.LOG_PRUNED.name,
        not_(chooses()),
    )


def chooses() -> ColumnElement[bool]:
    return and_(
        Activity.event == events.ORGANIZATION_EDITED.name,
        Activity.details[("changes", SETTING)].as_string().is_not(None),
    )


def _chosen(organization: Organization) -> Activity | None:
    """The line that tells how long an organization's log is kept now."""
    lines = select(Activity).where(Activity.organization_id == organization.id, chooses())
    return db.session.scalars(lines.order_by(Activity.id.desc()).limit(1)).first()


def _tell_choice(
    organization: Organization, change: list[int | None], *, by: Seat | None, now: datetime
) -> None:
    activity.record(
        events.ORGANIZATION_EDITED,
        now=now,
        by=by,
        organization=organization,
        subject=organization,
        changes={SETTING: change},
    )
