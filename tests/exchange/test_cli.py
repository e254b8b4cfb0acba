"""`flask members export`. It …"""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Activity
from tests.cast import Cast


def run(app: Flask, *words: str) -> Result:
    db.session.commit()
    answer = app.test_cli_runner().invoke(args=["members", "export", *words])
    db.session.expire_all()
    return answer


def test_writes_all_members_to_standard_output(app: Flask, cast: Cast) -> None:
    """B-02, S3-25: the suspended too, and the same columns as the screen's file."""
    answer = run(app, "--organization", "aozora", "--format", "csv")
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout_bytes.startswith(b"\xef\xbb\xbfid,")
    rows = list(csv.DictReader(StringIO(answer.stdout_bytes.decode("utf-8-sig"), newline="")))
    assert [(row["login_id"], row["state"]) for row in rows] == [
        ("tanaka", "never"),
        ("suzuki", "never"),
        ("smith", "never"),
        ("sato", "suspended"),
    ]


def test_writes_a_file(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "members.json"
    answer = run(app, "--organization", "minato", "--format", "json", "--output", str(path))
    assert (answer.exit_code, answer.stdout) == (0, "")
    assert [one["login_id"] for one in json.loads(path.read_text())] == ["yamada"]


def test_leaves_a_line_in_the_log(app: Flask, cast: Cast) -> None:
    """B-79."""
    run(app, "--organization", "aozora")
    [line] = db.session.scalars(select(Activity))
    assert (line.event, line.actor_id, line.organization_id, line.details["rows"]) == (
        "member_list_exported",
        None,
        cast.aozora.id,
        4,
    )


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["--organization", "nowhere"], 1, "There is no organization “nowhere”."),
        ([], 2, "--organization"),
        (["--organization", "aozora", "--format", "xlsx"], 2, "xlsx"),
        (
            ["--organization", "aozora", "--output", "/nowhere/members.csv"],
            1,
            "/nowhere/members.csv",
        ),
    ],
)
def test_refuses_with_a_sentence(
    app: Flask, cast: Cast, words: list[str], code: int, sentence: str
) -> None:
    answer = run(app, *words)
    assert answer.exit_code == code, answer.output
    assert sentence in answer.stderr
    assert "Traceback" not in answer.output
    assert answer.stdout == ""
