"""RoleBinding: somebody who has an account already was added to an organization (D-C11).

Here: what they are given, who added them, and what became of it. Not here: the verbs of its life
(bindings.service), the membership that comes of it (membership).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.kernel.text import fold
from app.models.account import Account
from app.models.column_types import AuthoritySet, UtcDateTime, Word
from app.models.member_role import MemberRole, binding_role
from app.models.membership import MemberType
from app.models.organization import Organization


class BindingStatus(StrEnum):
    """What has become of it."""

    WAITING = "waiting"
    JOINED = "joined"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    VOID = "void"


class RoleBinding(Model):
    """A role binding: ロールバインディング.

    While it waits, it is a row of the organization alone: nothing of the account refers to it, and
    it shows nothing of the account but what was typed by whoever added it.
    """

    __tablename__ = "role_binding"
    __table_args__ = (
        Index(
            "uq_role_binding_waiting",
            "organization_id",
            "account_id",
            unique=True,
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("ix_role_binding_account_open", "account_id", "answered_at", "created_at"),
        Index("ix_role_binding_organization_status", "organization_id", "status", "created_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(320))
    """The e-mail address or login ID, as it was typed."""
    address_key: Mapped[str] = mapped_column(String(640), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    type: Mapped[MemberType] = mapped_column(Word(MemberType))
    authorities: Mapped[frozenset[str]] = mapped_column(AuthoritySet, default=frozenset())
    status: Mapped[BindingStatus] = mapped_column(
        Word(BindingStatus), default=BindingStatus.WAITING
    )
    made_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id", ondelete="SET NULL"), index=True
    )
    made_by_email: Mapped[str] = mapped_column(String(320), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person joined or declined, or when it was cancelled or became void."""
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person had nothing more to read of it; until then the next sign-in shows it."""

    organization: Mapped[Organization] = relationship(Organization)
    account: Mapped[Account] = relationship(Account, foreign_keys=[account_id])
    made_by: Mapped[Account | None] = relationship(Account, foreign_keys=[made_by_id])
    roles: Mapped[list[MemberRole]] = relationship(
        MemberRole, secondary=binding_role, order_by=MemberRole.id
    )

    @validates("address")
    def _keep_address_key(self, _key: str, value: str) -> str:
        self.address_key = fold(value)
        return value

    @property
    def is_waiting(self) -> bool:
        """Whether the person has not joined yet, and still can."""
        return self.status is BindingStatus.WAITING

    @property
    def is_power(self) -> bool:
        return self.type is MemberType.POWER

    @property
    def name(self) -> str:
        """How the log calls it."""
        return self.address

    def settle(self, status: BindingStatus, *, now: datetime) -> None:
        """Say what became of it; nothing more is asked of the person."""
        self.status, self.settled_at, self.answered_at = status, now, now

    def __repr__(self) -> str:
        return self.address
