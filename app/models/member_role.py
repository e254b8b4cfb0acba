"""MemberRole: a named set of authorities, built in or made by an organization.

Here: the role and the tables that tie it to members, invitations and role bindings. Not here: the
built-in roles' contents (access.roles).
"""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.kernel.text import fold
from app.models.column_types import AuthoritySet, UtcDateTime

membership_role = Table(
    "membership_role",
    Model.metadata,
    Column("membership_id", ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("member_role.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_membership_role_role_id", "role_id"),
)

invite_role = Table(
    "invite_role",
    Model.metadata,
    Column("invite_id", ForeignKey("invite.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("member_role.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_invite_role_role_id", "role_id"),
)

binding_role = Table(
    "binding_role",
    Model.metadata,
    Column("binding_id", ForeignKey("role_binding.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("member_role.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_binding_role_role_id", "role_id"),
)

HELD_IN = (
    (membership_role, "membership_id"),
    (invite_role, "invite_id"),
    (binding_role, "binding_id"),
)
"""The tables that give a role, and the column of each that says to whom."""


class MemberRole(Model):
    """A role: ロール. Built-in ones belong to no organization and carry a `key`."""

    __tablename__ = "member_role"
    __table_args__ = (
        UniqueConstraint("organization_id", "name_key"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), index=True
    )
    key: Mapped[str | None] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    name_key: Mapped[str] = mapped_column(
        String(64 * 18)
    )  # one character may become eighteen when it is folded
    description: Mapped[str] = mapped_column(String(300), default="")
    authorities: Mapped[frozenset[str]] = mapped_column(AuthoritySet, default=frozenset())
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @validates("name")
    def _keep_name_key(self, _key: str, value: str) -> str:
        value = value.strip()
        self.name_key = fold(value)
        return value

    @property
    def is_built_in(self) -> bool:
        return self.key is not None

    def __repr__(self) -> str:
        return self.name
