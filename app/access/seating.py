"""Seating: finding the seat of a request, with two queries.

Here: from a cookie's key to the account, its memberships and the organization in the address. Not
here: what a seat is (access.seat).
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from flask_appbuilder.security.sqla.models import Role, assoc_user_role
from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.access.seat import PLATFORM_ROLE, Seat
from app.extensions import db
from app.kernel.tokens import digest
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


def runs_platform() -> ColumnElement[bool]:
    """The condition that an account of the query around it is a platform administrator's."""
    return exists().where(
        assoc_user_role.c.user_id == Account.id,
        assoc_user_role.c.role_id == Role.id,
        Role.name == PLATFORM_ROLE,
    )


@cache
def _session_query() -> Select[Any]:
    """The query of a live session, its account, the organization asked for, and two questions about
    the account; made once.
    """
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
        select(AccountSession, Account, Organization, runs_platform(), waiting, added)
        .join(Account, AccountSession.account_id == Account.id)
        .outerjoin(Organization, and_(Organization.code == bindparam("code")))
        .where(
            AccountSession.key_digest == bindparam("digest"),
            is_live(now),
            Account.suspended_at.is_(None),
        )
    )


@cache
def _memberships_query() -> Select[Any]:
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


def load_seat(session_key: str, organization_code: str | None, now: datetime) -> Seat | None:
    """Find the live session behind a cookie's key and the seat it gives, with two queries; None
    when it is over (D-C1).
    """
    asked = {"digest": digest(session_key), "code": organization_code, "now": now}
    row = db.session.execute(_session_query(), asked).first()
    if row is None:
        return None
    session, account, organization, platform, invites_waiting, added = row
    seat = _seat(session, account, organization, bool(platform), int(invites_waiting))
    seat.has_to_read = bool(added)
    return seat


def _seat(
    session: AccountSession,
    account: Account,
    organization: Organization | None,
    platform: bool,
    waiting: int,
) -> Seat:
    memberships = list(db.session.scalars(_memberships_query(), {"account": account.id}).unique())
    membership = next(
        (
            one
            for one in memberships
            if organization is not None and one.organization_id == organization.id
        ),
        None,
    )
    may_enter = platform or (membership is not None and membership.admits(session.created_at))
    return Seat(
        account=account,
        session=session,
        organization=organization if may_enter else None,
        membership=membership,
        memberships=memberships,
        is_platform_administrator=platform,
        invites_waiting=waiting,
    )
