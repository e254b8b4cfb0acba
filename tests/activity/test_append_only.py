"""The log is append-only: the database itself refuses changes, on both databases. It …"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.models import ActivityPruning, Organization
from tests import factories
from tests.activity.chain import NOW, verdict, write


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE activity SET actor_name = 'nobody'",
        "DELETE FROM activity",
        "UPDATE activity_seal SET chain = ''",
        "DELETE FROM activity_seal",
        "UPDATE activity_pruning SET before = '2000-01-01'",
        "DELETE FROM activity_pruning",
        "TRUNCATE activity",
        "TRUNCATE activity_seal",
        "TRUNCATE activity_pruning",
    ],
)
def test_refuses_to_change_or_delete_by_whatever_statement(
    here: Organization, statement: str
) -> None:
    """ASVS 16.4.2, issue 4: append-only by construction."""
    if statement.startswith("TRUNCATE") and db.engine.dialect.name == "sqlite":
        return
    write(here)
    db.session.add(
        ActivityPruning(
            activity_id=1, organization_id=here.id, before=NOW - timedelta(days=1), pruned_at=NOW
        )
    )
    db.session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


@pytest.mark.parametrize("table", ["activity", "activity_seal", "activity_pruning"])
def test_refuses_to_replace_what_is_there(here: Organization, table: str) -> None:
    """ASVS 16.4.2: SQLite asks no trigger about the rows that INSERT OR REPLACE deletes; PostgreSQL
    has no such statement.
    """
    if db.engine.dialect.name != "sqlite":
        return
    write(here)
    db.session.add(
        ActivityPruning(
            activity_id=1, organization_id=here.id, before=NOW - timedelta(days=1), pruned_at=NOW
        )
    )
    db.session.commit()
    for statement in (
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        f"REPLACE INTO {table} SELECT * FROM {table}",
    ):
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_asks_no_temporary_table_what_may_go(here: Organization) -> None:
    """ASVS 16.4.2: everybody who is connected to PostgreSQL may make one, under any name."""
    write(here)
    with db.engine.connect() as connection:
        connection.execute(
            text(
                "CREATE TEMPORARY TABLE activity_pruning AS SELECT organization_id, happened_at +"
                " (:day) AS before FROM activity"
            ),
            {
                "day": timedelta(days=1) if connection.dialect.name == "postgresql" else 1,
            },
        )
        try:
            with pytest.raises(DBAPIError, match="append-only"):
                connection.execute(text("DELETE FROM activity"))
        finally:
            connection.rollback()
            connection.execute(
                text(
                    "DROP TABLE IF EXISTS temp.activity_pruning"
                    if connection.dialect.name == "sqlite"
                    else "DISCARD TEMP"
                )
            )


@pytest.mark.parametrize("other", ["later", "another organization", "no organization"])
def test_lets_go_only_what_a_pruning_covers(here: Organization, other: str) -> None:
    elsewhere = factories.organization("minato")
    where = {"later": here, "another organization": elsewhere, "no organization": None}[other]
    kept_id, gone_id = (
        write(where, at=NOW if other == "later" else NOW - timedelta(days=2))[0].id,
        write(here, at=NOW - timedelta(days=1))[0].id,
    )
    db.session.add(
        ActivityPruning(activity_id=gone_id, organization_id=here.id, before=NOW, pruned_at=NOW)
    )
    db.session.commit()
    db.session.execute(text("DELETE FROM activity WHERE id = :id"), {"id": gone_id})
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text("DELETE FROM activity WHERE id = :id"), {"id": kept_id})
    db.session.rollback()


def test_keeps_the_log_of_an_organization_that_is_deleted(here: Organization) -> None:
    write(here)
    db.session.delete(here)
    db.session.commit()
    assert (verdict().lines, verdict().is_whole) == (1, True)


def test_takes_the_right_itself_away_on_postgresql(here: Organization) -> None:
    """Issue 4: on PostgreSQL no right either, for a portal that does not run as the database's
    superuser.
    """
    if db.engine.dialect.name == "sqlite":
        return
    with db.engine.begin() as connection:
        granted = rights(connection, "activity") | {
            f"seal {one}" for one in rights(connection, "activity_seal")
        }
    assert {"SELECT", "INSERT", "DELETE", "seal SELECT", "seal INSERT"} <= granted
    assert not {"UPDATE", "TRUNCATE", "seal UPDATE", "seal DELETE", "seal TRUNCATE"} & granted


def rights(connection: Connection, table: str) -> set[str]:
    granted = text(
        "SELECT privilege_type FROM information_schema.role_table_grants WHERE table_name = :table"
    )
    return set(connection.scalars(granted, {"table": table}))
