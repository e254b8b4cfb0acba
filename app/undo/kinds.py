"""The kind of batch that takes another one back, line by line of the log.

Here: what is checked and done for one line. Not here: which lines (batches.service.undo), how one
is taken back (undo.service).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import select

from app.activity import batch_events as events
from app.batches import kinds, service
from app.batches.kinds import Kind, Plan, Row, Work
from app.extensions import db
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy, ngettext
from app.models import Activity, Organization
from app.undo import service as undoing


def _prepare(rows: Sequence[Row], _work: Work) -> None:
    """Read the lines of a slice."""
    query = select(Activity).where(Activity.id.in_([row.subject_id for row in rows]))
    found = {line.id: line for line in db.session.scalars(query)}
    for row in rows:
        row.subject = found.get(row.subject_id or 0)
        if row.subject is not None:
            row.name = row.name or row.subject.subject_name


def _check(row: Row, work: Work) -> Plan:
    if row.subject is None:
        raise NotFound()
    where = cast(Organization, work.organization)
    planned = undoing.plan(row.subject, where, by=work.by, now=work.now)
    return Plan("undone", name=row.name, account_id=row.account_id, act=planned)


def _act(_row: Row, plan: Plan, work: Work) -> None:
    sure = {"sure": bool(work.arguments.get("sure"))} if plan.act.removes else {}
    plan.act.act(**sure)


UNDO = kinds.register(
    Kind(
        service.UNDO,
        ("undo", "Member"),
        lambda n: ngettext("Take back %(num)s change?", "Take back %(num)s changes?", n),
        lambda n: ngettext("Taking back %(num)s change", "Taking back %(num)s changes", n),
        lambda n: ngettext("%(num)s change was taken back.", "%(num)s changes were taken back.", n),
        _act,
        _check,
        _prepare,
        event=events.BATCH_UNDONE,
        is_undoable=False,
        icon="arrow-counterclockwise",
        label=lazy("Take it back"),
    )
)
