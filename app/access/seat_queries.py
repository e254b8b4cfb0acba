"""The two queries that find a seat.

Here: what is read of a live session and of an account's memberships. Not here: what is made of it
(access.seat).
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from flask_appbuilder.security.sqla.models import Role, assoc_user_role
from sqlalchemy import BindParameter, Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.models import (
    Account,
    AccountSession,
    Invite,
    InviteStatus,
    MemberRole,
    Membership,
    Organization,
    RoleBinding,
)
from app.models.member_role import membership_role
from app.models.session import is_live

PLATFORM_ROLE = "Admin"


@cache
def session_query() -> Select[Any]:
    """The query of a live session, its account, the organization asked for, and two questions about
    the account; made once.
    """
    is_platform = exists().where(
        assoc_user_role.c.user_id == Account.id,
        assoc_user_role.c.role_id == Role.id,
        Role.name == PLATFORM_ROLE,
    )
    now: BindParameter[datetime] = bindparam("now")
    waiting = (
        select(func.count(Invite.id))
        .where(
            Invite.address_key == Account.email_key,
            Invite.status == InviteStatus.PENDING,
            Invite.expires_at > now,
            Account.email_verified_at.is_not(None),
        )
        .correlate(Account)
        .scalar_subquery()
    )
    added = (
        exists()
        .where(
            RoleBinding.account_id == Account.id,
            RoleBinding.answered_at.is_(None),
            RoleBinding.created_at <= AccountSession.created_at,
        )
        .correlate(Account, AccountSession)
    )
    return (
        select(AccountSession, Account, Organization, is_platform, waiting, added)
        .join(Account, AccountSession.account_id == Account.id)
        .outerjoin(Organization, and_(Organization.code == bindparam("code")))
        .where(
            AccountSession.key_digest == bindparam("digest"),
            is_live(now),
            Account.suspended_at.is_(None),
        )
    )


@cache
def memberships_query() -> Select[Any]:
    """The query of an account's memberships, with organizations and roles; made once."""
    held = (
        membership_role  # joined one by one: SQLite would read a joined pair of tables to its end
    )
    return (
        select(Membership)
        .where(Membership.account_id == bindparam("account"))
        .outerjoin(held, held.c.membership_id == Membership.id)
        .outerjoin(MemberRole, MemberRole.id == held.c.role_id)
        .options(
            joinedload(Membership.organization, innerjoin=True), contains_eager(Membership.roles)
        )
        .order_by(Membership.id, MemberRole.id)
    )
