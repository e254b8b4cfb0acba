"""docs/extending.md, done exactly as the page shows: its blocks of code become a package, and a
portal runs with it. It …

Here: the package as on the page, and what is expected of it. Not here: the walk through it
(walk.py).
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.walk import Seen

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "extending.md"
BLOCK = re.compile(r"```(?:python|po)\n# (?P<path>\w+/\S+)\n(?P<text>.*?)```", re.DOTALL)
CODE = re.compile(r"```(?:python|po)\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the page's integrator works in."""
    return tmp_path_factory.mktemp("added")


@pytest.fixture(scope="module")
def seen(folder: Path) -> Seen:
    """What was seen on a walk through a portal with the page's package in it."""
    for block in BLOCK.finditer(PAGE.read_text()):
        file = folder / block["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block["text"])
    for command in commands():
        run(command, folder)
    found: Seen = json.loads(
        run([sys.executable, "-P", "-m", "tests.walk", str(folder)], folder).splitlines()[-1]
    )
    return found


def commands() -> list[list[str]]:
    """The page's commands, but for those that run until they are stopped."""
    lines = re.findall(r"\.venv/bin/((?:python|flask) [^#`\n]+)", PAGE.read_text())
    return [
        [str(Path(sys.executable).parent / word) if place == 0 else word for place, word in words]
        for words in (list(enumerate(shlex.split(line))) for line in lines)
        if words[-1][1] != "worker"
    ]


def run(command: list[str], folder: Path) -> str:
    """Run a command in the package's folder, as its operator would."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}",
        "INSTANCE_PATH": str(folder / "instance"),
        "PORTAL_URL": "http://localhost",
    }
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def test_every_block_of_code_is_a_file_and_stands_once() -> None:
    paths = [block["path"] for block in BLOCK.finditer(PAGE.read_text())]
    assert len(paths) == len(set(paths)) == len(CODE.findall(PAGE.read_text())) == 7


def test_begins_with_the_dozen_lines_of_the_example() -> None:
    """Which has tests of its own (tests/model_views)."""
    first = next(BLOCK.finditer(PAGE.read_text()))
    assert first["path"] == "devices/__init__.py"
    assert first["text"] == (ROOT / "examples" / first["path"]).read_text()


def test_the_page_names_the_commands_that_make_it_work() -> None:
    assert [command[1:4] for command in commands()] == [
        ["portal", "new-screen", "rooms"],
        ["-m", "pytest", "-q"],
        ["--app", "rooms", "portal"],
        ["--app", "servers", "portal"],
        ["--app", "servers", "portal"],
    ]


def test_its_own_tests_pass(seen: Seen, folder: Path) -> None:
    """Those of the page, and those that new-screen wrote (which ran as one of the commands)."""
    told = run([sys.executable, "-m", "pytest", "-q", "servers"], folder)
    assert "3 passed" in told
    assert (folder / "servers" / "migrations" / "versions" / "0001_first.py").is_file()


def test_offers_its_authorities_wherever_authorities_are_given(seen: Seen) -> None:
    """In a role, to a member and with an invitation, under a heading of their own, in both
    languages.
    """
    for page in ("roles/add", "members/edit", "invites/add"):
        assert seen["offered"][page] == ["server_viewer", "server_editor"], page
    assert seen["japanese"] == ["サーバー", "サーバー閲覧権限", "組織のサーバーを表示します"]


def test_opens_to_power_users_at_once(seen: Seen) -> None:
    """S0-14: what is added to the catalogue, power users hold."""
    assert seen["tanaka"] == {"menu": True, "list": 200, "add": 200, "buttons": True}


def test_is_closed_without_the_authority_in_menu_list_and_post(seen: Seen) -> None:
    assert seen["smith without"] == {"menu": False, "list": 403, "add": 403, "buttons": False}
    assert seen["smith without, POST"] == 403
    assert seen["403 names"] == ["Server Viewer", "田中 太郎"]


def test_opens_with_the_authority_however_it_was_given(seen: Seen) -> None:
    """Singly and in a role; to read is not to write."""
    for how in ("smith, singly", "smith, in a role"):
        assert seen[how] == {"menu": True, "list": 200, "add": 403, "buttons": False}, how
    assert seen["smith, may edit"] == {"menu": True, "list": 200, "add": 200, "buttons": True}


def test_is_closed_again_on_the_very_next_request(seen: Seen) -> None:
    """D-C1."""
    assert seen["smith, taken away"] == {"menu": False, "list": 403, "add": 403, "buttons": False}


def test_takes_along_what_an_authority_needs(seen: Seen) -> None:
    """S0-25, for an added one."""
    assert seen["role of an editor"] == ["server_editor", "server_viewer"]


def test_adds_edits_finds_and_removes_rows(seen: Seen) -> None:
    assert seen["rows"] == [["web", "192.0.2.1"], ["web-1", "192.0.2.9"], []]
    assert seen["found"] == [True, False]


def test_says_no_at_the_field(seen: Seen) -> None:
    assert seen["refused"] == {
        "same name": [409, True],
        "no name": [422, True],
        "no address": [422, True],
        "control character": [422, True],
    }


def test_leaves_lines_in_the_activity_log(seen: Seen) -> None:
    assert seen["log"] == [
        "added web to Servers.",
        "edited web-1 in Servers.",
        "deleted web-1 from Servers.",
    ]
    assert seen["log in Japanese"] == "がサーバーに「web」を追加しました。"


def test_keeps_to_the_organization_in_the_address(seen: Seen) -> None:
    """S0-01, S4-09: by list, by row, by POST, under either address."""
    assert seen["yamada"] == [404, 404, 404, 404, 404]
    assert seen["yamada sees at home"] == ["theirs"]


def test_asks_strangers_to_sign_in_and_lets_the_platform_administrator_pass(seen: Seen) -> None:
    """S4-02."""
    assert seen["stranger"].startswith("/login/")
    assert seen["root"] == {"menu": True, "list": 200, "add": 200, "buttons": True}


def test_says_and_does_what_follows_where_a_member_goes(seen: Seen) -> None:
    """Issue 11, §3: one list is read by the page that asks and by the verb that acts."""
    *usual, last = seen["asked"]
    assert [label for label, _value in usual] == ["Open sessions", "Roles"]
    assert last == ["Servers", "1, no holder from then on"]
    title, count = seen["asked in Japanese"]
    assert title == "サーバー" and count.startswith("1件（以後、") and "空欄になります" in count
    assert seen["left behind"] == [None, "田中 太郎", ["John Smith", None]]
