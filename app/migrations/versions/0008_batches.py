"""lines of the log that belong together: one name for what was done to many at once

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("activity", sa.Column("batch", sa.String(20), nullable=True))
    op.create_index("ix_activity_batch", "activity", ["batch"])


def downgrade() -> None:
    op.drop_index("ix_activity_batch", "activity")
    op.drop_column("activity", "batch")
