"""Heads of the log's chain, noted outside the database. It …"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, update

from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.log_integrity import checkpoints, head_files, signing_keys
from app.log_integrity.chain_upgrades import seal_from_before
from app.log_integrity.verification import HEAD, Flaw, verify
from app.models import Activity, ActivitySeal, Organization
from app.schedule import SCHEDULE
from tests import factories
from tests.conftest import unguarded


@pytest.fixture
def file(each_app: Flask) -> Iterator[Path]:
    """Where heads are noted; none is left to other tests."""
    folder = Path(each_app.config["SETTINGS"].instance_path)
    yield folder / head_files.HOURLY
    head_files.forget_all(folder)


@pytest.fixture
def here(file: Path) -> Organization:
    made = factories.organization("aozora")
    db.session.commit()
    return made


def newest(file: Path, here: Organization) -> Path:
    return file.with_name(head_files.NEWEST) / str(here.id)


def write(here: Organization, now: datetime, reason: str = "") -> None:
    activity.record(events.MEMBER_SUSPENDED, now=now, by=None, organization=here, reason=reason)
    db.session.commit()


def flaws() -> list[Flaw]:
    db.session.commit()
    noted = checkpoints.recorded()
    with db.engine.connect() as connection:
        return verify(connection, keys=signing_keys.known(), noted=noted).flaws


def write_anew(keep: int | None = None) -> None:
    """Forge a line and seal everything again, as somebody can who rules the database and knows the
    key; or keep the first seals only.
    """
    db.session.commit()
    with db.engine.begin() as connection, unguarded(connection):
        if keep is None:
            connection.execute(update(Activity).values(details={"reason": "forged"}))
            connection.execute(delete(ActivitySeal))
            seal_from_before(connection)
        else:
            connection.execute(
                delete(Activity).where(
                    Activity.id.in_(
                        db.select(ActivitySeal.activity_id).where(ActivitySeal.sequence > keep)
                    )
                )
            )
            connection.execute(delete(ActivitySeal).where(ActivitySeal.sequence > keep))


def test_notes_each_once_and_for_its_owner_only(
    here: Organization, file: Path, now: datetime
) -> None:
    assert not checkpoints.record_hourly(now), "an empty log has none"
    write(here, now)
    assert checkpoints.record_hourly(now)
    assert not checkpoints.record_hourly(now)
    write(here, now)
    write(here, now)
    assert checkpoints.record_hourly(now)
    chain = {seal.sequence: seal.chain for seal in db.session.query(ActivitySeal)}
    assert checkpoints.recorded() == {(here.id, 1): chain[1], (here.id, 3): chain[3]}
    assert file.stat().st_mode & 0o777 == 0o600
    assert flaws() == []


def test_shows_that_everything_was_written_anew(here: Organization, now: datetime) -> None:
    """ASVS 16.4.2: a chain that was made again as a whole is whole, and not the one that
    was noted."""
    write(here, now, "true")
    checkpoints.record_hourly(now)
    write(here, now)
    write_anew()
    with db.engine.connect() as connection:
        assert verify(connection, keys=signing_keys.known()).is_whole
    known = checkpoints.recorded()
    assert flaws() == [Flaw(HEAD, known[here.id, place]) for place in (1, 2)]


def test_shows_that_the_end_was_cut_off(here: Organization, now: datetime) -> None:
    """ASVS 16.4.2"""
    for _number in range(3):
        write(here, now)
    checkpoints.record_hourly(now)
    write_anew(keep=2)
    assert flaws() == [Flaw(HEAD, checkpoints.recorded()[here.id, 3])]


def test_tells_operators_and_notes_nothing_that_would_hide_it(
    here: Organization, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    """ASVS 16.4.2: the next hour finds it, too; a forged head is never noted as a true one."""
    write(here, now, "true")
    checkpoints.record_hourly(now)
    write_anew()
    write(here, now)
    before = checkpoints.recorded()
    for _hour in range(2):
        with caplog.at_level(logging.ERROR):
            assert not checkpoints.record_hourly(now)
        assert "cut off or written anew" in caplog.text
        caplog.clear()
    assert checkpoints.recorded() == before


def test_is_checked_by_the_operator_s_command(
    here: Organization, each_app: Flask, now: datetime
) -> None:
    write(here, now, "true")
    checkpoints.record_hourly(now)
    run = each_app.test_cli_runner().invoke
    assert run(args=["activity", "verify"]).exit_code == 0
    known = checkpoints.recorded()[here.id, 1]
    write_anew()
    answer = run(args=["activity", "verify", "--json"])
    assert (answer.exit_code, json.loads(answer.output)["flaws"]) == (
        1,
        [{"kind": HEAD, "number": known}],
    )


@pytest.mark.parametrize(
    "written", ["", "\n\n", "1 abc", "x y z\n", "-1 a b\n", "1 a\x00", "\xff\n"]
)
def test_is_not_misled_by_a_file_that_is_not_whole(
    here: Organization, file: Path, written: str
) -> None:
    file.write_text(written, encoding="latin-1")
    assert checkpoints.recorded() == {}


def test_outlives_a_line_that_a_full_disk_tore(
    here: Organization, file: Path, now: datetime
) -> None:
    """The next head is read, and none whose number is made of both."""
    for _number in range(5):
        write(here, now)
    chain = {seal.sequence: seal.chain for seal in db.session.query(ActivitySeal)}
    file.write_text(f"{here.id}:2 {chain[2]} {now.isoformat()}\n4")
    newest(file, here).write_text("5 torn")
    assert checkpoints.record_hourly(now)
    assert checkpoints.recorded() == {(here.id, 2): chain[2], (here.id, 5): chain[5]}
    assert flaws() == []
    write(here, now)
    assert checkpoints.record_hourly(now)


def test_is_noted_every_hour() -> None:
    work, when = SCHEDULE[checkpoints.JOB]
    assert work is checkpoints.record_hourly
    assert (
        sum(
            when(datetime(2026, 11, 21, hour, minute, tzinfo=UTC))
            for hour in range(24)
            for minute in range(60)
        )
        == 24
    )


def test_notes_the_head_of_every_commit(here: Organization, file: Path, now: datetime) -> None:
    """T2-91: what was cut off since the last hour is missed, too."""
    for _number in range(3):
        write(here, now)
    assert newest(file, here).stat().st_mode & 0o777 == 0o600
    known = checkpoints.recorded()
    assert list(known) == [(here.id, 3)]
    write_anew(keep=2)
    assert flaws() == [Flaw(HEAD, known[here.id, 3])]


def test_keeps_what_was_cut_off_though_the_chain_grows_again(
    here: Organization, file: Path, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    """T2-91: lines that are written afterwards do not hide it, and operators are told at once."""
    for _number in range(3):
        write(here, now)
    known = checkpoints.recorded()[here.id, 3]
    write_anew(keep=2)
    for reason in "abc":
        write(here, now, reason)
    assert caplog.text.count("cut off or written anew") == 1
    assert flaws() == [Flaw(HEAD, known)]


def test_goes_on_where_the_head_cannot_be_noted(
    here: Organization, file: Path, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    """What was committed stays so, whatever the disk says afterwards."""
    newest(file, here).mkdir(parents=True)
    try:
        write(here, now)
    finally:
        newest(file, here).rmdir()
    assert "cannot be noted" in caplog.text
    assert flaws() == []
