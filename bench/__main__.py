"""`make bench`, or `python -m bench`: measure, print a table, write it into docs/performance.md.

Here: the order of things. Not here: the things (data, servers, visitor, rounds, report).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench import finding, report, rounds
from bench.data import ROOT, Data, prepare
from bench.servers import PORTAL, STOCK, running
from bench.visitor import Visitor

FEW, MANY, MILLION = 1_000, 100_000, 1_000_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was asked for."""
    asked = _parser().parse_args(arguments)
    lines = report.machine()[1:]
    data = prepare(asked.folder, asked.members)
    weighed = rounds.weights(data)
    with ExitStack() as servers:
        visitors = [
            Visitor(servers.enter_context(running(name, data))).sign_in()
            for name in (PORTAL, STOCK)
        ]
        figures = rounds.compare(
            visitors, rounds=asked.rounds, seconds=asked.seconds, clients=asked.clients
        )
    how = (
        f"- {asked.rounds} rounds of {asked.seconds:g} s for each page, {asked.clients} clients,"
        " both applications in turn"
    )
    lines += [how, "", *report.comparison(asked.members, figures, weighed)]
    if asked.million:
        lines += report.growth(_grown(asked.folder, asked.members))
        lines += finding.table(
            finding.waits(prepare(asked.folder, MILLION, grown_from=asked.members))
        )
    lines = [*report.machine()[:1], *lines]
    sys.stdout.write("\n".join(lines) + "\n")
    if asked.write:
        report.write(lines)


def _grown(folder: Path, members: int) -> dict[str, rounds.Series]:
    sizes: dict[str, Data] = {
        f"{FEW:,}": prepare(folder, FEW),
        f"{MILLION:,}": prepare(folder, MILLION, grown_from=members),
    }
    with ExitStack() as servers:
        visitors = {
            size: Visitor(servers.enter_context(running(PORTAL, data))).sign_in()
            for size, data in sizes.items()
        }
        return rounds.waits(visitors, rounds=7, times=15)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure the portal beside a stock Flask-AppBuilder application.",
    )
    parser.add_argument(
        "--members", type=int, default=MANY, help="how many members and users there are"
    )
    parser.add_argument("--rounds", type=int, default=7, help="how often each page is measured")
    parser.add_argument("--seconds", type=float, default=2.0, help="for how long each time")
    parser.add_argument("--clients", type=int, default=4, help="how many ask at once")
    parser.add_argument(
        "--million",
        action="store_true",
        help="also the first page of members at 1,000 and 1,000,000, and finding among these",
    )
    parser.add_argument(
        "--no-write", dest="write", action="store_false", help="leave docs/performance.md as it is"
    )
    parser.add_argument(
        "--folder", type=Path, default=ROOT / "instance" / "bench", help="where the data are kept"
    )
    return parser


if __name__ == "__main__":
    main()
