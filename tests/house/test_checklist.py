"""Every row of the checklist is named by a test. A failure names the row, and says what to type.

Here: names in docstrings, comments and names of tests. Not here: the behaviours.
"""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

from tests.house.source import listed

HERE = Path(__file__).resolve()
LIST = tomllib.loads(HERE.with_name("checklist.toml").read_text())
ROW = re.compile(r"\b(S\d-|D-C?|T2-)(\d+)(?:\s*[…–]\s*(?:S\d-|D-C?|T2-)?(\d+))?\b")


def spread(text: str) -> list[str]:
    """The rows that a text names, "S1-14…S1-18" being five."""
    found = []
    for prefix, first, last in ROW.findall(text):
        found += [
            f"{prefix}{number:0{len(first)}d}"
            for number in range(int(first), int(last or first) + 1)
        ]
    return found


@cache
def named() -> dict[str, list[str]]:
    """Row by row, the tests that name it: functions and classes of tests, by docstring."""
    found: dict[str, list[str]] = {}
    for path in HERE.parents[1].rglob("test_*.py"):
        if path == HERE:
            continue
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and _is_test(node):
                for row in spread(ast.get_docstring(node) or ""):
                    found.setdefault(row, []).append(f"{path.name}::{getattr(node, 'name', '')}")
    return found


def _is_test(node: ast.FunctionDef | ast.ClassDef | ast.Module) -> bool:
    return isinstance(node, ast.Module) or node.name.startswith(("test_", "Test"))


ROWS = spread(" ".join(LIST["rows"]))


def test_every_row_is_named_by_a_test() -> None:
    missing = [row for row in ROWS if row not in named()]
    assert not missing, f'begin a test\'s docstring with """<row>: …""":{listed(missing)}'


def test_rows_are_listed_once() -> None:
    every = ROWS + [row for waiting in LIST["waiting"] for row in spread(waiting)]
    twice = {row for row in every if every.count(row) > 1}
    assert not twice, f"{sorted(twice)} are in tests/house/checklist.toml twice"
    assert len([row for row in every if row.startswith("S")]) == 164, (
        "the documents have 164 rows: list each, with what it waits for if it waits"
    )


def test_no_test_names_a_row_that_does_not_exist() -> None:
    known = set(ROWS) | {row for waiting in LIST["waiting"] for row in spread(waiting)}
    strays = {row: tests for row, tests in named().items() if row not in known}
    assert not strays, f"there is no such row: {strays}"
