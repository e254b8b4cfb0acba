"""seals of the activity log are signed; a pruning names the choice it rests on

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

REFUSED = "the activity log is append-only"
# A line goes where a pruning covers it that a line tells of, and that a choice of the same organization allows: never before
# 90 days by the database's own clock, and never what tells of choices and prunings.
COVERED = """{choice} AND EXISTS (SELECT 1 FROM activity_pruning AS allowed
    JOIN activity AS told ON told.id = allowed.activity_id
    JOIN activity AS chosen ON chosen.id = allowed.chosen_id
    WHERE allowed.organization_id {same} OLD.organization_id AND OLD.happened_at < allowed.before
    AND told.event = 'log_pruned' AND told.organization_id {same} OLD.organization_id
    AND chosen.event = 'organization_edited' AND chosen.organization_id {same} OLD.organization_id
    AND allowed.before <= {latest})"""
SQLITE = COVERED.format(
    same="IS",
    choice="OLD.event <> 'log_pruned' AND NOT (OLD.event = 'organization_edited'"
    " AND json_type(OLD.details, '$.changes.log_kept_days') IS NOT NULL)",
    latest="strftime('%Y-%m-%d %H:%M:%f', 'now', '-' ||"
    " max(90, CAST(json_extract(chosen.details, '$.changes.log_kept_days[1]') AS INTEGER)) || ' days')",
)
POSTGRESQL = COVERED.format(
    same="IS NOT DISTINCT FROM",
    choice="OLD.event <> 'log_pruned' AND NOT (OLD.event = 'organization_edited'"
    " AND OLD.details->'changes'->'log_kept_days' IS NOT NULL)",
    latest="now() - CASE WHEN (chosen.details->'changes'->'log_kept_days'->>1)::int >= 90"
    " THEN make_interval(days => (chosen.details->'changes'->'log_kept_days'->>1)::int) END",
)
FORMERLY = """EXISTS (SELECT 1 FROM activity_pruning AS allowed
    WHERE allowed.organization_id {same} OLD.organization_id AND OLD.happened_at < allowed.before)"""


def no_delete_on_sqlite(covered: str) -> list[str]:
    return [
        "DROP TRIGGER activity_no_delete",
        f"CREATE TRIGGER activity_no_delete BEFORE DELETE ON activity WHEN NOT ({covered}) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
    ]


def no_delete_on_postgresql(covered: str) -> list[str]:
    return [
        f"""CREATE OR REPLACE FUNCTION activity_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {covered} THEN RETURN OLD; END IF;
                RAISE EXCEPTION '{REFUSED}';
            END $$""",
        own_schema_first("activity_refuse_delete"),
    ]


def last_seal(columns: str, given: str) -> list[str]:
    return [
        "DROP FUNCTION last_activity_seal()",
        f"""CREATE FUNCTION last_activity_seal() RETURNS {given} LANGUAGE plpgsql VOLATILE AS $$
            BEGIN
                PERFORM pg_advisory_xact_lock(20261122);
                RETURN QUERY SELECT {columns} FROM activity_seal AS s ORDER BY s.sequence DESC LIMIT 1;
            END $$""",
        own_schema_first("last_activity_seal"),
    ]


def own_schema_first(name: str) -> str:
    # A temporary table of the same name would be found before ours, and cover everything.
    return f"DO $$ BEGIN EXECUTE format('ALTER FUNCTION {name}() SET search_path = %I, pg_temp', current_schema()); END $$"


UP = {
    "sqlite": [
        *no_delete_on_sqlite(SQLITE),
        "CREATE TRIGGER activity_seal_keyed BEFORE INSERT ON activity_seal WHEN NEW.key_id = '' OR NEW.signature = '' "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}, and every seal has a key'); END",
    ],
    "postgresql": [
        *no_delete_on_postgresql(POSTGRESQL),
        *last_seal("s.*", "SETOF activity_seal"),
        f"""CREATE FUNCTION activity_refuse_unkeyed() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{REFUSED}, and every seal has a key'; END $$""",
        "CREATE TRIGGER activity_seal_keyed BEFORE INSERT ON activity_seal FOR EACH ROW "
        "WHEN (NEW.key_id = '' OR NEW.signature = '') EXECUTE FUNCTION activity_refuse_unkeyed()",
    ],
}
DOWN = {
    "sqlite": [
        "DROP TRIGGER activity_seal_keyed",
        *no_delete_on_sqlite(FORMERLY.format(same="IS")),
    ],
    "postgresql": [
        "DROP TRIGGER activity_seal_keyed ON activity_seal",
        "DROP FUNCTION activity_refuse_unkeyed()",
        *no_delete_on_postgresql(FORMERLY.format(same="IS NOT DISTINCT FROM")),
        *last_seal("s.sequence, s.chain", "TABLE (sequence integer, chain varchar)"),
    ],
}


def upgrade() -> None:
    op.add_column(
        "activity_seal", sa.Column("key_id", sa.String(16), server_default="", nullable=False)
    )
    op.add_column(
        "activity_seal", sa.Column("signature", sa.String(64), server_default="", nullable=False)
    )
    op.add_column("activity_pruning", sa.Column("chosen_id", sa.Integer(), nullable=True))
    for statement in UP[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_column("activity_pruning", "chosen_id")
    op.drop_column("activity_seal", "signature")
    op.drop_column("activity_seal", "key_id")
