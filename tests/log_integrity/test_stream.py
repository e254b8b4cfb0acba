"""The log once more as JSON lines, for whoever collects them. It …"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.log_integrity import signing_keys, stream
from app.log_integrity.verification import verify
from config import Settings
from tests.cast import Cast


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Path]:
    """Where the stream goes."""
    stream.open_to(str(tmp_path / "activity.jsonl"))
    yield tmp_path / "activity.jsonl"
    stream.open_to("")


def said(written: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.read_text().splitlines()]


def test_writes_each_committed_line_with_its_place_in_the_chain(
    cast: Cast, now: datetime, written: Path
) -> None:
    """ASVS 16.2.4, 16.4.3, issue 4: JSON lines to a log stream."""
    for number in range(2):
        activity.record(
            events.MEMBER_SUSPENDED,
            now=now,
            by=cast.tanaka,
            organization=cast.aozora,
            subject=cast.smith,
            reason=f"休職 {number}",
        )
    db.session.flush()
    assert said(written) == []
    db.session.commit()
    first, second = said(written)
    assert (first["event"], first["actor_name"], first["details"], first["sequence"]) == (
        "member_suspended",
        "田中 太郎",
        {"reason": "休職 0"},
        1,
    )
    with db.engine.connect() as connection:
        assert second["chain"] == verify(connection, keys=signing_keys.known()).head


def test_says_nothing_of_what_was_undone(cast: Cast, now: datetime, written: Path) -> None:
    activity.record(events.SIGNED_OUT, now=now, by=cast.tanaka, subject=cast.tanaka)
    db.session.flush()
    db.session.rollback()
    with db.session.begin_nested() as one:
        activity.record(events.SIGNED_OUT, now=now, by=cast.tanaka, subject=cast.tanaka)
        db.session.flush()
        one.rollback()
    db.session.commit()
    assert said(written) == []


def test_says_a_line_once(cast: Cast, now: datetime, written: Path) -> None:
    with db.session.begin_nested():
        activity.record(events.SIGNED_OUT, now=now, by=cast.tanaka, subject=cast.tanaka)
    db.session.commit()
    db.session.commit()
    assert len(said(written)) == 1


def test_is_off_unless_it_is_asked_for(
    cast: Cast, now: datetime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Settings.from_environment({"INSTANCE_PATH": str(tmp_path)}).activity_stream == ""
    assert (
        Settings.from_environment(
            {"INSTANCE_PATH": str(tmp_path), "ACTIVITY_STREAM": "stdout"}
        ).activity_stream
        == "stdout"
    )
    activity.record(events.SIGNED_OUT, now=now, by=cast.tanaka, subject=cast.tanaka)
    db.session.commit()
    assert capsys.readouterr().out == ""
    assert not logging.getLogger("meibo.activity").propagate


def test_goes_to_standard_output(
    cast: Cast, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    stream.open_to("stdout")
    try:
        activity.record(events.SIGNED_OUT, now=now, by=cast.tanaka, subject=cast.tanaka)
        db.session.commit()
    finally:
        stream.open_to("")
    assert json.loads(capsys.readouterr().out)["event"] == "signed_out"
