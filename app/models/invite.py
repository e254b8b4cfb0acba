"""Invite: somebody was asked to join an organization.

Here: the offer, its state and its dates. Not here: the verbs of its life (invites.service).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.kernel.addresses import email_key
from app.models.account import Account
from app.models.column_types import AuthoritySet, UtcDateTime, Word
from app.models.member_role import MemberRole, invite_role
from app.models.membership import MemberType
from app.models.organization import Organization


class InviteStatus(StrEnum):
    """What is kept of an invitation's state; pending and past its date reads as expired."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class Invite(Model):
    """An invitation: 招待."""

    __tablename__ = "invite"
    __table_args__ = (
        Index(
            "uq_invite_pending",
            "organization_id",
            "address_key",
            unique=True,
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index("ix_invite_organization_status", "organization_id", "status", "expires_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(320))
    address_key: Mapped[str] = mapped_column(String(640), index=True)
    inviter_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id", ondelete="SET NULL"), index=True
    )
    inviter_email: Mapped[str] = mapped_column(String(320), default="")
    hide_inviter: Mapped[bool] = mapped_column(default=False)
    type: Mapped[MemberType] = mapped_column(Word(MemberType))
    preset: Mapped[str] = mapped_column(String(40), default="")
    authorities: Mapped[frozenset[str]] = mapped_column(AuthoritySet, default=frozenset())
    language: Mapped[str] = mapped_column(String(10))
    status: Mapped[InviteStatus] = mapped_column(Word(InviteStatus), default=InviteStatus.PENDING)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))

    organization: Mapped[Organization] = relationship(Organization)
    inviter: Mapped[Account | None] = relationship(Account, foreign_keys=[inviter_id])
    account: Mapped[Account | None] = relationship(Account, foreign_keys=[account_id])
    roles: Mapped[list[MemberRole]] = relationship(
        MemberRole, secondary=invite_role, order_by=MemberRole.id
    )

    @validates("address")
    def _keep_address_key(self, _key: str, value: str) -> str:
        self.address_key = email_key(value)
        return value

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.status is InviteStatus.PENDING and now < self.expires_at

    def has_expired(self, now: datetime) -> bool:
        """Whether it waits past its date (S1-08)."""
        return self.status is InviteStatus.PENDING and now >= self.expires_at

    def __repr__(self) -> str:
        return self.address


class ReplacedInviteLink(Model):
    """The link of an older letter of an invitation: it only says that a newer one opens it."""

    __tablename__ = "invite_replaced_link"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    invite_id: Mapped[int] = mapped_column(ForeignKey("invite.id", ondelete="CASCADE"), index=True)
