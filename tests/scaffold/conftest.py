"""Fixtures of the scaffold's tests: a folder that an integrator works in, and the commands there.

Here: running `flask` and Python in it, as processes of their own. Not here: what is expected.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.forked import Forked, Nursery

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Workshop:
    """A working folder with a portal of its own, on one database."""

    folder: Path
    nursery: Nursery
    database: str = ""
    language: str = "en"

    def start(self, *words: str) -> Forked:
        """Start `python` with these words in the folder."""
        environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{self.folder}",
            "INSTANCE_PATH": str(self.folder / "instance"),
            "PORTAL_URL": "http://localhost",
            "DEFAULT_LANGUAGE": self.language,
            **({"DATABASE_URL": self.database} if self.database else {}),
        }
        return self.nursery.start(*words, folder=self.folder, environment=environment)

    def flask(self, *words: str, fails: bool = False) -> str:
        """Run `flask …`, and return what it said: on stderr where it is to fail."""
        return self._ended(self.start("-m", "flask", *words), fails)

    def python(self, code: str, fails: bool = False) -> str:
        """Run lines of Python."""
        return self._ended(self.start("-c", code), fails)

    def _ended(self, process: Forked, fails: bool) -> str:
        said, complained = process.communicate(timeout=120)
        assert (process.returncode != 0) is fails, said + complained
        return complained if fails else said


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def workshop(request: pytest.FixtureRequest, tmp_path: Path, nursery: Nursery) -> Workshop:
    """A folder on either database."""
    postgres = request.param == "postgresql"
    url = request.getfixturevalue("fresh_postgres_url") if postgres else ""
    return Workshop(tmp_path, nursery, url)


@pytest.fixture
def folder(tmp_path: Path, nursery: Nursery) -> Workshop:
    """A folder where no database matters."""
    return Workshop(tmp_path, nursery)
