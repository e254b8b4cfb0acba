"""The source as the house's tests read it: which modules there are, and their syntax, parsed once.

Here: paths and trees. Not here: what must hold of them (test_sizes.py, test_rooms.py).
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
MODULES = tuple(
    path
    for path in (*sorted(APP.rglob("*.py")), *sorted(ROOT.glob("config*.py")))
    if "migrations" not in path.parts
)
TESTS = tuple(path for path in sorted((ROOT / "tests").rglob("*.py")) if path.stat().st_size)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(path: Path) -> ast.Module:
    """Return a module's syntax."""
    return ast.parse(path.read_text())


def functions(path: Path) -> list[Function]:
    """Return every function of a module, methods and inner ones too."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, Function)]


def lines(path: Path) -> int:
    """Count the lines of a file."""
    return len(path.read_text().splitlines())


def name(path: Path) -> str:
    """Return a path as a failure shows it."""
    return path.relative_to(ROOT).as_posix()


def listed(faults: list[str]) -> str:
    """Return faults as a failure shows them: one a line."""
    return "\n".join(["", *faults])
