"""batches: a program’s request that is sent twice is done once

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NAME = "ix_batch_idempotency_key"


def upgrade() -> None:
    op.add_column("batch", sa.Column("idempotency_key", sa.String(130), nullable=True))
    op.create_index(NAME, "batch", ["idempotency_key"], unique=True)


def downgrade() -> None:
    op.drop_index(NAME, "batch")
    op.drop_column("batch", "idempotency_key")
