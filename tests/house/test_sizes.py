"""The house's budgets: files, functions, signs, return types; files and signs of the tests too. A
failure says what to do.

Here: reading the code as text and syntax. Not here: floors (lint-imports, test_rooms.py).
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted([*(ROOT / "app").rglob("*.py"), ROOT / "config.py", ROOT / "config_values.py"])
MODULES = [path for path in MODULES if "migrations" not in path.parts]
TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py") if path.stat().st_size)
FILE_LINES, FUNCTION_LINES = 250, 40
FORBIDDEN_NAMES = {"utils", "helpers", "misc", "common", "manager_utils"}


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text())
    return [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", [*MODULES, *TESTS], ids=lambda path: str(path.relative_to(ROOT)))
class TestFile:
    def test_it_is_at_most_250_lines(self, path: Path) -> None:
        assert len(path.read_text().splitlines()) <= FILE_LINES, (
            f"split {path.name}: find the room its parts belong to"
        )

    def test_it_opens_with_a_sign(self, path: Path) -> None:
        sign = ast.get_docstring(ast.parse(path.read_text()))
        assert sign, f"say in {path.name} what lives here and what does not (R1)"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
class TestModule:
    def test_its_functions_are_at_most_40_lines_and_typed(self, path: Path) -> None:
        for node in functions(path):
            assert length(node) <= FUNCTION_LINES, (
                f"{path.name}:{node.lineno} {node.name} has {length(node)} lines: name its"
                " paragraphs"
            )
            assert node.returns is not None, (
                f"{path.name}:{node.lineno} {node.name} needs a return type"
            )

    def test_it_is_not_a_drawer(self, path: Path) -> None:
        assert path.stem not in FORBIDDEN_NAMES, f"{path.name}: name the room by its question (R2)"


def test_functions_are_short_on_the_whole() -> None:
    lengths = sorted(length(node) for path in MODULES for node in functions(path))
    median, ninetieth = lengths[len(lengths) // 2], lengths[len(lengths) * 9 // 10]
    assert median <= 7, f"the median function has {median} lines; 6 is the aim"
    assert ninetieth <= 20, f"the 90th percentile is {ninetieth} lines; 20 is the aim"
