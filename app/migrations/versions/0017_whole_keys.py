"""whether an API key was given everything there is, also what is added later

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

EVERYTHING = [
    "activity_viewer",
    "agent_editor",
    "agent_viewer",
    "aws_account_addresses_editor",
    "aws_account_addresses_viewer",
    "aws_account_editor",
    "aws_account_option_editor",
    "aws_account_viewer",
    "billing_alarm_editor",
    "billing_alarm_viewer",
    "billing_viewer",
    "content_editor",
    "content_viewer",
    "contract_manager",
    "dashboard_viewer",
    "expiration_list_viewer",
    "inquiry_user",
    "invoice_downloader",
    "member_manager",
    "organization_invitation_viewer",
    "organization_option_editor",
    "probing_editor",
    "probing_viewer",
    "project_addresses_editor",
    "project_addresses_viewer",
    "project_editor",
    "project_option_editor",
    "project_viewer",
    "role_manager",
    "settings_manager",
    "target_editor",
    "target_viewer",
    "user_viewer",
]
"""The authorities of this version."""


def upgrade() -> None:
    column = sa.Column("is_whole", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("portal_key", column)
    keys = sa.table(
        "portal_key", sa.column("id"), sa.column("scopes"), sa.column("is_whole", sa.Boolean)
    )
    connection = op.get_bind()
    whole = [
        key_id
        for key_id, scopes in connection.execute(sa.select(keys.c.id, keys.c.scopes))
        if set(EVERYTHING) <= set((scopes or "").split())
    ]
    for key_id in whole:
        connection.execute(keys.update().where(keys.c.id == key_id).values(is_whole=True))


def downgrade() -> None:
    op.drop_column("portal_key", "is_whole")
