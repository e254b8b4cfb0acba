"""a chain of the log for each organization, in place of one for all

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

from datetime import UTC
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

REFUSED = "the activity log is append-only"
COLUMNS = (
    "sequence, activity_id, organization_id, happened_at, line_digest, chain, key_id, signature"
)
COMMON = -1  # the chain of all lines from before
# SQLite has no other key for a table than the one it was made with, and loses a table's triggers with it.
TABLE = """CREATE TABLE activity_seal_made (
    sequence INTEGER NOT NULL, activity_id INTEGER NOT NULL, organization_id INTEGER, happened_at DATETIME NOT NULL,
    line_digest VARCHAR(64) NOT NULL, chain VARCHAR(64) NOT NULL, key_id VARCHAR(16) DEFAULT '' NOT NULL,
    signature VARCHAR(64) DEFAULT '' NOT NULL{more}, PRIMARY KEY ({key}), UNIQUE (activity_id))"""
GUARDS = [
    *(
        f"CREATE TRIGGER activity_seal_no_{verb} BEFORE {verb.upper()} ON activity_seal "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for verb in ("update", "delete")
    ),
    "CREATE TRIGGER activity_seal_no_replace BEFORE INSERT ON activity_seal WHEN EXISTS (SELECT 1 FROM activity_seal "
    f"WHERE {{same}} OR activity_id = NEW.activity_id) BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
    "CREATE TRIGGER activity_seal_keyed BEFORE INSERT ON activity_seal WHEN NEW.key_id = '' OR NEW.signature = '' "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSED}, and every seal has a key'); END",
]
# Processes of the version before go on with the chain that they know until they are started anew.
POSTGRESQL = [
    f"ALTER TABLE activity_seal ADD COLUMN log_id integer DEFAULT {COMMON} NOT NULL",
    "ALTER TABLE activity_seal DROP CONSTRAINT activity_seal_pkey",
    "ALTER TABLE activity_seal ADD CONSTRAINT activity_seal_pkey PRIMARY KEY (log_id, sequence)",
    """CREATE FUNCTION last_activity_seal(log integer) RETURNS SETOF activity_seal LANGUAGE plpgsql VOLATILE AS $$
        BEGIN
            IF log = -1 THEN PERFORM pg_advisory_xact_lock(20261122);
            ELSE PERFORM pg_advisory_xact_lock(20261122, log); END IF;
            RETURN QUERY SELECT s.* FROM activity_seal AS s WHERE s.log_id = log ORDER BY s.sequence DESC LIMIT 1;
        END $$""",
    "DO $$ BEGIN EXECUTE format('ALTER FUNCTION last_activity_seal(integer) SET search_path = %I, pg_temp', current_schema()); END $$",
]
FORMER = """CREATE FUNCTION last_activity_seal() RETURNS {given} LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(20261122);
        RETURN QUERY SELECT {columns} FROM activity_seal AS s {where} ORDER BY s.sequence DESC LIMIT 1;
    END $$"""
OWN_SCHEMA = "DO $$ BEGIN EXECUTE format('ALTER FUNCTION last_activity_seal() SET search_path = %I, pg_temp', current_schema()); END $$"
GIVEN = """TABLE (sequence integer, activity_id integer, organization_id integer, happened_at timestamptz,
    line_digest varchar, chain varchar, key_id varchar, signature varchar)"""


def rebuild(key: str, more: str, same: str, rows: str) -> None:
    op.execute(TABLE.format(key=key, more=more))
    op.execute(rows)
    op.execute("DROP TABLE activity_seal")
    op.execute("ALTER TABLE activity_seal_made RENAME TO activity_seal")
    for guard in GUARDS:
        op.execute(guard.format(same=same))


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        rebuild(
            "log_id, sequence",
            f", log_id INTEGER DEFAULT {COMMON} NOT NULL",
            "(log_id = NEW.log_id AND sequence = NEW.sequence)",
            f"INSERT INTO activity_seal_made ({COLUMNS}) SELECT {COLUMNS} FROM activity_seal ORDER BY sequence",
        )
        return
    for statement in POSTGRESQL:
        op.execute(statement)
    op.execute("DROP FUNCTION last_activity_seal()")
    columns = ", ".join(f"s.{name}" for name in COLUMNS.split(", "))
    op.execute(FORMER.format(given=GIVEN, columns=columns, where=f"WHERE s.log_id = {COMMON}"))
    op.execute(OWN_SCHEMA)


def downgrade() -> None:
    """One chain again, in the order of the lines. Its seals have no key: the next upgrade says where keys begin."""
    connection = op.get_bind()
    op.execute("CREATE TEMPORARY TABLE seals_of_chains AS SELECT * FROM activity_seal")
    if connection.dialect.name == "sqlite":
        rebuild("sequence", "", "sequence = NEW.sequence", "SELECT 1")
        op.execute("DROP TRIGGER activity_seal_keyed")
        chain_anew(connection)
        op.execute(GUARDS[-1])
    else:
        op.execute("DROP FUNCTION last_activity_seal(integer)")
        op.execute("DROP FUNCTION last_activity_seal()")
        op.execute("ALTER TABLE activity_seal DISABLE TRIGGER USER")
        op.execute("GRANT DELETE ON activity_seal TO CURRENT_USER")
        op.execute("DELETE FROM activity_seal")
        op.execute("REVOKE DELETE ON activity_seal FROM CURRENT_USER")
        op.execute("ALTER TABLE activity_seal DROP CONSTRAINT activity_seal_pkey")
        op.execute("ALTER TABLE activity_seal DROP COLUMN log_id")
        op.execute(
            "ALTER TABLE activity_seal ADD CONSTRAINT activity_seal_pkey PRIMARY KEY (sequence)"
        )
        chain_anew(connection)
        op.execute("ALTER TABLE activity_seal ENABLE TRIGGER USER")
        op.execute(FORMER.format(given="SETOF activity_seal", columns="s.*", where=""))
        op.execute(OWN_SCHEMA)
    op.execute("DROP TABLE seals_of_chains")


def chain_anew(connection: sa.Connection) -> None:
    table = sa.table(
        "activity_seal",
        *(
            sa.column(name)
            for name in ("sequence", "activity_id", "organization_id", "line_digest", "chain")
        ),
        sa.column("happened_at", sa.DateTime(timezone=True)),
    )
    former = sa.table("seals_of_chains", *(sa.column(one.name, one.type) for one in table.columns))
    chain, sequence = "0" * 64, 0
    rows = connection.execute(sa.select(former).order_by(former.c.activity_id)).all()
    for start in range(0, len(rows), 1_000):
        made = []
        for row in rows[start : start + 1_000]:
            at = (
                row.happened_at.replace(tzinfo=UTC)
                if row.happened_at.tzinfo is None
                else row.happened_at
            )
            moment = at.astimezone(UTC).isoformat(timespec="microseconds")
            said = f"{chain}{row.line_digest}{row.organization_id or ''}|{moment}"
            chain, sequence = sha256(said.encode()).hexdigest(), sequence + 1
            made.append({**row._mapping, "sequence": sequence, "chain": chain})
        connection.execute(sa.insert(table), made)
