"""memberships end, rows that the log tells of never share an id, login IDs of deleted people

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ONCE = ["account_id", "organization_id"]
# 0004 rebuilt ab_user so that SQLite gave the id of a deleted account again; the others always did.
NEVER_AGAIN = ("ab_user", "membership", "member_role", "invite", "portal_key", "saved_view")
KINDS = {"member_role": "role_", "invite": "invite_", "saved_view": "view_"}
LISTED = ["organization_id", "suspended_at", "account_suspended_at", "sort_key", "id"]
SORTED = ["organization_id", "sort_key", "id"]
HANGING = ("membership_role", "two_factor_exception", "two_factor_reminder")


def upgrade() -> None:
    op.create_table(
        "retired_login_id",
        sa.Column("login_id_key", sa.String(length=256), nullable=False),
        sa.PrimaryKeyConstraint("login_id_key"),
    )
    with _membership() as batch_op:
        batch_op.drop_constraint(_once(), type_="unique")
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ended_reason", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("ended_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            "membership_ended_by_id_fkey", "ab_user", ["ended_by_id"], ["id"], ondelete="SET NULL"
        )
    _index_names(["ended_at"])
    living, ended = sa.text("ended_at IS NULL"), sa.text("ended_at IS NOT NULL")
    op.create_index(
        "uq_membership_living",
        "membership",
        ONCE,
        unique=True,
        sqlite_where=living,
        postgresql_where=living,
    )
    op.create_index("ix_membership_account_id", "membership", ["account_id"])
    op.create_index(
        "ix_membership_organization_ended",
        "membership",
        ["organization_id", "ended_at", "id"],
        sqlite_where=ended,
        postgresql_where=ended,
    )
    if op.get_bind().dialect.name == "sqlite":
        _never_give_ids_again()


def downgrade() -> None:
    for table in HANGING:
        op.execute(
            f"DELETE FROM {table} WHERE membership_id IN"
            " (SELECT id FROM membership WHERE ended_at IS NOT NULL)"
        )
    op.execute("DELETE FROM membership WHERE ended_at IS NOT NULL")
    for name in ("uq_membership_living", "ix_membership_account_id"):
        op.drop_index(name, table_name="membership")
    op.drop_index("ix_membership_organization_ended", table_name="membership")
    _index_names([])
    with _membership() as batch_op:
        batch_op.drop_constraint("membership_ended_by_id_fkey", type_="foreignkey")
        for name in ("ended_by_id", "ended_reason", "ended_at"):
            batch_op.drop_column(name)
        batch_op.create_unique_constraint("membership_account_id_organization_id_key", ONCE)
    op.drop_table("retired_login_id")


def _membership() -> Any:
    return op.batch_alter_table(
        "membership", schema=None, naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"}
    )


def _once() -> str:
    """The name of the rule that nobody is a member twice; SQLite has one only after a downgrade."""
    rules = sa.inspect(op.get_bind()).get_unique_constraints("membership")
    named = [rule["name"] for rule in rules if set(rule["column_names"]) == set(ONCE)]
    return named[0] or "uq_membership_account_id"


def _index_names(more: list[str]) -> None:
    for name, columns in (
        ("ix_membership_organization_name", LISTED),
        ("ix_membership_organization_sort_key", SORTED),
    ):
        op.drop_index(name, table_name="membership")
        op.create_index(name, "membership", columns + more)


def _never_give_ids_again() -> None:
    """Rebuild the tables whose rows the log tells of, and go on above every id it ever told of."""
    told = _told()
    for table in NEVER_AGAIN:
        with op.batch_alter_table(
            table, schema=None, recreate="always", table_kwargs={"sqlite_autoincrement": True}
        ):
            pass
    for table, last in told.items():
        values = {"name": table, "id": last}
        raised = op.get_bind().execute(
            sa.text("UPDATE sqlite_sequence SET seq = max(seq, :id) WHERE name = :name"), values
        )
        if not raised.rowcount:
            op.get_bind().execute(
                sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :id)"), values
            )


def _told() -> dict[str, int]:
    """The highest id in each table, or in a line of the log that is about such a row."""
    bind = op.get_bind()

    def highest(query: str, **values: str) -> int:
        return bind.scalar(sa.text(query), values) or 0

    last = {name: highest(f"SELECT max(id) FROM {name}") for name in (*NEVER_AGAIN, "organization")}
    of_kind = "SELECT max(subject_id) FROM activity WHERE substr(event, 1, length(:kind)) = :kind"
    for table, kind in KINDS.items():
        last[table] = max(last[table], highest(of_kind, kind=kind))
    last["organization"] = max(
        last["organization"],
        highest("SELECT max(organization_id) FROM activity"),
        highest(of_kind, kind="organization_"),
    )
    others = " AND ".join(
        f"event NOT LIKE '{kind}%'" for kind in (*KINDS.values(), "organization_")
    )
    last["ab_user"] = max(
        last["ab_user"],
        highest("SELECT max(actor_id) FROM activity"),
        highest(f"SELECT max(subject_id) FROM activity WHERE {others}"),
    )
    last["member_role"] = max(last["member_role"], *_roles_told(), 0)
    return last


def _roles_told() -> Iterator[int]:
    """The ids of roles in lines about members who had them."""
    lines = sa.text("SELECT details FROM activity WHERE details LIKE '%role_ids%'")
    for line in op.get_bind().scalars(lines):
        for ids in json.loads(line).get("role_ids") or ():
            yield from ids if isinstance(ids, list) else [ids]
