"""`flask members import`. It …"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.accounts import service as accounts
from app.batches import ending
from app.extensions import db
from app.imports import running
from app.models import Batch, BatchState, RowState
from tests.cast import Cast
from tests.imports.conftest import H, R, j
from tests.imports.test_many import people

BAD = "x,kato@@aozora.example.jp,加藤,一,\r\n"


def run(app: Flask, path: Path, data: bytes, *words: str) -> Result:
    db.session.commit()
    path.write_bytes(data)
    command = ["members", "import", str(path), "--organization", "aozora", *words]
    answer = app.test_cli_runner().invoke(args=command)
    db.session.expire_all()
    return answer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "members.csv"


def test_imports_in_the_administrators_name(app: Flask, cast: Cast, path: Path) -> None:
    answer = run(app, path, j(H + R))
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout.startswith("rows 1, create 1, update 0")
    assert accounts.find("hanako")


def test_only_says_what_it_would_do(app: Flask, cast: Cast, path: Path) -> None:
    for option in ("--dry-run", "--check"):
        assert run(app, path, j(H + R), option).exit_code == 0
    assert accounts.find("hanako") is None


def test_lists_what_is_wrong(app: Flask, cast: Cast, path: Path) -> None:
    answer = run(app, path, j(H + R + BAD), "--json")
    assert answer.exit_code == 1
    told = json.loads(answer.stdout)
    assert {key: told[key] for key in ("rows", "create", "update", "unchanged", "invite")} == {
        "rows": 2,
        "create": 1,
        "update": 0,
        "unchanged": 0,
        "invite": 0,
    }
    assert told["refused"] == 1
    assert told["errors"] == [
        {
            "row": 3,
            "column": "email",
            "value": "kato@@aozora.example.jp",
            "sentence": "That is not an email address, such as name@example.com.",
        }
    ]
    assert accounts.find("hanako") is None
    assert run(app, path, j(H + R + BAD), "--valid-only").exit_code == 1
    assert accounts.find("hanako")


def test_leaves_members_alone_unless_asked(app: Flask, cast: Cast, path: Path) -> None:
    data = b"login_id,roles\r\nsmith,Viewer\r\n"
    assert "update 0" in run(app, path, data).stdout
    assert "update 1" in run(app, path, data, "--update").stdout
    assert [role.name for role in cast.membership(cast.smith).roles] == ["Viewer"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"apple\r\n1\r\n", "None of the first 10 lines"),
        ((H.strip() + ",備考\r\n" + R.strip() + ",x\r\n").encode(), "F 備考"),
    ],
)
def test_ends_with_two_where_it_cannot_be_read(
    app: Flask, cast: Cast, path: Path, data: bytes, sentence: str
) -> None:
    answer = run(app, path, data)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert sentence in answer.stderr


def test_leaves_columns_out(app: Flask, cast: Cast, path: Path) -> None:
    data = (H.strip() + ",備考\r\n" + R.strip() + ",x\r\n").encode()
    assert run(app, path, data, "--leave-out", "備考").exit_code == 0


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("smith", "You do not have the authority for this."),
        ("yamada", "You do not have the authority for this."),
        ("sato", "You do not have the authority for this."),
        ("ghost", "Nobody has the login ID “ghost”."),
    ],
)
def test_needs_somebody_who_may(
    app: Flask, cast: Cast, path: Path, who: str, sentence: str
) -> None:
    answer = run(app, path, j(H + R), "--as", who)
    assert (answer.exit_code, answer.stderr.strip()) == (1, sentence)
    assert accounts.find("hanako") is None


def test_says_that_nothing_was_changed_and_what_to_write(
    app: Flask, cast: Cast, path: Path
) -> None:
    answer = run(app, path, j(H + R + BAD))
    assert answer.exit_code == 1 and accounts.find("hanako") is None
    assert "Nothing was changed." in answer.stderr and "--valid-only" in answer.stderr
    checked = run(app, path, j(H + R + BAD), "--check")
    assert "Nothing was changed." not in checked.stderr
    unknown = run(app, path, j(H.replace("ロール", "wombat") + "a,a@x.example,佐藤,花子,x\r\n"))
    assert unknown.exit_code == 2 and "--leave-out" in unknown.stderr


@pytest.fixture
def slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one transaction holds is less than these files."""
    monkeypatch.setattr(running, "MOST_AT_ONCE", 5)
    monkeypatch.setattr(ending, "IN_ONE_GO", 5)


@pytest.mark.usefixtures("slices")
def test_does_large_files_in_slices(app: Flask, cast: Cast, path: Path) -> None:
    data = people(12).encode()
    assert run(app, path, data).exit_code == 0
    assert {bool(accounts.find(f"many{n}")) for n in range(12)} == {True}
    batch = db.session.scalars(select(Batch)).one()
    assert (batch.state, batch.count(RowState.DONE)) == (BatchState.FINISHED, 12)
    data += b"\r\nx,kato@@aozora.example.jp,Kato,K,"
    removed = data.replace(b"many1,many1@", b"new1,new1@")
    assert run(app, path, removed).exit_code == 1 and accounts.find("new1") is None
