"""A backup that cannot be restored, and what happens then: nothing. It …"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from alembic.script import ScriptDirectory
from flask import Flask

from app.backup import refusals, restoring, saving
from app.database import MIGRATIONS
from app.demo import service as demo
from app.extensions import db
from app.kernel.errors import Refusal
from app.log_integrity import reporting
from app.upgrade import upgrade
from tests.backup.conftest import Make, is_empty, number

ROOT = Path(__file__).parents[2]
MANIFEST = "manifest.json"
HEAD = ScriptDirectory(str(MIGRATIONS)).get_current_head()


def rewritten(path: Path, *, change: Callable[[dict[str, Any]], None]) -> Path:
    """The same backup with another manifest."""
    to = path.with_name("changed.zip")
    with ZipFile(path) as source, ZipFile(to, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == MANIFEST:
                said = json.loads(content)
                change(said)
                content = json.dumps(said).encode()
            target.writestr(name, content)
    return to


@pytest.fixture
def written(lived_in: Flask, tmp_path: Path, now: datetime) -> Path:
    saving.save(tmp_path / "backup.zip", now=now)
    db.session.commit()
    return tmp_path / "backup.zip"


@pytest.fixture
def lived_in(request: pytest.FixtureRequest, now: datetime) -> Flask:
    """On SQLite alone: files are the same."""
    app: Flask = request.getfixturevalue("app")
    demo.load(members=demo.FEWEST_MEMBERS, now=now)
    db.session.commit()
    return app


def test_refuses_what_is_no_whole_backup(written: Path, make: Make, now: datetime) -> None:
    whole = written.read_bytes()
    cut, turned, other, foreign = (
        written.with_name(f"{name}.zip") for name in ("cut", "turned", "other", "foreign")
    )
    middle = len(whole) // 2
    cut.write_bytes(whole[:middle])
    turned.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    other.write_bytes(b"PK not a backup")
    rewritten(written, change=lambda said: said.update(format=2)).rename(foreign)
    fewer = rewritten(written, change=lambda said: said["tables"]["ab_user"].update(rows=1))
    with make("sqlite").app_context():
        for path in (cut, turned, other, fewer, foreign, written.with_name("nowhere.zip")):
            with pytest.raises(refusals.NotABackup, match="Nothing was changed"):
                restoring.restore(path, now=now)
            assert not db.inspect(db.engine).get_table_names()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"revision": "0999"}, refusals.UnknownVersion),
        ({"packages": {"rooms": None}}, refusals.PackageMissing),
        ({"key": "0123456789abcdef"}, refusals.OtherKey),
    ],
)
def test_refuses_what_this_installation_cannot_read(
    written: Path, make: Make, now: datetime, change: dict[str, object], refusal: type[Refusal]
) -> None:
    path = rewritten(written, change=lambda said: said.update(change))
    with make("sqlite").app_context():
        with pytest.raises(refusal):
            restoring.restore(path, now=now)
        assert not db.inspect(db.engine).get_table_names()
        if refusal is refusals.OtherKey:
            restoring.restore(path, now=now, without_key=True)
            assert number("SELECT count(*) FROM ab_user")
        db.session.remove()


def test_refuses_a_database_with_people_in_it(written: Path, now: datetime) -> None:
    had = number("SELECT count(*) FROM ab_user")
    with pytest.raises(refusals.NotEmpty):
        restoring.restore(written, now=now)
    assert number("SELECT count(*) FROM ab_user") == had


def test_takes_the_place_of_a_new_installation(written: Path, make: Make, now: datetime) -> None:
    with make("sqlite").app_context():
        upgrade()
        restoring.restore(written, now=now)
        assert number("SELECT count(*) FROM ab_user")
        db.session.remove()


def test_keeps_nothing_of_rows_that_do_not_fit(written: Path, make: Make, now: datetime) -> None:
    """A text too long for PostgreSQL, which SQLite took."""
    db.session.execute(db.text("UPDATE ab_user SET sort_key = :long"), {"long": "x" * 9000})
    db.session.commit()
    saving.save(written.with_name("long.zip"), now=now)
    db.session.commit()
    with make("postgresql").app_context():
        with pytest.raises(refusals.RowsUnfit, match="ab_user"):
            restoring.restore(written.with_name("long.zip"), now=now)
        assert is_empty()
        restoring.restore(written, now=now)
        assert reporting.verdict(now=now).is_whole
        db.session.remove()
        db.engine.dispose()


def test_never_writes_over_a_file(written: Path, now: datetime) -> None:
    had = written.read_bytes()
    with pytest.raises(refusals.FileThere):
        saving.save(written, now=now)
    with pytest.raises(refusals.NotWritable):
        saving.save(written / "inside.zip", now=now)
    assert written.read_bytes() == had
    assert written.stat().st_mode & 0o777 == 0o600
    assert not list(written.parent.glob("*.part"))


def has_all_tables(database: Path) -> bool:
    """Whether only the rows are still to come."""
    address = f"file:{database}?mode=ro"
    with suppress(sqlite3.Error), closing(sqlite3.connect(address, uri=True)) as it:
        return it.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
    return False


def test_begins_again_where_it_was_killed(written: Path, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    folder.mkdir(mode=0o700)
    environment = {
        **os.environ,
        "INSTANCE_PATH": str(folder),
        "SECRET_KEY": "secret-of-the-tests",
        "PORTAL_URL": "http://localhost",
    }
    command = [sys.executable, "-m", "flask", "portal", "restore", str(written)]
    killed = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    while killed.poll() is None and not has_all_tables(folder / "meibo.sqlite"):
        time.sleep(0.001)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "is whole" in done.stdout
