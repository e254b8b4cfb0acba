"""whether nobody gives an authority that they do not hold themselves

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("grant_only_held", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("organization", column)


def downgrade() -> None:
    op.drop_column("organization", "grant_only_held")
