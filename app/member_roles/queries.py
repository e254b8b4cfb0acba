"""Roles' questions to the database: which there are, who holds them.

Here: reading, always scoped to an organization. Not here: changing anything (member_roles.service).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from app.extensions import db
from app.kernel.text import fold
from app.member_roles import builtin
from app.models import Account, Invite, InviteStatus, MemberRole, Membership, Organization
from app.models.member_role import invite_role, membership_role

MOST_ROLES = 200
"""How many roles of its own an organization may have: every choice of roles shows them all."""


def available(organization: Organization) -> list[MemberRole]:
    """The roles an organization can give: its own by name, then the built-in ones in the documents'
    order.
    """
    found = list(
        db.session.scalars(
            available_query(organization.id).order_by(MemberRole.name_key, MemberRole.id)
        )
    )
    own = [role for role in found if not role.is_built_in]
    return own + sorted((role for role in found if role.is_built_in), key=lambda role: role.id)


def available_query(organization_id: int) -> Select[tuple[MemberRole]]:
    """The query for the roles that exist for an organization."""
    return select(MemberRole).where(
        or_(MemberRole.organization_id == organization_id, MemberRole.organization_id.is_(None))
    )


def named(query: Select[tuple[MemberRole]], words: str) -> Select[tuple[MemberRole]]:
    """Narrow to roles with these words in their name: built-in ones as the reader reads it."""
    own = and_(MemberRole.key.is_(None), MemberRole.name_key.contains(fold(words), autoescape=True))
    return query.where(or_(own, MemberRole.key.in_(builtin.keys_named(words))))


def holder_counts(organization: Organization, role_ids: Iterable[int]) -> dict[int, int]:
    """How many members of an organization hold each of these roles."""
    held = (
        select(membership_role.c.role_id, func.count())
        .join(Membership, Membership.id == membership_role.c.membership_id)
        .where(
            Membership.organization_id == organization.id,
            membership_role.c.role_id.in_(list(role_ids)),
        )
        .group_by(membership_role.c.role_id)
    )
    return {row[0]: row[1] for row in db.session.execute(held)}


def holders(organization: Organization, role: MemberRole, *, limit: int) -> list[Membership]:
    """The first members who hold a role, by name."""
    return list(
        db.session.scalars(
            select(Membership)
            .join(Membership.account)
            .join(membership_role, membership_role.c.membership_id == Membership.id)
            .options(contains_eager(Membership.account))
            .where(
                Membership.organization_id == organization.id, membership_role.c.role_id == role.id
            )
            .order_by(Account.sort_key, Membership.id)
            .limit(limit)
        )
    )


def promised_count(organization: Organization, role: MemberRole) -> int:
    """How many pending invitations of an organization promise a role."""
    return (
        db.session.scalar(
            select(func.count(Invite.id))
            .join(invite_role, invite_role.c.invite_id == Invite.id)
            .where(
                Invite.organization_id == organization.id,
                invite_role.c.role_id == role.id,
                Invite.status == InviteStatus.PENDING,
            )
        )
        or 0
    )


def count_own(organization: Organization) -> int:
    """How many roles of its own an organization has."""
    return (
        db.session.scalar(
            select(func.count(MemberRole.id)).where(MemberRole.organization_id == organization.id)
        )
        or 0
    )
