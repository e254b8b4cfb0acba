"""A disk that is full, and a database that somebody else writes to for long. The portal …"""

from __future__ import annotations

import logging
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from huey.exceptions import RetryTask
from sqlalchemy import create_engine, delete, text
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.http import db_errors
from app.jobs import running
from app.models import Rate


def full(folder: Path) -> OperationalError:
    """What SQLite says when it has no room: a real error of a real file."""
    engine = create_engine(f"sqlite:///{folder / 'full.sqlite'}")
    with engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count=2"))
        connection.execute(text("CREATE TABLE kept (words TEXT)"))
        with pytest.raises(OperationalError) as refused:
            connection.execute(text("INSERT INTO kept VALUES (:words)"), {"words": "x" * 50_000})
    engine.dispose()
    return refused.value


def test_says_that_the_disk_is_full(
    app: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """T2-98: “does not answer” sent people looking in the wrong place."""
    with app.test_request_context("/login/"):
        answer = db_errors._unavailable(full(tmp_path))
    assert answer.status_code == 503
    assert "disk is full" in answer.get_data(as_text=True)
    assert "does not answer" not in answer.get_data(as_text=True)
    assert "the database's disk is full" in caplog.text


def test_puts_a_job_off_while_somebody_else_writes(
    app: Flask, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    """T2-98: an unhandled exception with a trace; it is one line, and done half a minute later."""

    def write(_now: datetime) -> None:
        db.session.execute(text("PRAGMA busy_timeout=50"))
        db.session.execute(delete(Rate))
        db.session.commit()

    job = running._inside(app, "sweep", write)
    other = sqlite3.connect(db.engine.url.database or "")
    other.execute("BEGIN IMMEDIATE")
    with caplog.at_level(logging.WARNING), pytest.raises(RetryTask) as again:
        job()
    assert again.value.delay == running.RETRY_AFTER
    assert "sweep is put off" in caplog.text
    assert "Traceback" not in caplog.text
    other.rollback()
    other.close()
    job()
