"""Membership: one account's place in one organization.

Here: type, roles, single authorities, suspension, and copies of what lists order and hide by
(docs/performance.md), kept in step by `_copied` and `_keep_copies` alone. Not here: what the sum of
them allows (access.policy).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    event,
    inspect,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from app.models.account import Account
from app.models.columns import AuthoritySet, UtcDateTime, Word
from app.models.member_role import MemberRole, membership_role
from app.models.organization import Organization


class MemberType(StrEnum):
    """The two types of member (S0-12)."""

    GENERAL = "general"
    POWER = "power"


COPIES = {"sort_key": "sort_key", "email_key": "email_key", "account_suspended_at": "suspended_at"}
"""Columns of a membership that repeat its account's: an index cannot reach over two tables."""


def _copied(name: str) -> Callable[[Any], Any]:
    """The default of a copy: what the account says when the membership is written."""
    source = select(Account.__table__.c[COPIES[name]])

    def default(context: Any) -> Any:
        account_id = context.get_current_parameters()["account_id"]
        return context.connection.scalar(source.where(Account.__table__.c.id == account_id))

    return default


class Membership(Model):
    """A member of an organization: メンバー."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("account_id", "organization_id"),
        Index("ix_membership_organization_joined", "organization_id", "joined_at", "id"),
        Index("ix_membership_organization_access", "organization_id", "last_access_at", "id"),
        Index(
            "ix_membership_organization_name",
            "organization_id",
            "suspended_at",
            "account_suspended_at",
            "sort_key",
            "id",
        ),
        Index("ix_membership_organization_sort_key", "organization_id", "sort_key", "id"),
        Index("ix_membership_organization_email", "organization_id", "email_key", "id"),
        Index("ix_membership_organization_type", "organization_id", "type", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    type: Mapped[MemberType] = mapped_column(Word(MemberType), default=MemberType.GENERAL)
    authorities: Mapped[frozenset[str]] = mapped_column(AuthoritySet, default=frozenset())
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_access_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    suspended_reason: Mapped[str] = mapped_column(String(500), default="")
    access_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    sort_key: Mapped[str] = mapped_column(String(256), default=_copied("sort_key"))
    email_key: Mapped[str] = mapped_column(String(640), default=_copied("email_key"))
    account_suspended_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, default=_copied("account_suspended_at")
    )

    account: Mapped[Account] = relationship(
        Account, back_populates="memberships", foreign_keys=[account_id]
    )
    organization: Mapped[Organization] = relationship(Organization)
    invited_by: Mapped[Account | None] = relationship(Account, foreign_keys=[invited_by_id])
    roles: Mapped[list[MemberRole]] = relationship(
        MemberRole, secondary=membership_role, order_by=MemberRole.id
    )

    def admits(self, session_opened_at: datetime) -> bool:
        """Whether a session opened at that moment may enter: not while suspended, nor one from
        before a reinstatement (D-C1).
        """
        return self.suspended_at is None and (
            self.access_from is None or session_opened_at >= self.access_from
        )

    @property
    def is_power(self) -> bool:
        return self.type is MemberType.POWER

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None

    def __repr__(self) -> str:
        return f"{self.account} @ {self.organization}"


@event.listens_for(Account, "after_update")
def _keep_copies(_mapper: Mapper[Account], connection: Connection, account: Account) -> None:
    changed = {
        name: getattr(account, source)
        for name, source in COPIES.items()
        if inspect(account).attrs[source].history.has_changes()
    }
    if changed:
        connection.execute(
            update(Membership).where(Membership.account_id == account.id).values(**changed)
        )
