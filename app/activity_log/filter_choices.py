"""Whom, what and where the filters of the log offer.

Here: reading the newest lines for names. Not here: which lines a filter leaves (activity.queries),
how it is shown (activity_log.filters).
"""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)

from app.activity.queries import DELETED, KINDS, is_in_log_of
from app.extensions import db
from app.kernel.i18n import current_language
from app.models import Account, Activity, Organization

ACTORS_OFFERED = 50

ACTORS_AMONG = 10_000
"""How many of the newest lines are looked through for people to offer in the filter."""

ORGANIZATIONS_OFFERED = 200


def actors(organization: Organization | None) -> list[tuple[str, str, str]]:
    """Return who acted lately, with the name they had last and its Latin form."""
    latest = (
        select(Activity.id, Activity.actor_id)
        .where(*is_in_log_of(organization), Activity.actor_id.is_not(None))
        .order_by(Activity.happened_at.desc(), Activity.id.desc())
        .limit(ACTORS_AMONG)
        .subquery()
    )
    newest = (
        select(func.max(latest.c.id))
        .group_by(latest.c.actor_id)
        .order_by(func.max(latest.c.id).desc())
        .limit(ACTORS_OFFERED)
    )
    found = (
        select(Activity.actor_id, Activity.actor_name, Account.latin_name)
        .outerjoin(Account, _still(Activity.actor_id, Activity.actor_name))
        .where(Activity.id.in_(newest))
        .order_by(Activity.actor_name)
    )
    return [
        (str(account_id), name, latin or "")
        for account_id, name, latin in db.session.execute(found)
        if account_id is not None
    ]


def targets(organization: Organization | None) -> list[tuple[str, str, str]]:
    """Return whom and what something happened to lately, with the name each had last and its Latin
    form.
    """
    newest = _newest_targets(organization)
    found = (
        select(newest.c.kind, Activity.subject_id, Activity.subject_name, Account.latin_name)
        .join(newest, newest.c.id == Activity.id)
        .outerjoin(
            Account, and_(newest.c.kind == "", _still(Activity.subject_id, Activity.subject_name))
        )
        .order_by(Activity.subject_name)
    )
    rows = db.session.execute(found)
    return [
        (f"{kind}-{subject_id}".removeprefix("-"), name, latin or "")
        for kind, subject_id, name, latin in rows
    ]


def organizations() -> list[tuple[int, str, bool]]:
    """Return id and name of organizations, and whether they are still there: by name, those that
    are gone last.
    """
    there = db.session.scalars(
        select(Organization).order_by(Organization.name).limit(ORGANIZATIONS_OFFERED)
    )
    deleted = (
        select(Activity.organization_id, Activity.subject_name)
        .where(DELETED)
        .order_by(Activity.id.desc())
        .limit(ACTORS_OFFERED)
    )
    gone = db.session.execute(deleted)
    return [
        (organization.id, organization.name_in(current_language()), True) for organization in there
    ] + [
        (organization_id, name, False)
        for organization_id, name in gone
        if organization_id is not None
    ]


def _newest_targets(organization: Organization | None) -> Subquery:
    """The last of the newest lines about each target, and what kind of thing that is."""
    latest = (
        select(Activity.id, Activity.event, Activity.subject_id)
        .where(*is_in_log_of(organization), Activity.subject_id.is_not(None))
        .order_by(Activity.happened_at.desc(), Activity.id.desc())
        .limit(ACTORS_AMONG)
        .subquery()
    )
    kind = case(
        *(
            (
                or_(
                    *(
                        latest.c.event.startswith(beginning, autoescape=True)
                        for beginning in beginnings
                    )
                ),
                literal(kind),
            )
            for kind, beginnings in KINDS.items()
        ),
        else_=None,
    )
    return (
        select(func.max(latest.c.id).label("id"), kind.label("kind"))
        .where(kind.is_not(None))
        .group_by(kind, latest.c.subject_id)
        .order_by(func.max(latest.c.id).desc())
        .limit(ACTORS_OFFERED)
        .subquery()
    )


def _still(
    account_id: SQLColumnExpression[int | None], name: SQLColumnExpression[str]
) -> ColumnElement[bool]:
    """The condition that an account still has the name that a line kept."""
    return and_(
        Account.id == account_id, func.trim(Account.last_name + " " + Account.first_name) == name
    )
