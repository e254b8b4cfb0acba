"""Account: one person who can sign in, whatever organizations they belong to.

Here: identity, secrets' digests, preferences; FAB's own user row under our words; the login IDs
that nobody gets again. Not here: membership of organizations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import (
    Connection,
    ForeignKey,
    String,
    delete,
    event,
    insert,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship, synonym, validates

from app.kernel.addresses import email_key, normalize_email
from app.kernel.text import fold, search_key, tidy
from app.models.column_types import UtcDateTime

if TYPE_CHECKING:
    from app.models.membership import Membership
    from app.models.organization import Organization


class Account(User):
    """A person who can sign in: アカウント."""

    login_id_key: Mapped[str] = mapped_column(String(256), unique=True)
    email_key: Mapped[str] = mapped_column(String(640), unique=True)
    reading: Mapped[str] = mapped_column(String(128), default="")
    latin_name: Mapped[str] = mapped_column(String(128), default="")
    sort_key: Mapped[str] = mapped_column(String(256), default="", index=True)
    language: Mapped[str] = mapped_column(String(10), default="en")
    time_zone: Mapped[str] = mapped_column(String(64))
    zone_is_chosen: Mapped[bool] = mapped_column(default=False)
    """Whether somebody or a browser said so; else it is the organization's, or the portal's."""
    two_factor: Mapped[bool] = mapped_column(default=False)
    notifications: Mapped[bool] = mapped_column(default=True)
    power_notifications: Mapped[bool] = mapped_column(default=True)
    """Whether a power user hears what the other power users do; only with `notifications`."""
    is_service: Mapped[bool] = mapped_column(default=False)
    """Whether nobody signs in with it: a service account, which only holds API keys."""
    must_change_password: Mapped[bool] = mapped_column(default=False)
    password_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    password_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    email_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when too many wrong passwords keep it shut."""
    unlocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When somebody opened it again; tries from before count no more."""
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    suspended_reason: Mapped[str] = mapped_column(String(500), default="")
    managed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id", ondelete="SET NULL"), index=True
    )

    managed_by: Mapped[Organization | None] = relationship(
        "Organization", foreign_keys=[managed_by_id]
    )
    memberships: Mapped[list[Membership]] = relationship(
        "Membership",
        back_populates="account",
        cascade="all, delete-orphan",
        passive_deletes=True,
        foreign_keys="Membership.account_id",
        order_by="Membership.id",
    )

    groups: ClassVar[Sequence[Any]] = ()
    """FAB's groups, of which there are none; its own way to save somebody reads them."""

    login_id = synonym("username")
    family_name = synonym("last_name")
    given_name = synonym("first_name")
    password_hash = synonym("password")

    @validates("username")
    def _keep_login_id_key(self, _key: str, value: str) -> str:
        self.login_id_key = fold(value)
        return value

    @validates("email")
    def _keep_email_key(self, _key: str, value: str) -> str:
        value = normalize_email(value)
        self.email_key = email_key(value)
        return value

    @validates("last_name", "first_name", "reading", "latin_name")
    def _keep_name(self, key: str, value: str) -> str:
        value = tidy(value or "")
        self._keep_sort_key(**{key: value})
        return value

    def _keep_sort_key(self, **changed: str) -> None:
        words: dict[str, Any] = {
            "last_name": self.last_name,
            "first_name": self.first_name,
            "reading": self.reading,
        } | changed
        family, given, reading = (
            words[name] or "" for name in ("last_name", "first_name", "reading")
        )
        self.sort_key = search_key(reading or f"{family} {given}")[:256]

    def signs_in_otherwise(self, identity: Mapping[str, Any]) -> bool:
        """Whether an identity would change what the account signs in with."""
        return any(
            name in identity and identity[name] != getattr(self, name)
            for name in ("email", "login_id")
        )

    @property
    def written_name(self) -> str:
        """The name as it is written down beside what the account did, in one order whoever reads
        it.
        """
        return f"{self.last_name} {self.first_name}".strip()

    @property
    def is_active(self) -> bool:
        """Whether FAB and Flask-Login may let this account in."""
        return self.suspended_at is None

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None

    def get_id(self) -> str:
        """Refuse: a cookie names a session, never an account (sessions.service)."""
        raise TypeError("an account is signed in through its session")


Account.__table__.dialect_options["sqlite"]["autoincrement"] = True
"""What the log says of a deleted account is never said of another one."""


class RetiredLoginId(Model):
    """The login ID of a deleted account, folded: nobody gets it again."""

    __tablename__ = "retired_login_id"

    login_id_key: Mapped[str] = mapped_column(String(256), primary_key=True)


@event.listens_for(Account, "after_delete")
def _retire(_mapper: Mapper[Account], connection: Connection, account: Account) -> None:
    row = {"login_id_key": account.login_id_key}
    connection.execute(delete(RetiredLoginId).filter_by(**row))
    connection.execute(insert(RetiredLoginId), row)
