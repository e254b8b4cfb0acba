"""webhooks: where an organization's events are sent, and what was sent

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ASKED_FOR = (
    "members",
    "invites",
    "roles",
    "accounts",
    "keys",
    "signing_in",
    "organization_settings",
    "added_screens",
    "includes_names",
    "is_active",
)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column(
        "organization",
        sa.Column("has_webhooks", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ASKED_FOR),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("former_secret", sa.Text(), nullable=False),
        sa.Column("former_until", moment, nullable=True),
        sa.Column("sent_up_to", sa.BigInteger(), nullable=False),
        sa.Column("failing_since", moment, nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhook_organization_id", "webhook", ["organization_id"])
    op.create_table(
        "webhook_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(60), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", moment, nullable=True),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("trouble", sa.String(20), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "message_id"),
        sqlite_autoincrement=True,
    )
    for name, columns in (
        ("organization_id", ["organization_id"]),
        ("due", ["state", "due_at"]),
        ("webhook", ["webhook_id", "id"]),
    ):
        op.create_index(f"ix_webhook_message_{name}", "webhook_message", columns)


def downgrade() -> None:
    op.drop_table("webhook_message")
    op.drop_table("webhook")
    op.drop_column("organization", "has_webhooks")
