"""The kind of batch that revokes API keys.

Here: what is checked and done for one key. Not here: the engine (batches), the verb
(api_keys.service).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access.seat import Seat
from app.activity import batch_events as events
from app.api_keys import service as api_keys
from app.batches import kinds
from app.batches.kinds import Kind, Plan, Question, Row, Work
from app.extensions import db
from app.http import reauthentication
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy, ngettext
from app.models import Batch, PortalKey


def _prepare(rows: Sequence[Row], _work: Work) -> None:
    """Read the keys of a slice with their holders."""
    query = select(PortalKey).where(PortalKey.id.in_([row.subject_id for row in rows]))
    whole = query.options(joinedload(PortalKey.account))
    found = {key.id: key for key in db.session.scalars(whole)}
    for row in rows:
        row.subject = found.get(row.subject_id or 0)
        if row.subject is not None:
            row.name = row.subject.name


def _check(row: Row, work: Work) -> Plan:
    if row.subject is None:
        raise NotFound()
    api_keys.ensure_may_revoke(row.subject, by=work.by)
    return Plan("revoked", name=row.name)


def _act(row: Row, _plan: Plan, work: Work) -> None:
    api_keys.revoke(row.subject, by=work.by, now=work.now)


def _proved(_batch: Batch, by: Seat, now: datetime) -> None:
    reauthentication.ensure_recent(by, now=now)


REVOKE = kinds.register(
    Kind(
        "revoke_keys",
        ("manage", "Key"),
        lambda n: ngettext("Revoke %(num)s API key?", "Revoke %(num)s API keys?", n),
        lambda n: ngettext("Revoking %(num)s API key", "Revoking %(num)s API keys", n),
        lambda n: ngettext("%(num)s API key was revoked.", "%(num)s API keys were revoked.", n),
        _act,
        _check,
        _prepare,
        event=events.KEYS_REVOKED,
        is_undoable=False,
        danger=True,
        icon="slash-circle",
        label=lazy("Revoke"),
        question=Question(lazy("Programs that use them are refused at once."), ensure=_proved),
    )
)
