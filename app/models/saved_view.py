"""SavedView: how a list is looked at, kept under a name by an organization.

Here: the list's parameters and whose they are. Not here: what a list understands of them
(screens.list_query).
"""

from __future__ import annotations

from datetime import datetime

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.kernel.text import fold
from app.models.column_types import UtcDateTime

NAME_LENGTH = 60
QUERY_LENGTH = 2_000
WIDEST = 18
"""How many characters one may become when it is folded."""


class SavedView(Model):
    """A saved view: 保存したビュー."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("organization_id", "screen", "name_key"),
        Index("ix_saved_view_created_by_id", "created_by_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    screen: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    name_key: Mapped[str] = mapped_column(String(NAME_LENGTH * WIDEST))
    query: Mapped[str] = mapped_column(String(QUERY_LENGTH))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @validates("name")
    def _keep_name_key(self, _key: str, value: str) -> str:
        value = value.strip()
        self.name_key = fold(value)
        return value

    def __repr__(self) -> str:
        return self.name
