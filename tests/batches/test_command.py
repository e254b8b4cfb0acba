"""`flask batches`. It …"""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import Result
from flask import Flask

from app.access.authorities import Authority
from app.extensions import db
from app.models import Batch, Membership
from tests import factories
from tests.batches.kinds import people
from tests.cast import Cast

HERE = ("--organization", "aozora")


def run(app: Flask, *words: str, lines: str | None = None, path: Path | None = None) -> Result:
    db.session.commit()
    more: tuple[str, ...] = ()
    if lines is not None:
        assert path is not None
        (path / "who.txt").write_text(lines)
        more = ("--file", str(path / "who.txt"))
    answer = app.test_cli_runner().invoke(args=["batches", *words, *more])
    db.session.expire_all()
    return answer


def is_suspended(cast: Cast, name: str) -> bool:
    return cast.membership(getattr(cast, name)).is_suspended


def test_does_a_verb_to_whom_a_file_names(app: Flask, cast: Cast, tmp_path: Path) -> None:
    lines = "smith\n\nSUZUKI@EXAMPLE.com\nnobody\nsato\nsmith@example.com\n"
    answer = run(app, "run", "suspend", *HERE, "--reason", "Leave", lines=lines, path=tmp_path)
    assert answer.exit_code == 1
    assert "finished: " in answer.stdout and "done 2" in answer.stdout
    assert [line.split(":")[0] for line in answer.stderr.splitlines()] == ["4", "5"]
    assert is_suspended(cast, "smith") and is_suspended(cast, "suzuki")
    assert cast.membership(cast.smith).suspended_reason == "Leave"


def test_only_says_what_it_would_do(app: Flask, cast: Cast, tmp_path: Path) -> None:
    answer = run(app, "run", "suspend", *HERE, "--dry-run", "--json", lines="smith", path=tmp_path)
    assert answer.exit_code == 0 and json.loads(answer.stdout)["counts"] == {"planned": 1}
    answer = run(app, "run", "suspend", *HERE, "--dry-run", "--json", lines="sato", path=tmp_path)
    told = json.loads(answer.stdout)
    assert answer.exit_code == 1 and told["refused"][0]["problems"][0]["code"] == "AlreadySuspended"
    assert not is_suspended(cast, "smith") and db.session.query(Batch).count() == 0


def test_takes_whom_a_filter_finds_however_many(app: Flask, cast: Cast) -> None:
    people(cast.aozora, 60)
    answer = run(app, "run", "give_authorities", *HERE, "--filter", "q=p00", "--authority", "x")
    assert answer.exit_code == 1 and "--authorities" in answer.stderr
    words = ("--authority", Authority.BILLING_VIEWER, "--json")
    answer = run(app, "run", "give_authorities", *HERE, "--filter", "q=p00", *words)
    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["counts"], told["state"]) == (0, {"done": 60}, "finished")


def test_gives_a_role_by_its_name(app: Flask, cast: Cast, tmp_path: Path) -> None:
    factories.role(cast.aozora, "Night shift", Authority.BILLING_VIEWER)
    words = ("run", "give_role", *HERE, "--role")
    assert run(app, *words, "Day shift", lines="smith", path=tmp_path).exit_code == 1
    assert run(app, *words, "Night shift", lines="smith", path=tmp_path).exit_code == 0
    assert [one.name for one in cast.membership(cast.smith).roles] == ["Night shift"]


def test_acts_in_somebodys_name_with_their_rights(app: Flask, cast: Cast, tmp_path: Path) -> None:
    """D-1: an operator who names somebody does what that person may do."""
    cast.membership(cast.suzuki).authorities = frozenset({Authority.MEMBER_MANAGER})
    words = ("run", "suspend", *HERE, "--as")
    assert run(app, *words, "nobody", lines="smith", path=tmp_path).exit_code == 1
    assert run(app, *words, "smith", lines="sato", path=tmp_path).exit_code == 1
    answer = run(app, *words, "suzuki", lines="tanaka\nsmith", path=tmp_path)
    assert answer.exit_code == 1 and answer.stderr.startswith("1: ")
    assert is_suspended(cast, "smith") and not is_suspended(cast, "tanaka")


def test_lists_shows_and_takes_back(app: Flask, cast: Cast, tmp_path: Path) -> None:
    run(app, "run", "suspend", *HERE, lines="smith\nsato", path=tmp_path)
    listed = run(app, "list", *HERE, "--json", "--state", "finished")
    pk = json.loads(listed.stdout)["id"]
    shown = run(app, "show", pk)
    assert shown.exit_code == 0 and "suspend_members finished" in shown.stdout and shown.stderr
    assert run(app, "cancel", pk).exit_code == 1
    assert run(app, "show", "0123456789").exit_code == 1
    undone = run(app, "undo", pk)
    assert undone.exit_code == 0 and "undo finished: done 1" in undone.stdout
    assert not is_suspended(cast, "smith") and is_suspended(cast, "sato")
    assert run(app, "undo", pk).exit_code == 1


def test_refuses_what_nobody_can_mean(app: Flask, cast: Cast, tmp_path: Path) -> None:
    for words in (
        ("run", "suspend", *HERE),
        ("run", "suspend", *HERE, "--filter", "type=general", "--file", "/dev/null"),
        ("run", "explode", *HERE, "--filter", ""),
    ):
        assert run(app, *words).exit_code == 2, words
    for words in (
        ("run", "suspend", *HERE, "--filter", "typ=general"),
        ("run", "suspend", *HERE, "--filter", "type=generel"),
        ("run", "suspend", *HERE, "--filter", "q=smith", "--role", "x"),
    ):
        assert run(app, *words).exit_code == 1, words
    assert db.session.query(Membership).filter(Membership.suspended_at.is_not(None)).count() == 1
