"""A backup restored: into the same database and into the other, everything is there again. It …"""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask_appbuilder import Model
from flask_migrate import downgrade
from sqlalchemy import text

from app.backup import holding, restoring, saving
from app.database import MIGRATIONS, is_upgraded
from app.demo import service as demo
from app.extensions import db
from app.log_integrity import head_files, reporting
from app.models import Activity, Batch, Letter
from app.outbox.delivery import deliver_due
from app.upgrade import upgrade
from tests import factories
from tests.backup.conftest import Make, number

CHANGED = {"account_session", "letter", "batch", "webhook"}
"""What a restore itself changes; the log has one line more."""
LOG = {"activity", "activity_seal"}


def _counts(table: str) -> bool:
    """Whether SQLite remembers the highest id of a table whose rows have gone."""
    return bool(Model.metadata.tables[table].dialect_options["sqlite"]["autoincrement"])


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_holds_every_row_whichever_database_it_came_from(
    lived_in: Flask, make: Make, engine: str, now: datetime, tmp_path: Path
) -> None:
    written = saving.save(tmp_path / "first.zip", now=now)
    ids = written.last_ids["ab_user"]
    assert written.rows > 150
    assert {name.partition("/")[0] for name in written.files} == {
        "activity-heads",
        "activity-newest",
    }
    db.session.commit()
    with make(engine).app_context():
        read, held = restoring.restore(tmp_path / "first.zip", now=now)
        assert read == written
        assert is_upgraded()
        assert reporting.verdict(now=now).is_whole
        again = saving.save(tmp_path / "again.zip", now=now)
        assert {name for name, one in again.tables.items() if one != read.tables[name]} == CHANGED
        for name, last in read.last_ids.items():
            assert again.last_ids[name] == last or (engine == "sqlite" and not _counts(name)), name
        assert (held.sessions, held.letters, held.batches, held.webhooks) == (1, 1, 2, 1)
        assert number("SELECT count(*) FROM account_session WHERE ended_at IS NULL") == 0
        assert factories.account("newcomer").id > ids
        holding.note_restored(read, now=now)
        db.session.commit()
        assert reporting.verdict(now=now).is_whole
        assert db.session.query(Activity).filter_by(event="platform_restored").count() == 1
        db.session.remove()
        db.engine.dispose()


def test_holds_letters_and_batches_until_they_are_released(
    lived_in: Flask, make: Make, now: datetime, tmp_path: Path
) -> None:
    saving.save(tmp_path / "one.zip", now=now)
    db.session.commit()
    with make("sqlite").app_context():
        restoring.restore(tmp_path / "one.zip", now=now)
        assert deliver_due(now).sent == 0
        assert {one.state for one in db.session.query(Batch)} >= {"held"}
        [key, *_others] = holding.working_keys(now)
        assert key[0] == "aozora"
        assert holding.release(now=now) == holding.Held(letters=1, batches=2)
        db.session.commit()
        waiting = db.session.query(Batch).filter(Batch.state.in_(("checking", "queued")))
        assert sorted(one.state for one in waiting) == ["checking", "queued"]
        assert deliver_due(now).sent == 1
        assert db.session.query(Letter).filter_by(state="held").count() == 0
        db.session.remove()


def test_is_of_one_moment_while_others_write(lived_in: Flask, now: datetime) -> None:
    counted = text("SELECT count(*) FROM ab_user")
    with saving._snapshot() as snapshot:
        before = snapshot.scalar(counted)
        factories.account("latecomer")
        db.session.commit()
        assert snapshot.scalar(counted) == before
    assert db.session.scalar(counted) == before + 1


def test_brings_an_older_versions_rows_to_this_one(
    make: Make, now: datetime, tmp_path: Path
) -> None:
    """Version 0007 knows no batches, and its seals have no keys."""
    with make("sqlite").app_context():
        upgrade()
        demo.load(members=demo.FEWEST_MEMBERS, now=now)
        db.session.commit()
        people = number("SELECT count(*) FROM ab_user")
        db.session.remove()
        downgrade(directory=str(MIGRATIONS), revision="0007")
        head_files.forget_all(Path(current_app.config["SETTINGS"].instance_path))
        written = saving.save(tmp_path / "old.zip", now=now)
        assert (written.revision, "batch" in written.tables) == ("0007", False)
        db.engine.dispose()
    with make("postgresql").app_context():
        restoring.restore(tmp_path / "old.zip", now=now)
        assert is_upgraded()
        assert number("SELECT count(*) FROM ab_user") == people
        assert reporting.verdict(now=now).is_whole
        db.session.remove()
        db.engine.dispose()


def test_names_the_version_that_wrote_it() -> None:
    said = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert said["project"]["version"] == saving.VERSION
