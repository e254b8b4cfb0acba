"""Rounds: both applications asked for the same things in turn, so that a busy minute of the machine
falls on both.

Here: which pages, in which order, for how long. Not here: the asking (bench.visitor), what the
figures mean (bench.report).
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from urllib.parse import urljoin

from bench import counting, stock
from bench.data import Data
from bench.servers import COUNTING, PORTAL, STOCK, running
from bench.visitor import Visitor

MEMBERS = "/o/aozora/members/list/"
ROW = re.compile(r'<tr.*?href="(\.\./show/\d+)"', re.S)
USER = re.compile(r'href="(/users/show/\d+)"')
ASSET = re.compile(r'(?:src|href)="(/static/[^"]+\.(?:js|css)[^"]*)"')
LIST_25, LIST_100, DETAIL = "list of 25", "list of 100", "detail"


@dataclass
class Series:
    """What was measured of one page of one application, round by round."""

    values: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    """Milliseconds of a processor for one answer."""

    @property
    def middle(self) -> float:
        return median(self.values)

    def __str__(self) -> str:
        return f"{self.middle:.1f} ({min(self.values):.1f}–{max(self.values):.1f})"


@dataclass
class Weight:
    """What does not depend on the machine: how heavy a page is, and how many statements it
    takes."""

    statements: int
    html: int
    assets: int = 0


def pages_of(visitor: Visitor) -> Mapping[str, str]:
    """Return the pages to compare, by what they are; each application's own."""
    if visitor.server.name == PORTAL:
        found = ROW.search(visitor.get(MEMBERS).body.decode())
        return {
            LIST_25: MEMBERS,
            LIST_100: f"{MEMBERS}?page_size=100",
            DETAIL: urljoin(MEMBERS, found[1]) if found else "",
        }
    sized = f"/users/list/?psize_{stock.VIEW}="
    found = USER.search(visitor.get(f"{sized}25").body.decode())
    return {LIST_25: f"{sized}25", LIST_100: f"{sized}100", DETAIL: found[1] if found else ""}


def compare(
    visitors: Sequence[Visitor], *, rounds: int, seconds: float, clients: int
) -> dict[tuple[str, str], Series]:
    """Return requests per second of each page of each application."""
    asked = {one.server.name: pages_of(one) for one in visitors}
    for one in visitors:
        for path in asked[one.server.name].values():
            one.rate(path, clients=clients, seconds=seconds / 2)  # a first time that does not count
    found = {
        (page, one.server.name): Series() for one in visitors for page in asked[one.server.name]
    }
    for number in range(rounds):
        for page in (LIST_25, LIST_100, DETAIL):
            for one in visitors if number % 2 else [*reversed(visitors)]:
                before = one.server.processor_time()
                rate = one.rate(asked[one.server.name][page], clients=clients, seconds=seconds)
                found[page, one.server.name].values.append(rate)
                found[page, one.server.name].costs.append(
                    (one.server.processor_time() - before) * 1000 / (rate * seconds)
                )
    return found


def waits(visitors: Mapping[str, Visitor], *, rounds: int, times: int) -> dict[str, Series]:
    """Return how many milliseconds the first page of members takes each visitor, in turn."""
    found = {name: Series() for name in visitors}
    for number in range(rounds + 1):
        for name, visitor in visitors.items():
            took = median(visitor.latency(MEMBERS, times)) * 1000
            if number:
                found[name].values.append(took)
    return found


def weights(data: Data) -> dict[tuple[str, str], Weight]:
    """Return what each page weighs and how many statements it takes, from servers that count; never
    timed.
    """
    found = {}
    for name in (PORTAL, STOCK):
        with running(name, data, factory=COUNTING[name], workers=1) as server:
            visitor = Visitor(server).sign_in()
            for page, path in pages_of(visitor).items():
                visitor.get(path)
                answer = visitor.get(path)
                found[page, name] = Weight(
                    int(answer.headers[counting.HEADER]),
                    len(answer.body),
                    _assets(visitor, answer.body.decode()),
                )
    return found


def _assets(visitor: Visitor, page: str) -> int:
    """How many bytes of CSS and JavaScript a page asks for, compressed."""
    return sum(
        len(gzip.compress(visitor.get(path.replace("&amp;", "&")).body))
        for path in dict.fromkeys(ASSET.findall(page))
    )
