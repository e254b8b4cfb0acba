"""the log of one person, whoever they are and however long the log is

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NEWEST = ["happened_at", "id"]


def upgrade() -> None:
    op.drop_index("ix_activity_subject", table_name="activity")
    op.create_index("ix_activity_subject", "activity", ["organization_id", "subject_id", *NEWEST])
    op.create_index("ix_activity_actor", "activity", ["organization_id", "actor_id", *NEWEST])


def downgrade() -> None:
    op.drop_index("ix_activity_actor", table_name="activity")
    op.drop_index("ix_activity_subject", table_name="activity")
    op.create_index("ix_activity_subject", "activity", ["organization_id", "subject_id"])
