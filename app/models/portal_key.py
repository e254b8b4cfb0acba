"""PortalKey: an API key, held by a member or a service account for one organization.

Here: its digest, scopes and dates. Not here: issuing and using it (api_keys). The name is not
ApiKey, which is FAB's.
"""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import ColumnElement, ForeignKey, String, and_, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.column_types import AuthoritySet, UtcDateTime
from app.models.organization import Organization


class PortalKey(Model):
    """An API key: APIキー. It works while `revoked_at` is empty and `expires_at` has not come."""

    __tablename__ = "portal_key"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(64))
    prefix: Mapped[str] = mapped_column(String(20), unique=True)
    """The beginning of the secret, which people may see."""
    secret_digest: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[frozenset[str]] = mapped_column(AuthoritySet, default=frozenset())
    is_whole: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it was given everything there was: then also what is added later
    (api_keys.secrets)."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(300), default="")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_ip: Mapped[str] = mapped_column(String(45), default="")
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[str] = mapped_column(String(300), default="")

    account: Mapped[Account] = relationship(Account)
    organization: Mapped[Organization] = relationship(Organization)

    @property
    def label(self) -> str:
        """The name and the beginning of the secret, as people tell keys apart."""
        return f"{self.name} ({self.prefix})"

    def works(self, now: datetime) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and now < self.expires_at

    def __repr__(self) -> str:
        return self.name


def is_working(now: datetime) -> ColumnElement[bool]:
    """The condition that a key is neither revoked nor expired."""
    return and_(PortalKey.revoked_at.is_(None), PortalKey.expires_at > now)
