"""accounts that too many wrong passwords shut: until when, and when somebody opened them again

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COLUMNS = ("locked_until", "unlocked_at")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("ab_user", sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("ab_user", name)
