"""The source as the house's tests read it: which modules there are, and their syntax, parsed once.

Here: paths and trees. Not here: what must hold of them (test_sizes.py, test_rooms.py).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
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
CODE = (*APP.rglob("*.py"), ROOT / "config.py", ROOT / "config_values.py")
"""All of ours: migrations, too."""

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


@cache
def nodes(path: Path) -> list[ast.AST]:
    """Return every node of a file."""
    return list(ast.walk(tree(path)))


def words(path: Path) -> set[str]:
    """Return every name and attribute that a file mentions."""
    return {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in nodes(path)
        if isinstance(node, ast.Attribute | ast.Name)
    }


def imports(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    for node in nodes(path):
        if isinstance(node, ast.Call):
            called = node.func
            yield (
                node,
                (
                    called.attr
                    if isinstance(called, ast.Attribute)
                    else called.id
                    if isinstance(called, ast.Name)
                    else ""
                ),
            )


def is_constant(node: ast.expr) -> bool:
    """A string as it stands in the code, or the pieces of one."""
    if isinstance(node, ast.JoinedStr):
        return all(isinstance(one, ast.Constant) for one in node.values)
    return isinstance(node, ast.Constant) or (
        isinstance(node, ast.BinOp) and is_constant(node.left) and is_constant(node.right)
    )


def is_constant_s_name(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.FormattedValue)
        and isinstance(node.value, ast.Name)
        and node.value.id.isupper()
    )


def listed(faults: list[str]) -> str:
    """Return faults as a failure shows them: one a line."""
    return "\n".join(["", *faults])
