"""Which views are saved: always of one organization and one list.

Here: reading. Not here: writing (saved_views.service).
"""

from __future__ import annotations

from sqlalchemy import Select, func, select

from app.extensions import db
from app.kernel.text import fold
from app.models import Organization, SavedView


def all_of(organization: Organization, screen: str) -> list[SavedView]:
    """The views of a list, by name."""
    return list(
        db.session.scalars(_query(organization, screen).order_by(SavedView.name_key, SavedView.id))
    )


def named(organization: Organization, screen: str, name: str) -> SavedView | None:
    """The view of this name, however it is written."""
    return db.session.scalars(
        _query(organization, screen).where(SavedView.name_key == fold(name))
    ).one_or_none()


def count(organization: Organization, screen: str) -> int:
    """How many views a list has."""
    return (
        db.session.scalar(select(func.count()).select_from(_query(organization, screen).subquery()))
        or 0
    )


def _query(organization: Organization, screen: str) -> Select[tuple[SavedView]]:
    return select(SavedView).where(
        SavedView.organization_id == organization.id, SavedView.screen == screen
    )
