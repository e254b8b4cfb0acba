"""The chain of the log: each line sealed in the transaction that writes it, on both databases. It …"""
from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from app.activity import events
from app.activity import service as activity
from app.activity.lines import COLUMNS, START, chained, digest, facts, values
from app.activity.sealing import seal_from_before
from app.activity.verifying import CHANGED, HEAD, MISSING, PRUNING, SEAL_CHANGED, SEAL_MISSING, UNSEALED, Flaw, Verdict, verify
from app.extensions import db
from app.models import Activity, ActivityPruning, ActivitySeal, Organization
from config import ROOT
from tests import factories
from tests.conftest import at_once, unguarded

NOW = datetime(2026, 11, 21, 1, 2, 3, 456789, tzinfo=UTC)
WRITERS = 20


@pytest.fixture
def here(each_app: Flask) -> Organization:
    made = factories.organization("aozora")
    db.session.commit()
    return made


def write(here: Organization | None, *, count: int = 1, at: datetime = NOW) -> list[Activity]:
    lines = [activity.record(events.MEMBER_SUSPENDED, now=at, by=None, organization=here, reason=f"休職 {number}") for number in range(count)]
    db.session.commit()
    return lines


def seals() -> list[ActivitySeal]:
    return list(db.session.scalars(select(ActivitySeal).order_by(ActivitySeal.sequence)))


def verdict(since: str = "") -> Verdict:
    db.session.commit()
    with db.engine.connect() as connection:
        return verify(connection, since=since)


def flaws() -> list[tuple[str, int | str]]:
    return [(flaw.kind, flaw.number) for flaw in verdict().flaws]


def tamper(statement: str, **words: object) -> None:
    """Change the database past its triggers, as its owner can."""
    db.session.commit()
    with db.engine.begin() as connection, unguarded(connection):
        connection.execute(text(statement), words)


# sealing


def test_chains_each_line_to_the_one_before(here: Organization) -> None:
    """B-84: what a seal is, worked out again by hand."""
    lines, chain = write(here, count=3), START
    for sequence, (seal, line) in enumerate(zip(seals(), lines, strict=True), 1):
        assert seal.line_digest == digest(facts(values(line)))
        chain = chained(chain, seal.line_digest, here.id, line.happened_at)
        assert (seal.sequence, seal.activity_id, seal.chain) == (sequence, line.id, chain)
    assert verdict() == Verdict(lines=3, head=chain)


def test_seals_every_column_that_says_something(here: Organization) -> None:
    full = dict.fromkeys(COLUMNS, "x") | {"happened_at": NOW}
    assert set(facts(full)) == set(COLUMNS) == set(Activity.__table__.columns.keys())


def test_gives_a_later_columns_emptiness_no_say() -> None:
    """An upgrade that adds a column leaves old digests true."""
    line = dict.fromkeys(COLUMNS) | {"id": 1, "happened_at": NOW, "event": "signed_out", "as_platform": False, "details": {}, "via": ""}
    assert facts(line) == {"id": 1, "happened_at": "2026-11-21T01:02:03.456789+00:00", "event": "signed_out"}


def test_seals_in_the_transaction_of_the_act_and_not_before(here: Organization) -> None:
    activity.record(events.SIGNED_OUT, now=NOW, by=None, organization=here)
    db.session.flush()
    assert seals() == []
    db.session.rollback()
    assert (seals(), verdict().lines) == ([], 0)
    write(here)
    assert [seal.sequence for seal in seals()] == [1]


def test_leaves_no_seal_for_a_savepoint_that_was_undone(here: Organization) -> None:
    for number in range(4):
        with db.session.begin_nested() as one:
            activity.record(events.MEMBER_SUSPENDED, now=NOW, by=None, organization=here, reason=str(number))
            db.session.flush()
            if number % 2:
                one.rollback()
    db.session.commit()
    assert [line.details["reason"] for line in db.session.scalars(select(Activity).order_by(Activity.id))] == ["0", "2"]
    assert (verdict().lines, verdict().is_whole) == (2, True)


def test_keeps_a_savepoint_within_its_transaction(here: Organization) -> None:
    """On SQLite a savepoint without a transaction around it would commit lines that nobody has sealed yet."""
    with db.session.begin_nested():
        activity.record(events.SIGNED_OUT, now=NOW, by=None, organization=here)
    db.session.rollback()
    assert db.session.scalar(select(func.count(Activity.id))) == 0


def test_does_not_let_happen_what_it_cannot_seal(here: Organization) -> None:
    """ASVS 16.5.3, issue 4: if the line cannot be written, the act does not happen."""
    [line] = write(here)
    here_id, name = here.id, here.name
    db.session.add(ActivitySeal(
        sequence=2, activity_id=line.id + 1, organization_id=here_id, happened_at=NOW, line_digest="0" * 64, chain="0" * 64,
    ))  # whatever comes next has a seal already
    db.session.commit()
    here = db.session.get_one(Organization, here_id)
    here.name = "Renamed"
    activity.record(events.ORGANIZATION_EDITED, now=NOW, by=None, organization=here, changes={"name": [name, "Renamed"]})
    with pytest.raises(DBAPIError):
        db.session.commit()
    db.session.rollback()
    assert db.session.get_one(Organization, here_id).name == name


def test_costs_two_statements_a_transaction_however_many_lines(here: Organization) -> None:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    from sqlalchemy import event

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for count in (1, 50):
            seen.clear()
            write(here, count=count)
            assert len([one for one in seen if "seal" in one]) == 2, seen
        seen.clear()
        here.name = "No line"
        db.session.commit()
        assert not [one for one in seen if "seal" in one]
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_keeps_one_unbroken_chain_while_twenty_write_at_once(here: Organization, each_app: Flask) -> None:
    here_id = here.id

    def act() -> None:
        for _turn in range(5):
            write(db.session.get_one(Organization, here_id), count=2)

    at_once(each_app, *[act] * WRITERS)
    assert [seal.sequence for seal in seals()] == list(range(1, WRITERS * 10 + 1))
    assert (verdict().lines, verdict().is_whole) == (WRITERS * 10, True)


KILLED = """
import os, signal
from datetime import UTC, datetime
from app import create_app
app = create_app()
with app.app_context():
    from sqlalchemy import event
    from app.activity import events, service
    from app.extensions import db
    from app.models import Organization
    here = db.session.query(Organization).one()
    def die(_connection, _cursor, statement, *_rest):
        if "INSERT INTO activity_seal" in statement:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(db.engine, "after_cursor_execute", die)
    here.name = "Half done"
    service.record(events.SIGNED_OUT, now=datetime.now(UTC), by=None, organization=here)
    db.session.commit()
"""


def test_leaves_nothing_half_written_by_a_process_that_is_killed(here: Organization, each_app: Flask) -> None:
    write(here)
    settings = each_app.config["SETTINGS"]
    environment = os.environ | {
        "DATABASE_URL": settings.database_url, "INSTANCE_PATH": str(settings.instance_path), "SECRET_KEY": settings.secret_key,
    }
    killed = subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, env=environment, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (verdict().lines, verdict().is_whole, here.name) == (1, True, "Aozora")
    write(here)
    assert (verdict().lines, verdict().is_whole) == (2, True)


def test_seals_what_was_written_before_there_were_seals_once(here: Organization) -> None:
    write(here, count=5)
    tamper("DELETE FROM activity_seal")
    counted = []
    for _turn in range(2):
        with db.engine.begin() as connection:
            counted.append(seal_from_before(connection))
    assert counted == [5, 0]
    assert (verdict().lines, verdict().is_whole) == (5, True)


# append only


@pytest.mark.parametrize("statement", [
    "UPDATE activity SET actor_name = 'nobody'", "DELETE FROM activity", "UPDATE activity_seal SET chain = ''", "DELETE FROM activity_seal",
    "UPDATE activity_pruning SET before = '2000-01-01'", "DELETE FROM activity_pruning", "TRUNCATE activity", "TRUNCATE activity_seal",
    "TRUNCATE activity_pruning",
])
def test_refuses_to_change_or_delete_by_whatever_statement(here: Organization, statement: str) -> None:
    """ASVS 16.4.2, issue 4: append-only by construction."""
    if statement.startswith("TRUNCATE") and db.engine.dialect.name == "sqlite":
        return
    write(here)
    db.session.add(ActivityPruning(activity_id=1, organization_id=here.id, before=NOW - timedelta(days=1), pruned_at=NOW))
    db.session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


@pytest.mark.parametrize("table", ["activity", "activity_seal", "activity_pruning"])
def test_refuses_to_replace_what_is_there(here: Organization, table: str) -> None:
    """ASVS 16.4.2: SQLite asks no trigger about the rows that INSERT OR REPLACE deletes; PostgreSQL has no such statement."""
    if db.engine.dialect.name != "sqlite":
        return
    write(here)
    db.session.add(ActivityPruning(activity_id=1, organization_id=here.id, before=NOW - timedelta(days=1), pruned_at=NOW))
    db.session.commit()
    for statement in (f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}", f"REPLACE INTO {table} SELECT * FROM {table}"):
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_asks_no_temporary_table_what_may_go(here: Organization) -> None:
    """ASVS 16.4.2: everybody who is connected to PostgreSQL may make one, under any name."""
    write(here)
    with db.engine.connect() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE activity_pruning AS SELECT organization_id, happened_at + (:day) AS before FROM activity"), {
            "day": timedelta(days=1) if connection.dialect.name == "postgresql" else 1,
        })
        try:
            with pytest.raises(DBAPIError, match="append-only"):
                connection.execute(text("DELETE FROM activity"))
        finally:
            connection.rollback()
            connection.execute(text("DROP TABLE IF EXISTS temp.activity_pruning" if connection.dialect.name == "sqlite" else "DISCARD TEMP"))


@pytest.mark.parametrize("other", ["later", "another organization", "no organization"])
def test_lets_go_only_what_a_pruning_covers(here: Organization, other: str) -> None:
    elsewhere = factories.organization("minato")
    where = {"later": here, "another organization": elsewhere, "no organization": None}[other]
    kept_id, gone_id = write(where, at=NOW if other == "later" else NOW - timedelta(days=2))[0].id, write(here, at=NOW - timedelta(days=1))[0].id
    db.session.add(ActivityPruning(activity_id=gone_id, organization_id=here.id, before=NOW, pruned_at=NOW))
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
    """Issue 4: on PostgreSQL no right either, for a portal that does not run as the database's superuser."""
    if db.engine.dialect.name == "sqlite":
        return
    with db.engine.begin() as connection:
        granted = rights(connection, "activity") | {f"seal {one}" for one in rights(connection, "activity_seal")}
    assert {"SELECT", "INSERT", "DELETE", "seal SELECT", "seal INSERT"} <= granted
    assert not {"UPDATE", "TRUNCATE", "seal UPDATE", "seal DELETE", "seal TRUNCATE"} & granted


def rights(connection: Connection, table: str) -> set[str]:
    granted = text("SELECT privilege_type FROM information_schema.role_table_grants WHERE table_name = :table")
    return set(connection.scalars(granted, {"table": table}))


# verifying


@pytest.mark.parametrize(("column", "value"), [
    ("actor_name", "'Somebody else'"), ("happened_at", "'2020-01-01 00:00:00+00:00'"), ("as_platform", "true"), ("details", "'{}'"),
    ("event", "'signed_out'"), ("subject_id", "7"), ("organization_id", "NULL"), ("via", "'key'"), ("undoes_id", "1"),
])
def test_sees_a_changed_line(here: Organization, column: str, value: str) -> None:
    """ASVS 16.4.2, B-84: every column counts."""
    line = write(here, count=3)[1].id
    tamper(f"UPDATE activity SET {column} = {value} WHERE id = :id", id=line)
    assert flaws() == [(CHANGED, line)]


def test_sees_a_missing_line_and_one_without_a_seal(here: Organization) -> None:
    line = write(here, count=3)[1].id
    tamper("DELETE FROM activity WHERE id = :id", id=line)
    assert flaws() == [(MISSING, line)]
    tamper("DELETE FROM activity_seal WHERE sequence = 3")
    assert flaws() == [(MISSING, line), (UNSEALED, line + 1)]


def test_sees_a_changed_and_a_missing_seal(here: Organization) -> None:
    write(here, count=4)
    tamper("UPDATE activity_seal SET happened_at = '2020-01-01 00:00:00+00:00' WHERE sequence = 2")
    assert flaws() == [(SEAL_CHANGED, 2)]
    tamper("DELETE FROM activity WHERE id = (SELECT activity_id FROM activity_seal WHERE sequence = 2)")
    tamper("DELETE FROM activity_seal WHERE sequence = 2")
    assert flaws() == [(SEAL_MISSING, 2), (SEAL_CHANGED, 3)]


def test_sees_that_the_end_was_cut_off_by_a_head_noted_before(here: Organization) -> None:
    write(here, count=3)
    head = verdict().head
    write(here)
    assert verdict(since=head).is_whole
    tamper("DELETE FROM activity_seal WHERE sequence >= 3")
    tamper("DELETE FROM activity WHERE id NOT IN (SELECT activity_id FROM activity_seal)")
    assert verdict().is_whole
    assert verdict(since=head).flaws == [Flaw(HEAD, head)]


def test_sees_a_pruning_that_the_log_does_not_tell_of(here: Organization) -> None:
    old, new = write(here, at=NOW - timedelta(days=9))[0].id, write(here)[0].id
    db.session.add(ActivityPruning(activity_id=new, organization_id=here.id, before=NOW - timedelta(days=5), pruned_at=NOW))
    db.session.commit()
    db.session.execute(text("DELETE FROM activity WHERE id = :id"), {"id": old})
    assert [kind for kind, _number in flaws()] == [PRUNING, MISSING]


def test_finds_a_pruning_that_lets_its_own_line_go(here: Organization) -> None:
    """ASVS 16.4.2: whoever can write to the table of prunings cannot make the whole log disappear unnoticed."""
    lines = [line.id for line in write(here, count=3)]
    db.session.add(ActivityPruning(activity_id=lines[0], organization_id=here.id, before=NOW + timedelta(days=1), pruned_at=NOW))
    db.session.commit()
    db.session.execute(text("DELETE FROM activity"))
    found = verdict()
    assert [flaw.kind for flaw in found.flaws] == [PRUNING, MISSING, MISSING, MISSING]
    assert found.pruned == 0


def test_finds_a_pruning_that_a_line_of_another_log_tells_of(here: Organization) -> None:
    elsewhere, before = factories.organization("minato"), NOW - timedelta(days=5)
    old = write(here, at=NOW - timedelta(days=9))[0].id
    line = activity.record(events.LOG_PRUNED, now=NOW, by=None, organization=elsewhere, count=1, before_at=before)
    db.session.flush()
    db.session.add(ActivityPruning(activity_id=line.id, organization_id=here.id, before=before, pruned_at=NOW))
    db.session.commit()
    db.session.execute(text("DELETE FROM activity WHERE id = :id"), {"id": old})
    assert [kind for kind, _number in flaws()] == [PRUNING, MISSING]


@pytest.mark.parametrize("as_json", [False, True])
def test_is_asked_by_the_operator(here: Organization, each_app: Flask, as_json: bool) -> None:
    line = write(here, count=2)[0].id
    command = ["activity", "verify", *(["--json"] if as_json else [])]
    answer = each_app.test_cli_runner().invoke(args=command)
    assert answer.exit_code == 0, answer.output
    assert verdict().head in answer.output
    tamper("UPDATE activity SET subject_name = 'x' WHERE id = :id", id=line)
    answer = each_app.test_cli_runner().invoke(args=command)
    assert answer.exit_code == 1
    assert CHANGED in answer.output
    assert str(line) in answer.output
