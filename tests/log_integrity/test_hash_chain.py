"""The chain of the log: each line sealed in the transaction that writes it, on both
databases. It …"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.log_integrity import signing_keys
from app.log_integrity.chain_upgrades import seal_from_before
from app.log_integrity.serialization import COLUMNS, START, chained, digest, facts, values
from app.log_integrity.verification import Verification
from app.models import Activity, ActivitySeal, Organization
from config import ROOT
from tests.conftest import at_once
from tests.log_integrity.chain import NOW, tamper, verdict, write

WRITERS = 20


def seals() -> list[ActivitySeal]:
    return list(db.session.scalars(select(ActivitySeal).order_by(ActivitySeal.sequence)))


def test_chains_each_line_to_the_one_before(here: Organization) -> None:
    """B-84: what a seal is, worked out again by hand."""
    lines, chain = write(here, count=3), START
    for sequence, (seal, line) in enumerate(zip(seals(), lines, strict=True), 1):
        assert seal.line_digest == digest(facts(values(line)))
        chain = chained(chain, seal.line_digest, here.id, line.happened_at)
        assert (seal.sequence, seal.activity_id, seal.chain) == (sequence, line.id, chain)
        assert signing_keys.is_signed(seal, signing_keys.known())
    assert verdict() == Verification(lines=3, heads={here.id: (3, chain)})


def test_seals_every_column_that_says_something(here: Organization) -> None:
    full = dict.fromkeys(COLUMNS, "x") | {"happened_at": NOW}
    assert set(facts(full)) == set(COLUMNS) == set(Activity.__table__.columns.keys())


def test_gives_a_later_columns_emptiness_no_say() -> None:
    """An upgrade that adds a column leaves old digests true."""
    line = dict.fromkeys(COLUMNS) | {
        "id": 1,
        "happened_at": NOW,
        "event": "signed_out",
        "as_platform": False,
        "details": {},
        "via": "",
    }
    assert facts(line) == {
        "id": 1,
        "happened_at": "2026-11-21T01:02:03.456789+00:00",
        "event": "signed_out",
    }


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
            activity.record(
                events.MEMBER_SUSPENDED, now=NOW, by=None, organization=here, reason=str(number)
            )
            db.session.flush()
            if number % 2:
                one.rollback()
    db.session.commit()
    assert [
        line.details["reason"]
        for line in db.session.scalars(select(Activity).order_by(Activity.id))
    ] == ["0", "2"]
    assert (verdict().lines, verdict().is_whole) == (2, True)


def test_keeps_a_savepoint_within_its_transaction(here: Organization) -> None:
    """On SQLite a savepoint without a transaction around it would commit lines that nobody has
    sealed yet.
    """
    with db.session.begin_nested():
        activity.record(events.SIGNED_OUT, now=NOW, by=None, organization=here)
    db.session.rollback()
    assert db.session.scalar(select(func.count(Activity.id))) == 0


def test_does_not_let_happen_what_it_cannot_seal(here: Organization) -> None:
    """ASVS 16.5.3, issue 4: if the line cannot be written, the act does not happen."""
    [line] = write(here)
    here_id, name = here.id, here.name
    db.session.add(
        ActivitySeal(
            log_id=here_id,
            sequence=2,
            activity_id=line.id + 1,
            organization_id=here_id,
            happened_at=NOW,
            line_digest="0" * 64,
            chain="0" * 64,
            key_id="0" * 16,
            signature="0" * 64,
        )
    )  # whatever comes next has a seal already
    db.session.commit()
    here = db.session.get_one(Organization, here_id)
    here.name = "Renamed"
    activity.record(
        events.ORGANIZATION_EDITED,
        now=NOW,
        by=None,
        organization=here,
        changes={"name": [name, "Renamed"]},
    )
    with pytest.raises(DBAPIError):
        db.session.commit()
    db.session.rollback()
    assert db.session.get_one(Organization, here_id).name == name


def test_costs_two_statements_a_transaction_however_many_lines(here: Organization) -> None:
    write(here)  # the first line of a chain also asks where chains begin
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


def test_keeps_one_unbroken_chain_while_twenty_write_at_once(
    here: Organization, each_app: Flask
) -> None:
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


def test_leaves_nothing_half_written_by_a_process_that_is_killed(
    here: Organization, each_app: Flask
) -> None:
    write(here)
    settings = each_app.config["SETTINGS"]
    environment = os.environ | {
        "DATABASE_URL": settings.database_url,
        "INSTANCE_PATH": str(settings.instance_path),
        "SECRET_KEY": settings.secret_key,
    }
    killed = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=ROOT, env=environment, check=False, capture_output=True
    )
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
