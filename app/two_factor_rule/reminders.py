"""Reminders: a letter to whoever is missing, when the rule is switched on and as its deadline comes
near.

Here: who gets which letter when, each once however many workers look. Not here: the letter
(two_factor_rule.mail), the hours at which this runs (schedule).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import contains_eager

from app.access.guard import lock_organization
from app.access.two_factor import is_excepted
from app.extensions import db
from app.jobs.steps import until_done
from app.models import Membership, Organization, TwoFactorReminder
from app.outbox import service as outbox
from app.two_factor_rule import mail, queries

JOB = "two_factor_reminders"
SWITCHED_ON = 0
DAYS = (7, 1)
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""What stands for the deadline of a rule without one."""
BATCH = 20
"""Letters in one transaction: on SQLite, every other write waits for it."""


def send_due(now: datetime) -> int:
    """Post every letter that is due, organization by organization, committing in batches; return
    how many.
    """
    ids = db.session.scalars(
        select(Organization.id).where(_may_have_missing(now)).order_by(Organization.id)
    ).all()
    return sum(until_done(partial(_send_some, organization_id, now)) for organization_id in ids)


def forget(organization: Organization) -> None:
    """Let the letters go out anew when the rule is switched on again."""
    theirs = select(Membership.id).where(Membership.organization_id == organization.id)
    db.session.execute(
        delete(TwoFactorReminder).where(TwoFactorReminder.membership_id.in_(theirs)),
        execution_options={"synchronize_session": False},
    )


def due(organization: Organization, now: datetime) -> tuple[int, ...]:
    """Return the letters that a missing member should have had by now, the most urgent first."""
    deadline = organization.two_factor_deadline
    near = [
        days
        for days in reversed(DAYS)
        if deadline is not None and deadline - timedelta(days=days) <= now < deadline
    ]
    return (*near, SWITCHED_ON)


def _send_some(organization_id: int, now: datetime) -> int:
    """Claim and post the letters of some members.

    Whoever looks at the same moment waits, and then finds them claimed.
    """
    lock_organization(organization_id)
    organization = db.session.get(Organization, organization_id, populate_existing=True)
    if organization is None or not organization.two_factor_required:
        return 0
    deadline, kinds = organization.two_factor_deadline or AT_ONCE, due(organization, now)
    members = _unreminded(organization, deadline, kinds[0], now)
    had = _had(members, deadline)
    for member in members:
        claimed = [days for days in kinds if (member.id, days) not in had]
        db.session.add_all(
            TwoFactorReminder(membership_id=member.id, deadline=deadline, days=days)
            for days in claimed
        )
        outbox.post(mail.asked(member, days=kinds[0]), now=now)
    return len(members)


def _unreminded(
    organization: Organization, deadline: datetime, days: int, now: datetime
) -> list[Membership]:
    """Return some of the missing who have not had this letter."""
    has_had = (
        select(TwoFactorReminder.id)
        .where(
            TwoFactorReminder.membership_id == Membership.id,
            TwoFactorReminder.deadline == deadline,
            TwoFactorReminder.days == days,
        )
        .exists()
    )
    missing = queries.people(organization).where(
        queries.is_missing(organization, now), ~is_excepted(Membership.id, now), ~has_had
    )
    return list(
        db.session.scalars(
            missing.options(contains_eager(Membership.account)).order_by(Membership.id).limit(BATCH)
        )
    )


def _had(members: Sequence[Membership], deadline: datetime) -> set[tuple[int, int]]:
    """Return which of them have had which letters about this deadline."""
    ids = [member.id for member in members]
    known = select(TwoFactorReminder.membership_id, TwoFactorReminder.days)
    return set(
        db.session.execute(
            known.where(
                TwoFactorReminder.membership_id.in_(ids), TwoFactorReminder.deadline == deadline
            )
        )
    )


def _may_have_missing(now: datetime) -> ColumnElement[bool]:
    """The condition that a rule asks anything of anybody: codes by mail come by themselves once it
    is in force.
    """
    return Organization.two_factor_required & or_(
        Organization.two_factor_strong, Organization.two_factor_deadline > now
    )
