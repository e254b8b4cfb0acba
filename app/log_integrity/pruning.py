"""Pruning: the log's lines that are older than their organization keeps them go, once a day.

Here: one organization after the other, a short transaction at a time. Not here: what may go
(log_integrity.retention).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from sqlalchemy import select

from app.extensions import db
from app.jobs.steps import until_done
from app.log_integrity import retention
from app.log_integrity.retention import Going
from app.models import Organization

JOB = "prune_log"
log = logging.getLogger(__name__)


def prune(now: datetime) -> dict[str, int]:
    """Let go what every organization's retention lets go; return how many lines, by organization
    code.
    """
    gone = {}
    for organization in _forgetful():
        code, pruning = organization.code, retention.allow(organization, now=now)
        if pruning is None:
            continue
        some = partial(retention.prune_some, pruning.organization_id, pruning.before)
        db.session.commit()
        gone[code] = until_done(some)
        log.info("pruned %s lines of the log of %s", gone[code], code)
    db.session.rollback()
    return gone


def would_go(now: datetime) -> dict[str, Going]:
    """Say what `prune` would let go."""
    found = {
        organization.code: retention.going(organization, organization.log_kept_days, now=now)
        for organization in _forgetful()
    }
    return {code: going for code, going in found.items() if going.count}


def _forgetful() -> Iterator[Organization]:
    keeping = (
        select(Organization.id)
        .where(Organization.log_kept_days.is_not(None))
        .order_by(Organization.id)
    )
    for organization_id in db.session.scalars(keeping).all():
        organization = db.session.get(Organization, organization_id)
        if organization is not None:
            yield organization
