"""Which lines of the log: always of one organization, newest first.

Here: reading. Not here: writing (activity.service), sentences (activity.telling).
"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from app.extensions import db
from app.models import Account, Activity, Organization

ACTORS_OFFERED = 50
ACTORS_AMONG = 10_000
"""How many of the newest lines are looked through for people to offer in the filter."""
ABOUT_PEOPLE = ("member_", "account_", "two_factor_")
"""How the names of events begin whose subject is an account."""


def recent(organization: Organization, limit: int) -> list[Activity]:
    """Return the newest lines of an organization."""
    lines = select(Activity).where(Activity.organization_id == organization.id).order_by(Activity.happened_at.desc(), Activity.id.desc())
    return list(db.session.scalars(lines.limit(limit)))


def actors(organization: Organization) -> list[tuple[str, str]]:
    """Return who acted lately, with the name they had last."""
    latest = (
        select(Activity.id, Activity.actor_id, Activity.actor_name).where(Activity.organization_id == organization.id, Activity.actor_id.is_not(None))
        .order_by(Activity.happened_at.desc(), Activity.id.desc()).limit(ACTORS_AMONG).subquery()
    )
    newest = select(func.max(latest.c.id)).group_by(latest.c.actor_id).order_by(func.max(latest.c.id).desc()).limit(ACTORS_OFFERED)
    found = select(Activity.actor_id, Activity.actor_name).where(Activity.id.in_(newest)).order_by(Activity.actor_name)
    return [(str(account_id), name) for account_id, name in db.session.execute(found).tuples() if account_id is not None]


def people(lines: Iterable[Activity]) -> dict[int, tuple[str, str]]:
    """Return (family name, given name) of the accounts that lines may speak of, in one statement."""
    ids = {one for line in lines for one in (line.actor_id, line.subject_id) if one is not None}
    if not ids:
        return {}
    rows = db.session.execute(select(Account.id, Account.last_name, Account.first_name).where(Account.id.in_(ids))).tuples()
    return {account_id: (family or "", given or "") for account_id, family, given in rows}


def about(query: Select[tuple[Activity]], account_id: int) -> Select[tuple[Activity]]:
    """Narrow to what was done to somebody, by whomever."""
    return query.where(Activity.subject_id == account_id, or_(*(Activity.event.startswith(beginning) for beginning in ABOUT_PEOPLE)))


def name_of(organization: Organization, account_id: int) -> str:
    """Return the name that somebody had when the log last told of them, "" where it never did."""
    lines = about(select(Activity).where(Activity.organization_id == organization.id), account_id)
    last = db.session.scalars(lines.order_by(Activity.happened_at.desc(), Activity.id.desc()).limit(1)).first()
    return last.subject_name if last else ""


def containing(query: Select[tuple[Activity]], words: str) -> Select[tuple[Activity]]:
    """Narrow to lines in which somebody or something is called so."""
    return query.where(or_(Activity.actor_name.icontains(words, autoescape=True), Activity.subject_name.icontains(words, autoescape=True)))


def since(query: Select[tuple[Activity]], moment: datetime) -> Select[tuple[Activity]]:
    """Narrow to what happened from a moment on."""
    return query.where(Activity.happened_at >= moment)


def before(query: Select[tuple[Activity]], moment: datetime) -> Select[tuple[Activity]]:
    """Narrow to what happened before a moment."""
    return query.where(Activity.happened_at < moment)
