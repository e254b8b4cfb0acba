"""what lists of members order and hide by, beside the membership

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COPIES = {"sort_key": "sort_key", "email_key": "email_key", "account_suspended_at": "suspended_at"}
INDEXES = {
    "ix_membership_organization_name": [
        "organization_id",
        "suspended_at",
        "account_suspended_at",
        "sort_key",
        "id",
    ],
    "ix_membership_organization_sort_key": ["organization_id", "sort_key", "id"],
    "ix_membership_organization_email": ["organization_id", "email_key", "id"],
    "ix_membership_organization_type": ["organization_id", "type", "id"],
}


def upgrade() -> None:
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("sort_key", sa.String(length=256), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("email_key", sa.String(length=640), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("account_suspended_at", sa.DateTime(timezone=True), nullable=True)
        )
    for name, source in COPIES.items():
        op.execute(
            f"UPDATE membership SET {name} = (SELECT {source} FROM ab_user WHERE ab_user.id = membership.account_id)"
        )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.alter_column(
            "sort_key",
            existing_type=sa.String(length=256),
            existing_nullable=False,
            server_default=None,
        )
        batch_op.alter_column(
            "email_key",
            existing_type=sa.String(length=640),
            existing_nullable=False,
            server_default=None,
        )
        for name, columns in INDEXES.items():
            batch_op.create_index(name, columns, unique=False)


def downgrade() -> None:
    with op.batch_alter_table("membership", schema=None) as batch_op:
        for name in INDEXES:
            batch_op.drop_index(name)
        for name in COPIES:
            batch_op.drop_column(name)
