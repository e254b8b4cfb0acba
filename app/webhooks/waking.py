"""Waking: as soon as something is committed that a webhook may ask for, its job is asked for.

Here: what a session does when it writes, without a statement more: an organization that has
webhooks says so itself. Not here: what the job does (webhooks.delivery); if nobody asks, the
schedule does.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event, exists, select, update
from sqlalchemy.orm import Mapper, Session, UOWTransaction

from app.models import Activity, Organization, Webhook
from app.outbox import after_commit

JOB = "webhooks"


def listen() -> None:
    """Ask for the job whenever a session of this process writes the log of an organization that has
    webhooks; calling it again changes nothing.
    """
    if not event.contains(Session, "after_flush", _wake):
        event.listen(Session, "after_flush", _wake)


def _wake(session: Session, _flush: UOWTransaction) -> None:
    """Organizations that a verb concerns are in the session anyway."""
    for line in session.new:
        if isinstance(line, Activity) and line.organization_id is not None:
            key = session.identity_key(Organization, line.organization_id)
            organization = session.identity_map.get(key)
            if organization is not None and organization.has_webhooks:
                after_commit.run_job(JOB)
                return


@event.listens_for(Webhook, "after_insert")
@event.listens_for(Webhook, "after_update")
@event.listens_for(Webhook, "after_delete")
def _note(_mapper: Mapper[Any], connection: Connection, webhook: Webhook) -> None:
    """Keep with the organization whether it has webhooks that are on."""
    own = webhook.organization_id
    active = exists(select(Webhook.id).where(Webhook.organization_id == own, Webhook.is_active))
    connection.execute(
        update(Organization).where(Organization.id == own).values(has_webhooks=active)
    )
