"""Lifetimes: what an organization's shorter limits do to sessions that are open.

Here: one statement, and the arithmetic that the databases spell differently. Not here: the limits
of a new session (sessions.service), what limits an organization may set (organizations).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, case, select, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import literal
from sqlalchemy.sql.functions import FunctionElement

from app.extensions import db
from app.models import AccountSession, Membership, Organization
from app.models.column_types import UtcDateTime


class _Later(FunctionElement[Any]):
    """A moment so many seconds after the one in a column."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(_Later)
def _later(element: _Later, compiler: SQLCompiler, **words: Any) -> str:
    moment, seconds = element.clauses
    return (
        f"({compiler.process(moment, **words)} + {compiler.process(seconds, **words)} * interval '1"
        " second')"
    )


@compiles(_Later, "sqlite")
def _later_in_sqlite(element: _Later, compiler: SQLCompiler, **words: Any) -> str:
    """Write it as SQLAlchemy writes moments; the thousandths are enough here."""
    moment, seconds = (compiler.process(one, **words) for one in element.clauses)
    return f"(strftime('%Y-%m-%d %H:%M:%f', {moment}, {seconds} || ' seconds') || '000')"


def shorten(organization: Organization) -> int:
    """Let no open session of a member outlast what the organization's settings say now, in one
    statement; return how many were looked at.
    """
    idle, life = (
        timedelta(minutes=organization.session_idle_minutes),
        timedelta(hours=organization.session_hours),
    )
    theirs = select(Membership.account_id).where(
        Membership.organization_id == organization.id, Membership.suspended_at.is_(None)
    )
    db.session.flush()
    changed = db.session.execute(
        update(AccountSession)
        .where(AccountSession.ended_at.is_(None), AccountSession.account_id.in_(theirs))
        .values(
            expires_at=_earlier(AccountSession.expires_at, AccountSession.created_at, life),
            idle_until=_earlier(AccountSession.idle_until, AccountSession.last_used_at, idle),
        ),
        execution_options={"synchronize_session": False},
    )
    for row in db.session.identity_map.values():
        if isinstance(row, AccountSession):
            db.session.expire(row)
    return changed.rowcount if isinstance(changed, CursorResult) else 0


def _earlier(end: Any, start: Any, lasts: timedelta) -> ColumnElement[Any]:
    limit = _Later(start, literal(int(lasts.total_seconds())))
    return case((end > limit, limit), else_=end)
