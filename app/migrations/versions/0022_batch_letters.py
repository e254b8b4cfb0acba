"""letters: the batch that a letter tells of, which waits for its end and can take it back

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OF_BATCH = sa.text("batch IS NOT NULL")


def upgrade() -> None:
    op.add_column("letter", sa.Column("batch", sa.String(20), nullable=True))
    for name, columns in (
        ("ix_letter_batch", ["batch", "recipient"]),
        ("ix_letter_batch_sent", ["sent_at"]),
    ):
        op.create_index(name, "letter", columns, sqlite_where=OF_BATCH, postgresql_where=OF_BATCH)


def downgrade() -> None:
    op.drop_index("ix_letter_batch_sent", "letter")
    op.drop_index("ix_letter_batch", "letter")
    op.drop_column("letter", "batch")
