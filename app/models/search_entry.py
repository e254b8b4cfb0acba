"""Search entry: what the search box finds a row by.

Here: one row for each row that is searched, in whatever table. Not here: writing and asking it
(search_index).
"""

from __future__ import annotations

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column


class SearchEntry(Model):
    """The words of one row."""

    __tablename__ = "search_entry"
    __table_args__ = (
        Index("uq_search_entry_row", "kind", "row_id", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    """The table of the row."""
    row_id: Mapped[int]
    organization_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), index=True
    )
    """Whose row it is, where it goes with an organization; people belong to several."""
    words: Mapped[str] = mapped_column(Text)
    """Where it is found, then its texts in one spelling, each behind a line end."""
    pieces: Mapped[str] = mapped_column(Text)
    """Where it is found, and what is too short for trigrams (kernel.spelling), between spaces."""
