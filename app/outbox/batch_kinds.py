"""The kind of batch that sends letters again.

Here: what is done for one letter. Not here: the engine (batches), the verb (outbox.service).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.batches import kinds
from app.batches.kinds import Kind, Plan, Row, Work
from app.extensions import db
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy, ngettext
from app.models import Letter
from app.outbox import service as outbox


def _prepare(rows: Sequence[Row], _work: Work) -> None:
    """Read the letters of a slice."""
    query = select(Letter).where(Letter.id.in_([row.subject_id for row in rows]))
    found = {one.id: one for one in db.session.scalars(query)}
    for row in rows:
        row.subject = found.get(row.subject_id or 0)
        if row.subject is not None:
            row.name = f"{row.subject.recipient} · {row.subject.subject}"


def _check(row: Row, _work: Work) -> Plan:
    if row.subject is None:
        raise NotFound()
    if not outbox.can_retry(row.subject):
        raise outbox.NothingToRetry()
    return Plan("retried", name=row.name)


def _act(row: Row, _plan: Plan, work: Work) -> None:
    outbox.retry(row.subject, now=work.now)


RETRY = kinds.register(
    Kind(
        "retry_letters",
        ("manage", "Outbox"),
        lambda n: ngettext("Send %(num)s letter again?", "Send %(num)s letters again?", n),
        lambda n: ngettext("Sending %(num)s letter again", "Sending %(num)s letters again", n),
        lambda n: ngettext(
            "%(num)s letter is being sent again.", "%(num)s letters are being sent again.", n
        ),
        _act,
        _check,
        _prepare,
        is_undoable=False,
        icon="arrow-repeat",
        label=lazy("Send again"),
    )
)
