"""Keys: the API keys that somebody holds and that still work.

Here: finding and revoking them when their holder goes or is suspended; a reinstatement does not
revive them (B-73). Not here: a key's own life (api_keys.service).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select

from app.activity import events
from app.activity import service as activity
from app.activity.service import Actor
from app.extensions import db
from app.models import Account, Organization, PortalKey
from app.models.portal_key import is_working


def working_of(
    account: Account, organization: Organization | None = None, *, now: datetime
) -> Select[tuple[PortalKey]]:
    """The query for the keys of an account that still work, for one organization or for all."""
    query = select(PortalKey).where(PortalKey.account_id == account.id, is_working(now))
    return (
        query if organization is None else query.where(PortalKey.organization_id == organization.id)
    )


def revoke_all(
    account: Account,
    organization: Organization | None = None,
    *,
    by: Actor | Account,
    now: datetime,
) -> None:
    """Revoke every key of an account that still works, for one organization or for all."""
    revoke(db.session.scalars(working_of(account, organization, now=now)), by=by, now=now)


def revoke(keys: Iterable[PortalKey], *, by: Actor | Account, now: datetime) -> None:
    """Let keys work no more; each leaves a line in the log of its organization."""
    for key in list(keys):
        key.revoked_at, key.revoked_by = now, name_of(by)
        activity.record(
            events.KEY_REVOKED,
            now=now,
            by=by,
            organization=key.organization,
            subject=key.account,
            key=key.label,
            authorities=key.scopes,
        )


def name_of(by: Actor | Account) -> str:
    """How somebody is kept who made or revoked a key."""
    return (by if isinstance(by, Account) else by.account).written_name
