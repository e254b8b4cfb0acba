"""`make mutants`: change the code a little, a sample of times, and see whether a test notices.

Here: drawing the sample, trying each change in a copy of the checkout, telling which survived. Not
here: making the changes (Cosmic Ray), why the known survivors stay (docs/testing.md).
"""

from __future__ import annotations

import argparse
import io
import os
import random
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from cosmic_ray.commands import execute, init
from cosmic_ray.config import ConfigDict
from cosmic_ray.testing import run_tests
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkItem, WorkResult

from config import ROOT

TESTS = {
    "access": "tests/access tests/memberships/test_never_above.py tests/members/test_co_admin.py"
    " tests/members/test_doors.py tests/memberships/test_last_power_user.py"
    " tests/api_keys/test_authenticate.py tests/two_factor_rule/test_rule.py"
    " tests/passkeys/test_register_refusals.py",
    "sessions": "tests/sessions tests/sign_in/test_sign_in.py tests/sign_in/test_signed_in.py",
    "two_factor": "tests/two_factor",
    "passwords": "tests/passwords",
    "sign_in": "tests/sign_in tests/invites/test_answer.py tests/invites/test_link.py"
    " tests/two_factor/test_screen.py tests/two_factor/test_ways.py tests/passwords/test_set.py",
    "setup": "tests/setup",
    "api_keys": "tests/api_keys",
}
"""Package by package, the tests that must notice."""
EACH = 12
"""Changes tried for each package."""
PATIENCE = 240
"""Seconds; a change that makes the tests take longer was noticed."""
SEED = 20261129
DULL = ("core/ReplaceBinaryOperator_BitOr", "core/RemoveDecorator")
"""Kinds of changes that say nothing here: types written with |, routes that FAB registers."""


def copied(folder: Path) -> None:
    """Lay out the committed files in a folder, since each change is made in place."""
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    subprocess.run(
        [sys.executable, "-m", "flask", "translations", "compile"], cwd=folder, check=True
    )


def draw(database: WorkDB, count: int, chance: random.Random) -> None:
    """Keep so many of a session's changes, and mark the others as skipped."""
    changes = sorted(database.pending_work_items, key=lambda item: str(item.mutations[0]))
    wanted = [item for item in changes if not item.mutations[0].operator_name.startswith(DULL)]
    kept = {item.job_id for item in chance.sample(wanted, min(count, len(wanted)))}
    for item in changes:
        if item.job_id not in kept:
            database.set_result(item.job_id, WorkResult(worker_outcome="skipped"))


def survivors(database: WorkDB) -> Iterator[str]:
    """Name each change that no test noticed, as a diff."""
    for job, result in database.completed_work_items:
        if result.test_outcome is TestOutcome.SURVIVED:
            yield _shown(job, result)


def _shown(job: WorkItem, result: WorkResult) -> str:
    place = job.mutations[0]
    changed = [line for line in (result.diff or "").splitlines() if line[:1] in "+-"]
    return "\n".join([f"{place.module_path}:{place.start_pos[0]}", *changed[2:]])


def tried(package: str, count: int, chance: random.Random, folder: Path) -> list[str]:
    """Try a sample of changes to one package; return those that survived."""
    modules = sorted(Path("app", package).glob("*.py"))
    command = f"{sys.executable} -m pytest -x -q -p no:randomly {TESTS[package]}"
    outcome, said = run_tests(command, PATIENCE)
    if outcome is not TestOutcome.SURVIVED:
        raise SystemExit(f"{package}: its tests fail without any change\n{said}")
    config = ConfigDict(
        {"timeout": PATIENCE, "test-command": command, "distributor": {"name": "local"}}
    )
    with use_db(str(folder / f"{package}.sqlite"), WorkDB.Mode.create) as database:
        init(modules, database, {})
        draw(database, count, chance)
        execute(database, config)
        return list(survivors(database))


def main() -> int:
    """Try every package that was asked for; return 0 when nothing survived."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("packages", nargs="*", default=list(TESTS), help="access, sessions, …")
    parser.add_argument("--each", type=int, default=EACH, help="changes tried for each package")
    parser.add_argument("--seed", type=int, default=SEED, help="draws another sample")
    asked = parser.parse_args()
    found = 0
    with TemporaryDirectory(prefix="meibo-mutants-") as name:
        folder = Path(name)
        copied(folder)
        os.chdir(folder)
        for package in asked.packages:
            lines = tried(package, asked.each, random.Random(asked.seed), folder)
            noticed = asked.each - len(lines)
            told = f"{package}: {asked.each} tried, {noticed} noticed, {len(lines)} survived"
            sys.stdout.write("\n\n".join([told, *lines]) + "\n")
            sys.stdout.flush()
            found += len(lines)
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
