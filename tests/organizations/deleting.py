"""Deleting an organization, as its tests ask and look: the page's address, what is left."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select

from app.extensions import db
from app.models import Account, Organization
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]


def path(organization: Organization) -> str:
    return f"/organizations/delete/{organization.id}"


def codes() -> set[str]:
    db.session.expire_all()
    return set(db.session.scalars(select(Organization.code)))


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
