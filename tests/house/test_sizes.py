"""The house's measures: files, functions, signs, return types; lines of templates and scripts.

Here: reading the code as text and syntax; a failure lists every place and says what to do.
Not here: what a room may contain (test_rooms.py), storeys (lint-imports).
"""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.source import APP, MODULES, TESTS, Function, functions, lines, listed, name, tree

FILE_LINES, FUNCTION_LINES, FUNCTION_STATEMENTS = 250, 40, 18
TEMPLATE_COLUMNS, STATIC_COLUMNS = 140, 120
FORBIDDEN_NAMES = {"utils", "helpers", "misc", "common", "manager_utils"}


def length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def statements(node: Function) -> int:
    """Count what a function does, its docstring and inner functions' own statements aside."""
    inner = {
        id(part)
        for child in ast.walk(node)
        if isinstance(child, Function) and child is not node
        for part in ast.walk(child)
    }
    counted = [
        part for part in ast.walk(node) if isinstance(part, ast.stmt) and id(part) not in inner
    ]
    return len(counted) - 1 - (ast.get_docstring(node) is not None)


def test_files_are_at_most_250_lines() -> None:
    long = [path for path in (*MODULES, *TESTS) if lines(path) > FILE_LINES]
    faults = [f"{name(path)} has {lines(path)}" for path in long]
    assert not faults, f"find the room that their parts belong to:{listed(faults)}"


def test_every_module_opens_with_a_sign() -> None:
    faults = [name(path) for path in (*MODULES, *TESTS) if not ast.get_docstring(tree(path))]
    assert not faults, f"say what lives here and what does not (R1):{listed(faults)}"


def test_no_module_is_a_drawer() -> None:
    faults = [name(path) for path in MODULES if path.stem in FORBIDDEN_NAMES]
    assert not faults, f"name the room by its question (R2):{listed(faults)}"


def test_functions_are_at_most_40_lines_and_18_statements() -> None:
    faults = [
        f"{name(path)}:{node.lineno} {node.name} has {length(node)}, {statements(node)}"
        for path in MODULES
        for node in functions(path)
        if length(node) > FUNCTION_LINES or statements(node) > FUNCTION_STATEMENTS
    ]
    assert not faults, f"name their paragraphs:{listed(faults)}"


def test_functions_say_what_they_return() -> None:
    faults = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in MODULES
        for node in functions(path)
        if node.returns is None
    ]
    assert not faults, f"write the return type:{listed(faults)}"


def test_functions_are_short_on_the_whole() -> None:
    lengths = sorted(length(node) for path in MODULES for node in functions(path))
    median, ninetieth = lengths[len(lengths) // 2], lengths[len(lengths) * 9 // 10]
    assert median <= 6, f"the median function has {median} lines; 6 is the aim"
    assert ninetieth <= 20, f"the 90th percentile is {ninetieth} lines; 20 is the aim"


def test_files_are_short_on_the_whole() -> None:
    lengths = sorted(lines(path) for path in MODULES if path.stat().st_size)
    median, ninetieth = lengths[len(lengths) // 2], lengths[len(lengths) * 9 // 10]
    assert median <= 100, f"the median file has {median} lines; 70 is the aim"
    assert ninetieth <= 235, f"the 90th percentile is {ninetieth} lines; 180 is the aim"


def _wide(folder: Path, pattern: str, columns: int) -> list[str]:
    return [
        f"{name(path)}:{number} has {len(line)}"
        for path in sorted(folder.rglob(pattern))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > columns and 'url("data:' not in line
    ]


def test_templates_keep_their_lines_short() -> None:
    faults = _wide(APP / "templates", "*.html", TEMPLATE_COLUMNS)
    assert not faults, f"break them within a tag or an expression:{listed(faults)}"


def test_styles_and_scripts_are_readable_source() -> None:
    faults = _wide(APP / "static" / "css", "*.css", STATIC_COLUMNS)
    faults += _wide(APP / "static" / "js", "*.js", STATIC_COLUMNS)
    assert not faults, f"one declaration, one statement a line:{listed(faults)}"
