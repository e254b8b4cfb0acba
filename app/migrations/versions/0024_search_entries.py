"""search entries: every row found by its words, by index; the upgrade fills them

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

FULL_TEXT = {"search_words": ("words", "trigram"), "search_pieces": ("pieces", "ascii")}


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("pieces", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_search_entry_row", "search_entry", ["kind", "row_id"], unique=True)
    op.create_index("ix_search_entry_organization_id", "search_entry", ["organization_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE INDEX ix_search_entry_pieces ON search_entry"
            " USING gin (string_to_array(pieces, ' '))"
        )
    else:
        _make_full_text()
    op.drop_column("ab_user", "search_text")


def downgrade() -> None:
    op.add_column("ab_user", sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    op.execute(
        "UPDATE ab_user SET search_text = lower(last_name || ' ' || first_name || ' ' || last_name"
        " || ' ' || reading || ' ' || latin_name || ' ' || email || ' ' || username)"
    )
    if op.get_bind().dialect.name == "sqlite":
        for event in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER search_entry_{event}")
        for table in FULL_TEXT:
            op.execute(f"DROP TABLE {table}")
    op.drop_table("search_entry")


def _make_full_text() -> None:
    """Tables of SQLite's that hold no text of their own, and the triggers that keep them."""
    come, gone = "", ""
    for table, (column, tokenizer) in FULL_TEXT.items():
        op.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5({column}, content='search_entry',"
            f" content_rowid='id', tokenize='{tokenizer}', detail='none', columnsize=0)"
        )
        come += f" INSERT INTO {table}(rowid, {column}) VALUES (NEW.id, NEW.{column});"
        gone += (
            f" INSERT INTO {table}({table}, rowid, {column})"
            f" VALUES ('delete', OLD.id, OLD.{column});"
        )
    for event, verbs in (("INSERT", come), ("DELETE", gone), ("UPDATE", gone + come)):
        op.execute(
            f"CREATE TRIGGER search_entry_{event.lower()} AFTER {event} ON search_entry"
            f" BEGIN{verbs} END"
        )
