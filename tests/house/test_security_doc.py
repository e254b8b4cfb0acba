"""docs/security.md says what is true: a row for each requirement, tests that exist, limits with the
code's own numbers.

Here: the page against tests/house/asvs.toml, the tests, and the limits of a portal. Not here:
whether the tests prove it.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.house.source import listed

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
LIST = tomllib.loads(HERE.with_name("asvs.toml").read_text())
PAGE = (ROOT / "docs" / "security.md").read_text()
LEVELS = {requirement: level for level in (1, 2, 3) for requirement in LIST[f"level_{level}"]}
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\d) \| (.+?) \| (.*?) \| (.*?) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
LINK = re.compile(r"\[[^]]+\]\(([\w.]*)#([\w-]+)\)")
LIMITS = (
    "import gc, app; app.create_app(check_database=False); from app.http.rate_limit import Limit;"
    " [print(one.name, one.words, sep='\\t') for one in gc.get_objects() if type(one) is Limit]"
)


@dataclass(frozen=True)
class Row:
    """One requirement on the page."""

    id: str
    level: int
    asks: str
    how: str
    shown_by: str

    @property
    def said(self) -> str:
        """What the row admits: "deviation", "not met", "not here", or nothing."""
        found = re.search(r"(?:^|; )(deviation|not met|not here):", self.how)
        return found[1] if found else ""


ROWS = [
    Row(one, int(level), asks, how, shown_by)
    for one, level, asks, how, shown_by in ROW.findall(PAGE)
]


@cache
def known_tests(path: str) -> set[str]:
    """The tests of a file, methods of classes of tests included."""
    file = ROOT / path
    found = ast.walk(ast.parse(file.read_text())) if file.exists() else ()
    return {node.name for node in found if isinstance(node, ast.FunctionDef)}


@cache
def headings(page: str) -> set[str]:
    """The headings of a page, as links name them."""
    text = (ROOT / "docs" / (page or "security.md")).read_text()
    lines = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line.lower()).strip().replace(" ", "-") for line in lines}


def limits_of_the_page() -> list[tuple[str, str]]:
    """The rows of the table of limits: name and words."""
    section = PAGE.split("\n## Limits\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `([\w-]+)` \| (\d+ per [\w ]+?) \| .+ \|$", section, re.MULTILINE)


def limits_of_the_code(folder: Path) -> list[tuple[str, str]]:
    """The limits that exist once the portal is made, in a process in which no test has made any."""
    environment = {
        "INSTANCE_PATH": str(folder),
        "PORTAL_URL": "http://localhost",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", LIMITS],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        (name, words) for name, words in (line.split("\t") for line in done.stdout.splitlines())
    ]


def test_every_requirement_has_exactly_one_row() -> None:
    ids = [row.id for row in ROWS]
    assert not [one for one in ids if ids.count(one) > 1], "these have two rows"
    assert not set(LEVELS) - set(ids), (
        f"docs/security.md needs rows for {sorted(set(LEVELS) - set(ids))}"
    )
    assert not set(ids) - set(LEVELS), (
        f"add to tests/house/asvs.toml: {sorted(set(ids) - set(LEVELS))}"
    )
    assert not [row.id for row in ROWS if row.level != LEVELS[row.id]], (
        "these stand under another level"
    )


def _faults(row: Row) -> Iterator[str]:
    """Say what is wrong with one row."""
    named = TEST.findall(row.shown_by)
    for path, test in named:
        if test not in known_tests(path):
            yield f"{row.id} names {path}::{test}, which does not exist"
    is_plain = TEST.sub("", row.shown_by).replace(",", "").strip() == "" or LINK.fullmatch(
        row.shown_by
    )
    if not is_plain:
        yield f"{row.id}: name tests as `tests/<path>.py::test_<name>`"
    proofs = LINK.findall(f"{row.how} {row.shown_by}")
    for page, heading in proofs:
        if heading not in headings(page):
            yield f"{row.id} leads to {page}#{heading}, which does not exist"
    if not (named or proofs or row.said == "not met"):
        yield f"{row.id}: name a test, or the section that it asks for"
    if not row.how:
        yield f"{row.id}: say how"


def test_every_row_shows_what_proves_it() -> None:
    assert len(ROWS) > 200
    faults = [fault for row in ROWS for fault in _faults(row)]
    assert not faults, listed(faults)


@pytest.mark.parametrize(
    ("said", "admitted"),
    [("deviation", "deviations"), ("not met", "not_met"), ("not here", "not_here")],
)
def test_nobody_admits_anything_silently(said: str, admitted: str) -> None:
    assert {row.id for row in ROWS if row.said == said} == set(LIST[admitted]), (
        f"list what is {said} in tests/house/asvs.toml, and discuss it first"
    )


def test_every_limit_has_its_row_and_no_row_is_left_over(tmp_path: Path) -> None:
    """ASVS 2.3.2, 6.1.1: the table of limits has the code's own numbers."""
    code, page = limits_of_the_code(tmp_path), limits_of_the_page()
    assert code
    assert not set(code) - set(page), (
        f"docs/security.md, Limits, lacks {sorted(set(code) - set(page))}"
    )
    assert not set(page) - set(code), (
        f"docs/security.md, Limits, names what does not exist: {sorted(set(page) - set(code))}"
    )
    assert len(page) == len(set(page)), "a limit stands there twice"


def test_every_test_that_names_a_requirement_names_one_that_exists() -> None:
    known = {*LEVELS, *LIST["named"], *LIST["not_claimed"]}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            docstring = ast.get_docstring(node) or "" if isinstance(node, ast.FunctionDef) else ""
            for found in re.findall(r"ASVS ((?:\d+\.\d+\.\d+(?:, )?)+)", docstring):
                for one in re.findall(r"\d+\.\d+\.\d+", found):
                    assert one in known, (
                        f"{path.name}: {one} is not among the requirements of tests/house/asvs.toml"
                    )
