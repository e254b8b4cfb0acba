"""Deleting a role, as its tests ask and look: the page's address, what is left afterwards."""

from __future__ import annotations

from sqlalchemy import select

from app.extensions import db
from app.models import Account, Activity, Invite, MemberRole
from tests.cast import Cast


def path(role: MemberRole | int, code: str = "aozora") -> str:
    return f"/o/{code}/roles/delete/{role if isinstance(role, int) else role.id}"


def built_in(key: str) -> MemberRole:
    return db.session.scalars(select(MemberRole).where(MemberRole.key == key)).one()


def held_by(cast: Cast, who: Account) -> list[str]:
    db.session.expire_all()
    return [role.name for role in cast.membership(who).roles]


def promised() -> list[str]:
    db.session.expire_all()
    return [role.name for role in db.session.scalars(select(Invite)).one().roles]


def names() -> set[str]:
    return set(db.session.scalars(select(MemberRole.name).where(MemberRole.key.is_(None))))


def deletions() -> list[Activity]:
    return list(db.session.scalars(select(Activity).where(Activity.event == "role_deleted")))
