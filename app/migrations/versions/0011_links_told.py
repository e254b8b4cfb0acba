"""what older links of an invitation say, and the letters of one person found by their address

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invite_replaced_link",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("invite_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["invite_id"], ["invite.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_digest"),
    )
    op.create_index("ix_invite_replaced_link_invite_id", "invite_replaced_link", ["invite_id"])
    op.create_index("ix_letter_recipient", "letter", ["recipient", "kind"])


def downgrade() -> None:
    op.drop_index("ix_letter_recipient", "letter")
    op.drop_index("ix_invite_replaced_link_invite_id", "invite_replaced_link")
    op.drop_table("invite_replaced_link")
