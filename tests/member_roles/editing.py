"""Editing a role, as its tests ask and look: the page's address, what is kept, the log."""

from __future__ import annotations

from sqlalchemy import select

from app.extensions import db
from app.models import Activity, MemberRole

TYPED = {"name": "Desk", "description": "By day", "authorities": ["inquiry_user"]}


def path(role: MemberRole | int, code: str = "aozora") -> str:
    return f"/o/{code}/roles/edit/{role if isinstance(role, int) else role.id}"


def edits() -> list[Activity]:
    return list(db.session.scalars(select(Activity).where(Activity.event == "role_edited")))


def as_kept(role: MemberRole) -> tuple[str, str, frozenset[str]]:
    db.session.expire_all()
    return role.name, role.description, role.authorities


UNTOUCHED = ("Desk", "By day", frozenset({"inquiry_user"}))
