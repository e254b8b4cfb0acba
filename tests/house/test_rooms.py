"""The house's rooms: what each may not contain, and who may commit. A failure says where the line
belongs.

Here: names used in code. Not here: floors (lint-imports runs in `make lint` and in the last test).
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
MODULES = [path for path in sorted(APP.rglob("*.py")) if "migrations" not in path.parts]
DOORS = {"views.py", "api.py", "cli.py"}
COMMITTERS = {"cli.py", "upgrade.py"}
COMMITTING_FOLDERS = {"web", "security", "jobs"}
REQUEST_NAMES = {"request", "g", "session", "flash"}


def imported_from(tree: ast.AST, module: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == module:
            found |= {alias.name for alias in node.names}
    return found


def calls(tree: ast.AST) -> list[str]:
    return [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(APP)))
def test_it_keeps_to_its_room(path: Path) -> None:
    tree = ast.parse(path.read_text())
    where = str(path.relative_to(ROOT))
    if path.name in {"service.py", "queries.py"}:
        used = imported_from(tree, "flask") & REQUEST_NAMES
        assert not used, (
            f"{where}: a service does not know the request; pass {', '.join(used)} in from the door"
        )
        assert not any(call.endswith(".commit") for call in calls(tree)), (
            f"{where}: services flush, doors commit (R8)"
        )
    if path.name in {"service.py", "queries.py", "policy.py", "mail.py"}:
        assert "utcnow" not in calls(tree), (
            f"{where}: time comes in through the door; take `now` as a parameter (R9)"
        )
    if path.name in {"policy.py", "events.py", "columns.py"} and path.parent.name != "models":
        assert not imported_from(tree, "flask"), f"{where}: a rule is pure"
    if path.name == "forms.py":
        assert "app.extensions" not in {
            node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
        }, f"{where}: a form asks no database"
    if path.parent.name == "models":
        assert not imported_from(tree, "flask"), f"{where}: a noun knows no Flask"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(APP)))
def test_only_doors_commit(path: Path) -> None:
    allowed = (
        path.name in COMMITTERS | DOORS
        or bool(COMMITTING_FOLDERS & set(path.parts))
        or path.match("outbox/*")
    )
    committing = [
        call for call in calls(ast.parse(path.read_text())) if call.endswith("session.commit")
    ]
    assert allowed or not committing, (
        f"{path.relative_to(ROOT)}: commit() stands in doors, web/, security/, jobs/ and the outbox"
        " only (R8)"
    )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(APP)))
def test_nothing_swallows_errors(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            assert caught not in {
                "everything",
                "Exception",
                "BaseException",
            }, f"{path.relative_to(ROOT)}:{node.lineno} catches {caught} (R7)"


def test_only_config_reads_the_environment() -> None:
    for path in MODULES:
        assert "os.environ" not in path.read_text(), (
            f"{path.relative_to(ROOT)}: read the environment in config.py"
        )


def test_floors_hold() -> None:
    """lint-imports: a module imports only from lower floors."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout
