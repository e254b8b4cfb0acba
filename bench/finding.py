"""Finding among a million: searches, the last page, filters and the log, beside stock
Flask-AppBuilder where it has such a page.

Here: which pages, and their goals. Not here: asking (bench.visitor), data (bench.data).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from urllib.parse import quote

from bench import stock
from bench.data import Data
from bench.rounds import MEMBERS, Series
from bench.servers import PORTAL, STOCK, running
from bench.visitor import Visitor

USERS = f"/users/list/?psize_{stock.VIEW}=25"
LOG = "/o/aozora/activity/list/"
ROUNDS, TIMES = 7, 3


@dataclass(frozen=True)
class Page:
    """One page of both applications; `times` is the goal beside stock, `most` in milliseconds,
    `growth` beside the portal's first page.
    """

    name: str
    portal: str
    stock: str = ""
    times: float = 0
    most: float = 0
    growth: float = 0


FIRST = "first page"
JAPANESE = quote("中島")
PAGES = (
    Page(FIRST, MEMBERS, USERS),
    Page("contains nakajima27", f"{MEMBERS}?q=nakajima27", f"{USERS}&_flt_2_email=nakajima27", 15),
    Page("contains takashi", f"{MEMBERS}?q=takashi", f"{USERS}&_flt_2_email=takashi", 15),
    Page(
        "two Japanese characters",
        f"{MEMBERS}?q={JAPANESE}",
        f"{USERS}&_flt_2_last_name={JAPANESE}",
        5,
    ),
    Page(
        "beginning of an address",
        f"{MEMBERS}?q=%5Etakashi.n",
        f"{USERS}&_flt_0_email=takashi.n",
        10,
    ),
    Page("last page", f"{MEMBERS}?page=-1", f"{USERS}&page_{stock.VIEW}=39999", growth=1.5),
    Page("page 400", f"{MEMBERS}?page=400", f"{USERS}&page_{stock.VIEW}=399"),
    Page("suspended", f"{MEMBERS}?status=suspended", most=50),
    Page("registered here", f"{MEMBERS}?managed=yes", most=50),
    Page("2-step on", f"{MEMBERS}?two_factor=on", most=50),
    Page("log", LOG, most=20),
    Page("log by a person", f"{LOG}?by=1000", most=20),
    Page("log about a person", f"{LOG}?about=1000", most=20),
)


def waits(data: Data) -> dict[tuple[str, str], Series]:
    """Return how many milliseconds each page takes in each application, both in turn."""
    found: dict[tuple[str, str], Series] = {}
    with ExitStack() as servers:
        visitors = {
            name: Visitor(servers.enter_context(running(name, data))).sign_in()
            for name in (PORTAL, STOCK)
        }
        for number in range(ROUNDS + 1):
            for page in PAGES:
                for name, path in _paths(page).items():
                    took = median(visitors[name].latency(path, TIMES)) * 1000
                    if number:
                        found.setdefault((page.name, name), Series()).values.append(took)
    return found


def table(found: Mapping[tuple[str, str], Series]) -> list[str]:
    """The figures beside their goals."""
    first = found[FIRST, PORTAL].middle
    lines = [
        "",
        "At 1,000,000 members and 1,000,000 lines of the log, milliseconds one after the other:",
        "",
        "| Page | portal | stock | stock to portal | goal | |",
        "|---|---|---|---|---|---|",
    ]
    for page in PAGES:
        ours, theirs = found[page.name, PORTAL], found.get((page.name, STOCK))
        ratio = theirs.middle / ours.middle if theirs else 0
        goal, is_met = _goal(page, ours.middle, ratio, first)
        beside = f"{ratio:.1f} ×" if theirs else ""
        lines.append(f"| {page.name} | {ours} | {theirs or ''} | {beside} | {goal} | {is_met} |")
    return lines


def _paths(page: Page) -> dict[str, str]:
    return {name: path for name, path in ((PORTAL, page.portal), (STOCK, page.stock)) if path}


def _goal(page: Page, took: float, ratio: float, first: float) -> tuple[str, str]:
    if page.times:
        return f"≥ {page.times:g} ×", _said(ratio >= page.times)
    if page.growth:
        return f"≤ {page.growth:g} × the first page", _said(took <= page.growth * first)
    return (f"≤ {page.most:g} ms", _said(took <= page.most)) if page.most else ("", "")


def _said(is_met: bool) -> str:
    return "met" if is_met else "**not met**"
