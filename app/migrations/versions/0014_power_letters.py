"""whether a power user hears what the other power users do

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column(
        "power_notifications", sa.Boolean(), server_default=sa.true(), nullable=False
    )
    op.add_column("ab_user", column)


def downgrade() -> None:
    op.drop_column("ab_user", "power_notifications")
