"""Accounts' questions to the database: who runs the platform, where somebody belongs.

Here: reading. Not here: changing anything (accounts.service).
"""
from __future__ import annotations

from flask_appbuilder.security.sqla.models import Role, assoc_user_role
from sqlalchemy import ColumnElement, exists, func, select

from app.access.seat import PLATFORM_ROLE
from app.extensions import db
from app.models import Account, Membership


def runs_platform() -> ColumnElement[bool]:
    """The condition that an account of the query around it is a platform administrator's."""
    return exists().where(assoc_user_role.c.user_id == Account.id, assoc_user_role.c.role_id == Role.id, Role.name == PLATFORM_ROLE)


def is_platform_administrator(account: Account) -> bool:
    """Whether an account is a platform administrator's."""
    return bool(db.session.scalar(select(runs_platform()).where(Account.id == account.id)))


def other_administrators(account: Account) -> int:
    """How many other platform administrators can sign in."""
    return db.session.scalar(
        select(func.count(Account.id)).where(runs_platform(), Account.id != account.id, Account.suspended_at.is_(None))
    ) or 0


def organizations_of(account: Account) -> list[int]:
    """The ids of the organizations an account belongs to, in order."""
    return list(db.session.scalars(
        select(Membership.organization_id).where(Membership.account_id == account.id).order_by(Membership.organization_id)
    ))
