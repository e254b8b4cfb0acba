"""The log is append-only: the database itself refuses changes, on both databases. It …"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.models import Activity, ActivityPruning, Organization
from tests import factories
from tests.log_integrity.chain import NOW, allow, choose, verdict, write


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


OLD = NOW - timedelta(days=400)
BEFORE = NOW - timedelta(days=300)


def delete(line_id: int) -> None:
    db.session.execute(text("DELETE FROM activity WHERE id = :id"), {"id": line_id})


@pytest.mark.parametrize("other", ["later", "another organization", "no organization"])
def test_lets_go_only_what_a_pruning_covers(here: Organization, other: str) -> None:
    elsewhere = factories.organization("minato")
    where = {"later": here, "another organization": elsewhere, "no organization": None}[other]
    kept_id, gone_id = (
        write(where, at=BEFORE if other == "later" else OLD)[0].id,
        write(here, at=OLD)[0].id,
    )
    allow(here, BEFORE, chosen=choose(here))
    delete(gone_id)
    with pytest.raises(DBAPIError, match="append-only"):
        delete(kept_id)
    db.session.rollback()
    assert verdict().is_whole


@pytest.mark.parametrize(
    "forged",
    [
        "before the least retention is over",
        "before the one chosen is over",
        "by a choice of fewer days than there may be",
        "by no choice",
        "by a choice to keep it for ever",
        "by the choice of another organization",
        "by another line",
        "told in another log",
    ],
)
def test_lets_nothing_go(here: Organization, forged: str) -> None:
    """T2-91: a pruning is bounded by the database's own clock, the least retention and the
    organization's choice, even where somebody wrote it past the portal.
    """
    real = datetime.now(UTC)
    elsewhere = factories.organization("minato")
    days, before, told_in = 90, BEFORE, None
    match forged:
        case "before the least retention is over":
            before = real - timedelta(days=89)
        case "before the one chosen is over":
            days, before = 200, real - timedelta(days=199)
        case "by a choice of fewer days than there may be":
            days, before = 1, real - timedelta(days=89)
        case "told in another log":
            told_in = elsewhere
    chosen: Activity | None = choose(here, days)
    match forged:
        case "by no choice":
            chosen = None
        case "by a choice to keep it for ever":
            chosen = choose(here, None)
        case "by the choice of another organization":
            chosen = choose(elsewhere)
        case "by another line":
            chosen = write(here)[0]
    line_id = write(here, at=before - timedelta(hours=1))[0].id
    allow(here, before, chosen=chosen, told_in=told_in)
    with pytest.raises(DBAPIError, match="append-only"):
        delete(line_id)
    db.session.rollback()


def test_takes_no_seal_without_a_key(here: Organization) -> None:
    """T2-91: nobody adds lines as they were sealed before there were keys."""
    write(here)
    for key_id, signature in (("", "0" * 64), ("0" * 16, "")):
        with pytest.raises(DBAPIError, match="every seal has a key"):
            db.session.execute(
                text(
                    "INSERT INTO activity_seal (sequence, activity_id, happened_at, line_digest,"
                    " chain, key_id, signature) SELECT 2, 99, happened_at, line_digest, chain,"
                    " :key_id, :signature FROM activity_seal"
                ),
                {"key_id": key_id, "signature": signature},
            )
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
