"""second factors, API keys, session rules, changes of address, seals of the activity log

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The log is append-only: lines, seals and prunings are never changed; a line goes only where a pruning covers it.
LOG = ("activity", "activity_seal", "activity_pruning")
# SQLite asks nobody about the row that INSERT OR REPLACE deletes, so what is there already is looked for before.
TAKEN = {
    "activity": "EXISTS (SELECT 1 FROM activity WHERE id = NEW.id)",
    "activity_seal": "EXISTS (SELECT 1 FROM activity_seal WHERE sequence = NEW.sequence OR activity_id = NEW.activity_id)",
    "activity_pruning": "EXISTS (SELECT 1 FROM activity_pruning WHERE id = NEW.id OR activity_id = NEW.activity_id)",
}
REFUSED = "the activity log is append-only"
COVERED = """EXISTS (SELECT 1 FROM activity_pruning AS allowed
    WHERE allowed.organization_id {same} OLD.organization_id AND OLD.happened_at < allowed.before)"""
APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for table in LOG
    ]
    + [
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for table in LOG[1:]
    ]
    + [
        f"CREATE TRIGGER activity_no_delete BEFORE DELETE ON activity WHEN NOT {COVERED.format(same='IS')} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    ]
    + [
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for table, taken in TAKEN.items()
    ],
    "postgresql": [
        f"""CREATE FUNCTION activity_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{REFUSED}'; END $$""",
        f"""CREATE FUNCTION activity_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {COVERED.format(same="IS NOT DISTINCT FROM")} THEN RETURN OLD; END IF;
                RAISE EXCEPTION '{REFUSED}';
            END $$""",
        # Each statement of a function sees what was committed while it waited, so one round trip takes the lock and reads the end of the chain.
        """CREATE FUNCTION last_activity_seal() RETURNS TABLE (sequence integer, chain varchar) LANGUAGE plpgsql VOLATILE AS $$
            BEGIN
                PERFORM pg_advisory_xact_lock(20261122);
                RETURN QUERY SELECT s.sequence, s.chain FROM activity_seal AS s ORDER BY s.sequence DESC LIMIT 1;
            END $$""",
    ]
    + [
        # A temporary table of the same name would be found before ours, and cover everything.
        f"""DO $$ BEGIN EXECUTE format('ALTER FUNCTION {name}() SET search_path = %I, pg_temp', current_schema()); END $$"""
        for name in ("activity_refuse_delete", "last_activity_seal")
    ]
    + [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION activity_refuse()"
        for table in LOG
    ]
    + [
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION activity_refuse()"
        for table in LOG[1:]
    ]
    + [
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION activity_refuse()"
        for table in LOG
    ]
    + [
        "CREATE TRIGGER activity_no_delete BEFORE DELETE ON activity FOR EACH ROW EXECUTE FUNCTION activity_refuse_delete()",
        f"REVOKE UPDATE, TRUNCATE ON {', '.join(LOG)} FROM CURRENT_USER",
        f"REVOKE DELETE ON {', '.join(LOG[1:])} FROM CURRENT_USER",
    ],
}
WRITABLE = {
    "sqlite": [
        f"DROP TRIGGER {table}_no_{verb}"
        for table in LOG
        for verb in ("update", "delete", "replace")
    ],
    "postgresql": [
        f"DROP TRIGGER {table}_no_{verb} ON {table}"
        for table in LOG
        for verb in ("update", "delete", "truncate")
    ]
    + [
        f"DROP FUNCTION {name}()"
        for name in ("activity_refuse", "activity_refuse_delete", "last_activity_seal")
    ]
    + ["GRANT UPDATE, TRUNCATE ON activity TO CURRENT_USER"],
}


def upgrade() -> None:
    op.create_table(
        "activity_pruning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pruned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("activity_id"),
    )
    with op.batch_alter_table("activity_pruning", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_activity_pruning_organization_id"), ["organization_id"], unique=False
        )

    op.create_table(
        "activity_seal",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line_digest", sa.String(length=64), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("activity_id"),
    )
    op.create_table(
        "authenticator_app",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id"),
    )
    op.create_table(
        "email_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("old_email", sa.String(length=320), nullable=False),
        sa.Column("new_email", sa.String(length=320), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("undo_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_digest"),
        sa.UniqueConstraint("undo_digest"),
    )
    with op.batch_alter_table("email_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_email_change_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("user_handle", sa.String(length=90), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("transports", sa.String(length=100), nullable=False),
        sa.Column("is_synced", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("credential_id"),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_account_id"), ["account_id"], unique=False)

    op.create_table(
        "passkey_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("browser_digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("challenge", sa.String(length=128), nullable=False),
        sa.Column("user_handle", sa.String(length=90), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("browser_digest"),
    )
    with op.batch_alter_table("passkey_question", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_passkey_question_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "portal_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=300), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_ip", sa.String(length=45), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("prefix"),
    )
    with op.batch_alter_table("portal_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_portal_key_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_portal_key_organization_id"), ["organization_id"], unique=False
        )

    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("code_digest", sa.String(length=128), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recovery_code_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "trusted_device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("user_agent", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key_digest"),
    )
    with op.batch_alter_table("trusted_device", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_trusted_device_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "two_factor_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("granted_by", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("membership_id"),
    )
    op.create_table(
        "two_factor_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("membership_id", "deadline", "days"),
    )
    with op.batch_alter_table("ab_user", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_service", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "idle_until",
                sa.DateTime(timezone=True),
                server_default="1970-01-01 00:00:00+00:00",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column(
                "proved_at",
                sa.DateTime(timezone=True),
                server_default="1970-01-01 00:00:00+00:00",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column("method", sa.String(length=20), server_default="password", nullable=False)
        )
    op.execute(
        "UPDATE account_session SET proved_at = created_at, idle_until = expires_at"
    )  # the first page read sets it right

    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("via", sa.String(length=100), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("undoes_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_activity_undoes_id"), ["undoes_id"], unique=False)
        batch_op.create_index("ix_activity_happened_at", ["happened_at", "id"], unique=False)

    with op.batch_alter_table("organization", schema=None, recreate="never") as batch_op:
        batch_op.add_column(
            sa.Column("two_factor_strong", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("two_factor_deadline", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column("session_idle_minutes", sa.Integer(), server_default="30", nullable=False)
        )
        batch_op.add_column(
            sa.Column("session_hours", sa.Integer(), server_default="12", nullable=False)
        )
        batch_op.add_column(sa.Column("log_kept_days", sa.Integer(), nullable=True))

    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in WRITABLE[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_column("organization", "log_kept_days")
    op.drop_column("organization", "session_hours")
    op.drop_column("organization", "session_idle_minutes")
    op.drop_column("organization", "two_factor_deadline")
    op.drop_column("organization", "two_factor_strong")

    op.drop_index("ix_activity_happened_at", table_name="activity")
    op.drop_index("ix_activity_undoes_id", table_name="activity")
    op.drop_column("activity", "undoes_id")
    op.drop_column("activity", "via")

    op.drop_column("account_session", "method")
    op.drop_column("account_session", "proved_at")
    op.drop_column("account_session", "idle_until")

    op.drop_column("ab_user", "is_service")

    op.drop_table("two_factor_reminder")
    op.drop_table("two_factor_exception")
    op.drop_index("ix_trusted_device_account_id", table_name="trusted_device")

    op.drop_table("trusted_device")
    op.drop_index("ix_recovery_code_account_id", table_name="recovery_code")

    op.drop_table("recovery_code")
    op.drop_index("ix_portal_key_organization_id", table_name="portal_key")
    op.drop_index("ix_portal_key_account_id", table_name="portal_key")

    op.drop_table("portal_key")
    op.drop_index("ix_passkey_question_account_id", table_name="passkey_question")

    op.drop_table("passkey_question")
    op.drop_index("ix_passkey_account_id", table_name="passkey")

    op.drop_table("passkey")
    op.drop_index("ix_email_change_account_id", table_name="email_change")

    op.drop_table("email_change")
    op.drop_table("authenticator_app")
    op.drop_table("activity_seal")
    op.drop_index("ix_activity_pruning_organization_id", table_name="activity_pruning")

    op.drop_table("activity_pruning")
