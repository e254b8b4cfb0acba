"""organizations have a time zone; accounts say whether somebody chose theirs

An organization gets the zone that most of its members chose; where none chose one, Tokyo's for a Japanese organization or
portal, else UTC. UTC and Africa/Abidjan count as chosen by nobody: the first was the default, the second the first of a list.
Who never signed in has chosen none, and gets that of the organization for one that came by accident.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BY_ACCIDENT = "('UTC', 'Africa/Abidjan', '')"
MOST_FREQUENT = f"""
    UPDATE organization SET time_zone = COALESCE((
        SELECT a.time_zone FROM membership AS m JOIN ab_user AS a ON a.id = m.account_id
        WHERE m.organization_id = organization.id AND m.ended_at IS NULL AND a.time_zone NOT IN {BY_ACCIDENT}
        GROUP BY a.time_zone ORDER BY count(*) DESC, a.time_zone LIMIT 1
    ), CASE WHEN organization.language = 'ja_JP' OR :japanese THEN 'Asia/Tokyo' ELSE 'UTC' END)
"""
NEVER_SEEN = f"""
    UPDATE ab_user SET time_zone = COALESCE((
        SELECT o.time_zone FROM membership AS m JOIN organization AS o ON o.id = m.organization_id
        WHERE m.account_id = ab_user.id ORDER BY m.ended_at IS NOT NULL, m.id LIMIT 1
    ), time_zone)
    WHERE last_sign_in_at IS NULL AND time_zone IN {BY_ACCIDENT}
"""


def upgrade() -> None:
    # ADD COLUMN alone, on both databases: a rebuilt table would lose AUTOINCREMENT, and what points to it
    op.add_column(
        "organization",
        sa.Column("time_zone", sa.String(length=64), server_default="UTC", nullable=False),
    )
    op.add_column(
        "ab_user",
        sa.Column("zone_is_chosen", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "UPDATE ab_user SET zone_is_chosen = :yes"
            f" WHERE last_sign_in_at IS NOT NULL AND time_zone NOT IN {BY_ACCIDENT}"
        ),
        {"yes": True},
    )
    default = str(current_app.config["BABEL_DEFAULT_LOCALE"])
    connection.execute(sa.text(MOST_FREQUENT), {"japanese": default.startswith("ja")})
    connection.execute(sa.text(NEVER_SEEN))


def downgrade() -> None:
    op.drop_column("ab_user", "zone_is_chosen")
    op.drop_column("organization", "time_zone")
