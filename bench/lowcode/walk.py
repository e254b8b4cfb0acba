"""`python -m bench.lowcode.walk`: start every framework, walk it, print what was observed.

Run in an environment of bench/lowcode/requirements.txt, not in the portal's. Each framework has a
process of its own (the tables of one are nothing to another). Not part of the tests.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
import warnings
from importlib.metadata import version
from pathlib import Path

from bench.lowcode import observations as seen
from bench.lowcode.frameworks import FRAMEWORKS, client, start
from bench.lowcode.rows import Rows
from bench.lowcode.visits import Visit

ROWS = {
    "search box": seen.search_box,
    "filters by type of column": seen.filters,
    "a holder by typing": seen.holder_by_typing,
    "own organization: list": seen.own_in_list,
    "own organization: by address": seen.own_by_address,
    "own organization: a holder": seen.foreign_holder,
    "a serial number twice": seen.serial_twice,
    "files of what is found": seen.files,
    "REST with a description": seen.rest,
    "log of changes": seen.log,
    "undo": seen.undo,
    "two edit at once": seen.two_at_once,
    "saved views": seen.saved_views,
    "permissions for view and edit": seen.permissions,
    "versions of the table": seen.versions,
}


def walk(name: str, folder: str) -> None:
    """Walk one framework, in this process."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    framework, database = FRAMEWORKS[name], str(Path(folder) / "devices.db")
    app = start(framework, database)
    rows = Rows(database, framework.tables)
    rows.fill()
    framework.people(app)
    visit = Visit(framework, app, rows, client(framework, app))
    packages = ", ".join(f"{each} {version(each)}" for each in framework.packages)
    print(f"\n{name} ({packages})")
    for row, observe in ROWS.items():
        print(f"  {row}: {observe(visit)}", flush=True)


def main(asked: list[str]) -> None:
    """Walk those that were asked for, or all."""
    for name in asked or FRAMEWORKS:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "bench.lowcode.walk", "--one", name, folder]
            subprocess.run(command, check=False)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        walk(*sys.argv[2:])
    else:
        main(sys.argv[1:])
