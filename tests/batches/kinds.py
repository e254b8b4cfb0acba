"""A kind for tests: gives a member a reason of suspension, nothing else; it can be told to fail.

Here: the kind and a batch of it. Not here: the portal's own kinds (their features' tests).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from app.access import locks
from app.activity import events
from app.activity import service as activity
from app.batches import filling, kinds, service
from app.batches.kinds import Kind, Plan, Row, Work
from app.extensions import db
from app.kernel.errors import NotFound, Refusal
from app.models import Account, Batch, Membership, Organization
from tests import factories


class TooSpecial(Refusal):
    """What the kind refuses."""

    status = 409


def prepare(rows: Sequence[Row], work: Work) -> None:
    found = locks.members_in_turn(row.subject_id or 0 for row in rows)
    for row in rows:
        row.subject = found.get(row.subject_id or 0)


def check(row: Row, work: Work) -> Plan:
    if row.subject is None:
        raise NotFound()
    if row.subject.suspended_reason == "special":
        raise TooSpecial()
    is_there = row.subject.suspended_reason == work.arguments.get("word", "seen")
    return Plan("unchanged" if is_there else "seen", name=str(row.subject.account))


def act(row: Row, plan: Plan, work: Work) -> None:
    time.sleep(work.arguments.get("seconds", 0))
    row.subject.suspended_reason = work.arguments.get("word", "seen")
    activity.record(
        events.MEMBER_REINSTATED,
        now=work.now,
        by=work.by,
        organization=work.organization,
        subject=row.subject,
    )
    if row.number == work.arguments.get("bug"):
        raise ValueError("a bug of the kind")


KIND = kinds.register(
    Kind(
        name="test_kind",
        needs=("manage", "Member"),
        asking=lambda count: f"Touch {count}?",
        running=lambda count: f"Touching {count}",
        done=lambda count: f"{count} touched.",
        check=check,
        act=act,
        prepare=prepare,
    )
)


def people(where: Organization, count: int) -> None:
    """So many members more, without power."""
    for number in range(count):
        who = factories.account(f"p{number:04}", family_name="山田", given_name=str(number))
        factories.membership(who, where, authorities=["user_viewer"])
    db.session.commit()


def batch(where: Organization, by: Account, **arguments: object) -> Batch:
    """A confirmed batch over everybody who was added by `people`."""
    held = db.session.scalars(
        select(Membership).where(
            Membership.account_id == by.id, Membership.organization_id == where.id
        )
    ).one()
    seat, now = factories.seat(held), datetime.now(UTC)
    made = service.open_batch(KIND, where, by=seat, now=now, arguments=arguments)
    ids = (
        select(Membership.id)
        .join(Membership.account)
        .where(Membership.organization_id == where.id, Account.username.like("p0%"))
    )
    filling.fill(made, ids)
    service.mark_checked(made, now=now)
    service.confirm(made, by=seat, now=now)
    db.session.commit()
    return made
