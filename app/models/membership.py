"""Membership: one account's place in one organization.

Here: type, roles, single authorities, suspension, its end, and copies of what lists order and hide
by (docs/performance.md), kept in step by `_copied` and `_keep_copies` alone. Every query finds
memberships that have not ended, unless it says otherwise (`with_ended`). Not here: what the sum of
them allows (access.policy).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from flask_appbuilder import Model
from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Select,
    String,
    event,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.orm import (
    Mapped,
    Mapper,
    ORMExecuteState,
    Session,
    mapped_column,
    relationship,
    with_loader_criteria,
)
from sqlalchemy.sql import util as sql_util
from sqlalchemy.sql.base import Executable

from app.models.account import Account
from app.models.column_types import AuthoritySet, UtcDateTime, Word
from app.models.member_role import MemberRole, membership_role
from app.models.organization import Organization


class MemberType(StrEnum):
    """The two types of member (S0-12)."""

    GENERAL = "general"
    POWER = "power"


class MembershipEnd(StrEnum):
    """How a membership ended."""

    REMOVED = "removed"
    LEFT = "left"


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
    """A member of an organization: メンバー. It lives while `ended_at` is empty."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_living",
            "account_id",
            "organization_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_membership_account_id", "account_id"),
        Index(
            "ix_membership_organization_ended",
            "organization_id",
            "ended_at",
            "id",
            sqlite_where=text("ended_at IS NOT NULL"),
            postgresql_where=text("ended_at IS NOT NULL"),
        ),
        Index("ix_membership_organization_joined", "organization_id", "joined_at", "id"),
        Index("ix_membership_organization_access", "organization_id", "last_access_at", "id"),
        Index(
            "ix_membership_organization_name",
            "organization_id",
            "suspended_at",
            "account_suspended_at",
            "sort_key",
            "id",
            "ended_at",
        ),
        Index(
            "ix_membership_organization_sort_key", "organization_id", "sort_key", "id", "ended_at"
        ),
        Index("ix_membership_organization_email", "organization_id", "email_key", "id"),
        Index("ix_membership_organization_type", "organization_id", "type", "id"),
        {"sqlite_autoincrement": True},
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
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_reason: Mapped[MembershipEnd | None] = mapped_column(Word(MembershipEnd))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    sort_key: Mapped[str] = mapped_column(String(256), default=_copied("sort_key"))
    email_key: Mapped[str] = mapped_column(String(640), default=_copied("email_key"))
    account_suspended_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime().evaluates_none(), default=_copied("account_suspended_at")
    )

    account: Mapped[Account] = relationship(
        Account, back_populates="memberships", foreign_keys=[account_id]
    )
    organization: Mapped[Organization] = relationship(Organization)
    invited_by: Mapped[Account | None] = relationship(Account, foreign_keys=[invited_by_id])
    ended_by: Mapped[Account | None] = relationship(Account, foreign_keys=[ended_by_id])
    roles: Mapped[list[MemberRole]] = relationship(
        MemberRole, secondary=membership_role, order_by=MemberRole.id
    )

    def admits(self, session_opened_at: datetime) -> bool:
        """Whether a session opened at that moment may enter: not while suspended, nor after the
        end, nor one from before a reinstatement (D-C1).
        """
        return (
            self.ended_at is None
            and self.suspended_at is None
            and (self.access_from is None or session_opened_at >= self.access_from)
        )

    @property
    def is_power(self) -> bool:
        return self.type is MemberType.POWER

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None

    def __repr__(self) -> str:
        return f"{self.account} @ {self.organization}"


WITH_ENDED = "with_ended_memberships"
_living = with_loader_criteria(
    Membership, Membership.ended_at.is_(None), include_aliases=True, propagate_to_loaders=True
)


Query = TypeVar("Query", bound=Executable)


def with_ended(query: Query) -> Query:
    """Let a query find memberships that ended, too."""
    return query.execution_options(**{WITH_ENDED: True})


def within_insert(query: Select[Any]) -> Select[Any]:
    """Narrow a query that stands in an INSERT, where the session does not do it."""
    if query.get_execution_options().get(WITH_ENDED):
        return query
    reads = any(
        Membership.__table__ in sql_util.find_tables(one, include_joins=True)
        for one in query.get_final_froms()
    )
    return query.where(Membership.ended_at.is_(None)) if reads else query


@event.listens_for(Session, "do_orm_execute")
def _living_only(state: ORMExecuteState) -> None:
    """Narrow every statement to memberships that did not end, wherever they stand in it; a row that
    is there already is read again whatever it is.
    """
    if state.execution_options.get(WITH_ENDED) or state.is_column_load:
        return
    if state.is_select or state.is_update or state.is_delete:
        state.statement = state.statement.options(_living)


@event.listens_for(Membership, "before_insert")
def _copy(_mapper: Mapper[Membership], _connection: Connection, membership: Membership) -> None:
    """Take the copies from an account that is at hand: many memberships are one statement then."""
    account: Account | None = inspect(membership).dict.get("account")
    if account is not None:
        for name, source in COPIES.items():
            setattr(membership, name, getattr(account, source))


@event.listens_for(Account, "after_update")
def _keep_copies(_mapper: Mapper[Account], connection: Connection, account: Account) -> None:
    changed = {
        name: getattr(account, source)
        for name, source in COPIES.items()
        if inspect(account).attrs[source].history.has_changes()
    }
    if changed:
        connection.execute(
            with_ended(update(Membership).where(Membership.account_id == account.id)).values(
                **changed
            )
        )
