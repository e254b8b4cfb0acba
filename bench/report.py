"""The report: what was measured, as a table to read and as a section of docs/performance.md.

Here: words and ratios. Not here: measuring (bench.rounds).
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import median

from bench.data import ROOT
from bench.rounds import DETAIL, LIST_25, LIST_100, Series, Weight
from bench.servers import PORTAL, STOCK, THREADS, WORKERS

DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of the figures -->"
GOALS = {LIST_25: 4.0, LIST_100: 6.0, DETAIL: 3.0}
MOST_STATEMENTS, MOST_HTML, MOST_ASSETS, MOST_GROWTH = 6, 30 * 1024, 80 * 1024, 1.5
PACKAGES = ("flask-appbuilder", "flask", "sqlalchemy", "jinja2", "gunicorn")

Figures = Mapping[tuple[str, str], Series]
Weights = Mapping[tuple[str, str], Weight]


def machine() -> list[str]:
    """On what it was measured."""
    names = (
        re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
        if Path("/proc/cpuinfo").exists()
        else []
    )
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        (
            f"- {os.cpu_count()} processors ({names[0] if names else platform.machine()}), load"
            f" {os.getloadavg()[0]:.1f} at the end of the run"
        ),
        (
            f"- Python {platform.python_version()}, SQLite, {versions}; gunicorn with {WORKERS}"
            f" workers of {THREADS} threads"
        ),
    ]


def comparison(members: int, figures: Figures, weighed: Weights) -> list[str]:
    """The pages beside stock Flask-AppBuilder's."""
    lines = [
        (
            f"At {members:,} members. Requests per second: the median of the rounds, in brackets"
            " the lowest and the highest. Processor: median"
        ),
        (
            "milliseconds for one answer, which other work on the machine moves less; its ratio is"
            " stock to portal."
        ),
        "",
        (
            "| Page | portal | stock | ratio | goal | processor, portal | stock | ratio |"
            " statements (stock) | HTML (stock) |"
        ),
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for page, goal in GOALS.items():
        ours, theirs = figures[page, PORTAL], figures[page, STOCK]
        mine, other = weighed[page, PORTAL], weighed[page, STOCK]
        cost, other_cost = median(ours.costs), median(theirs.costs)
        lines.append(
            f"| {page} | {ours} | {theirs} | {ours.middle / theirs.middle:.2f} × | ≥ {goal:g} × |"
            f" {cost:.1f} | {other_cost:.1f} | {other_cost / cost:.2f} × | {mine.statements}"
            f" ({other.statements}) | {_kib(mine.html)} ({_kib(other.html)}) |"
        )
    one = weighed[LIST_25, PORTAL]
    return [
        *lines,
        "",
        (
            f"- Statements of the list: {one.statements}, goal ≤ {MOST_STATEMENTS}:"
            f" {_met(one.statements <= MOST_STATEMENTS)}"
        ),
        (
            f"- HTML of 25 rows: {_kib(one.html)}, goal ≤ {_kib(MOST_HTML)}:"
            f" {_met(one.html <= MOST_HTML)}"
        ),
        (
            f"- CSS and JavaScript of a list page, compressed: {_kib(one.assets)}, goal ≤"
            f" {_kib(MOST_ASSETS)}: {_met(one.assets <= MOST_ASSETS)}"
        ),
    ]


def growth(waited: Mapping[str, Series]) -> list[str]:
    """The first page of members, by how many there are."""
    least, most = waited
    ratio = waited[most].middle / waited[least].middle
    return [
        "",
        (
            f"First page of members, milliseconds one after the other: {waited[least]} at {least}"
            f" members, {waited[most]} at {most}: {ratio:.2f} ×, goal ≤ {MOST_GROWTH:g} ×:"
            f" {_met(ratio <= MOST_GROWTH)}"
        ),
    ]


def write(lines: list[str]) -> None:
    """Put the figures into their section of the document."""
    text = DOCUMENT.read_text()
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    DOCUMENT.write_text(before + "\n".join([BEGIN, "", *lines, "", END]) + after)


def _kib(size: int) -> str:
    return f"{size / 1024:.1f} KiB"


def _met(is_met: bool) -> str:
    return "met" if is_met else "**not met**"
