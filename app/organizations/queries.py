"""Which rows: what an organization holds.

Here: reading, always of one organization or of a page of them, in bounded statements. Not here:
changing (organizations.service).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import (
    Account,
    Membership,
    Organization,
    PortalKey,
)
from app.screens.counts import capped
from app.two_factor_rule.queries import is_ready


class NoSuchOrganization(Refusal):
    """No organization has this code."""

    status = 404
    text = lazy("There is no organization “%(code)s”.")


def called(code: str) -> Organization:
    """The organization with this code. Raises NoSuchOrganization."""
    found = db.session.scalars(select(Organization).where(Organization.code == code)).one_or_none()
    if found is None:
        raise NoSuchOrganization(code=code)
    return found


def is_service() -> ColumnElement[bool]:
    """The condition that a membership is a service account's."""
    return Membership.account_id.in_(select(Account.id).where(Account.is_service))


def only_here(organization: Organization, query: Select[Any]) -> Select[Any]:
    """Narrow a query for accounts to the service accounts that belong, or belonged, to this
    organization and to no other.
    """

    def among(model: Any) -> ColumnElement[bool]:
        return exists().where(
            model.account_id == Account.id, model.organization_id == organization.id
        )

    elsewhere = exists().where(
        Membership.account_id == Account.id, Membership.organization_id != organization.id
    )
    return query.where(Account.is_service, or_(among(Membership), among(PortalKey)), ~elsewhere)


def member_counts(organization_ids: Iterable[int]) -> dict[int, int]:
    """How many members each of these organizations has: people, suspended ones included."""
    counted = (
        select(Membership.organization_id, func.count(Membership.id))
        .join(Membership.account)
        .where(
            Membership.organization_id.in_(list(organization_ids)), Account.is_service.is_(False)
        )
        .group_by(Membership.organization_id)
    )
    return dict(db.session.execute(counted).all())


def without_two_factor(organization: Organization) -> int:
    """How many active members have no second factor of their own, of the kinds that the
    organization asks for.
    """
    return (
        db.session.scalar(
            select(capped(active_members(organization).where(lacks_factor(organization))))
        )
        or 0
    )


def active_members(organization: Organization) -> Select[Any]:
    """The query for the people who can enter: neither they nor their accounts are suspended, and no
    service accounts.
    """
    return (
        select(Membership.id)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.organization_id == organization.id,
            Membership.suspended_at.is_(None),
            Account.suspended_at.is_(None),
            Account.is_service.is_(False),
        )
    )


def lacks_factor(organization: Organization) -> ColumnElement[bool]:
    """The condition that a member has no second factor of a kind that the organization wants."""
    return ~is_ready(strong=organization.two_factor_strong)
