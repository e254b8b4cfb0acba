"""`python -m bench.derived`: the list of a model and a dozen lines, beside the members' own and
beside Flask-AppBuilder's list of the same model, in one run.

Here: the same rows in both, answers in turn, medians; two processes, for the portal's models do not
meet FAB's own. Not here: the page that tells it (docs/performance.md).
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.device_rows import rows

ROOT = Path(__file__).resolve().parent.parent
PEOPLE, ANSWERS = 200, 10
PORTAL_PAGES = {
    "derived": "/o/aozora/devices/list/",
    "derived, 100 rows": "/o/aozora/devices/list/?page_size=100",
    "derived, searched": "/o/aozora/devices/list/?q=surface",
    "derived, narrowed to a month": "/o/aozora/devices/list/?lent_on=2026-01-01..2026-01-31",
    "derived, by holder": "/o/aozora/devices/list/?sort=holder",
    "picker": "/o/aozora/devices/pick/holder?q=a",
    "members": "/o/aozora/members/list/",
}
STOCK_PAGES = {
    "stock": "/deviceview/list/",
    "stock, 100 rows": "/deviceview/list/?psize_DeviceView=100",
}


def portal(folder: Path, count: int) -> Callable[[str], Any]:
    """A portal with the devices, and how a page of it is asked for."""
    sys.path.insert(0, str(ROOT / "examples"))
    import devices  # type: ignore[import-not-found]
    from sqlalchemy import insert, select

    from app.demo import service as demo
    from app.extensions import db
    from app.models import Account, Membership, Organization
    from app.upgrade import upgrade
    from tests.conftest import settings_for
    from tests.portal_client import PortalClient

    app = devices.create_app(settings_for(folder), check_database=False)
    app.test_client_class = PortalClient
    with app.app_context():
        upgrade()
        demo.load(members=PEOPLE, now=datetime.now(UTC))
        here = db.session.scalars(select(Organization).where(Organization.code == "aozora")).one()
        own = select(Membership.id).where(Membership.organization_id == here.id)
        more = {"organization_id": here.id, "version": 1}
        made = rows(count, [*db.session.scalars(own)], **more)
        db.session.connection().execute(insert(devices.Device.__table__), made)
        who = db.session.scalars(select(Account).where(Account.username == "tanaka")).one()
        db.session.commit()
        client = app.test_client().sign_in(who)
    return lambda path: client.get(path)


def stock(folder: Path, count: int) -> Callable[[str], Any]:
    """The stock application, and how a page of it is asked for."""
    from bench.stock_devices import create_app

    client = create_app(str(folder / "stock.sqlite"), count, PEOPLE).test_client()
    client.post("/login/", data={"username": "p0", "password": "x"})
    return lambda path: client.get(path)


def serve(which: str, folder: Path, count: int) -> None:
    """Answer lines: for each path, the median of some answers in milliseconds."""
    ask = {"portal": portal, "stock": stock}[which](folder, count)
    print("ready", flush=True)
    for line in sys.stdin:
        times = []
        for _again in range(ANSWERS):
            begun = time.process_time()
            answer = ask(line.strip())
            times.append((time.process_time() - begun) * 1000)
            assert answer.status_code == 200, (line, answer.status_code)
        print(statistics.median(times), flush=True)


def main() -> None:
    """Measure both in turn, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--serve", default="")
    parser.add_argument("--folder", type=Path, default=None)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.serve, asked.folder, asked.rows)
        return
    with tempfile.TemporaryDirectory() as folder:
        found = _measure(Path(folder), asked.rows, asked.rounds)
    print(
        "| Page | milliseconds | beside the members’ list | stock to derived |\n|---|---|---|---|"
    )
    for name, median in found.items():
        twin = found.get(name.replace("derived", "stock"), 0.0) if "derived" in name else 0.0
        ratio = f"{twin / median:.2f} ×" if twin else ""
        print(f"| {name} | {median:.1f} | {median / found['members']:.2f} × | {ratio} |")


def _measure(folder: Path, count: int, rounds: int) -> dict[str, float]:
    children = {which: _started(which, folder, count) for which in ("portal", "stock")}
    pages = [("portal", *one) for one in PORTAL_PAGES.items()]
    pages += [("stock", *one) for one in STOCK_PAGES.items()]
    found: dict[str, list[float]] = {}
    for number in range(rounds):
        for which, name, path in pages if number % 2 else reversed(pages):
            found.setdefault(name, []).append(_ask(children[which], path))
    for child in children.values():
        child.stdin.close()
        child.wait(timeout=30)
    return {name: statistics.median(found[name]) for _which, name, _path in pages}


def _started(which: str, folder: Path, count: int) -> Any:
    place = folder / which
    place.mkdir()
    command = [sys.executable, "-m", "bench.derived", "--serve", which]
    child = subprocess.Popen(
        [*command, "--folder", str(place), "--rows", str(count)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    while child.stdout and child.stdout.readline().strip() != "ready":
        assert child.poll() is None, f"{which} ended."
    return child


def _ask(child: Any, path: str) -> float:
    child.stdin.write(f"{path}\n")
    child.stdin.flush()
    return float(child.stdout.readline())


if __name__ == "__main__":
    main()
