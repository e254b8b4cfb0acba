"""role bindings: accounts that were added and join at their next sign-in

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "role_binding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("address_key", sa.String(length=640), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("authorities", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_by_email", sa.String(length=320), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by_id"], ["ab_user.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_role_binding_address_key", "role_binding", ["address_key"])
    op.create_index("ix_role_binding_made_by_id", "role_binding", ["made_by_id"])
    op.create_index(
        "ix_role_binding_account_open", "role_binding", ["account_id", "answered_at", "created_at"]
    )
    op.create_index(
        "ix_role_binding_organization_status",
        "role_binding",
        ["organization_id", "status", "created_at"],
    )
    op.create_index(
        "uq_role_binding_waiting",
        "role_binding",
        ["organization_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "binding_role",
        sa.Column("binding_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["binding_id"], ["role_binding.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["role_id"], ["member_role.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("binding_id", "role_id"),
    )
    op.create_index("ix_binding_role_role_id", "binding_role", ["role_id"])


def downgrade() -> None:
    op.drop_table("binding_role")
    op.drop_table("role_binding")
