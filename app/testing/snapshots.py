"""Snapshots: a SQLite database as it stood at a moment, put back in a millisecond.

Here: keeping and putting back, and whether somebody wrote since. Not here: what the moments are
(testing.portals, testing.cast).
"""

from __future__ import annotations

import sqlite3
from typing import cast

from flask import Flask
from sqlalchemy.engine import make_url

EMPTY, WITH_CAST = "empty", "with the cast"
PATIENCE = 100
"""Tries, a twentieth of a second apart, while somebody else writes."""


class Snapshots:
    """The moments of one database, each by its name."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA synchronous=OFF")  # nobody misses it after a power cut
        self._kept: dict[str, sqlite3.Connection] = {}
        self._stands_at: tuple[str, int] | None = None

    def put_back(self, name: str) -> bool:
        """Let the database be as it was, and return whether that was kept."""
        if name not in self._kept:
            return False
        self.fill_from(self._kept[name])
        self._stands_at = name, self._version()
        return True

    def keep(self, name: str) -> None:
        """Keep the database as it is now."""
        self._kept[name] = self.copy()
        self._stands_at = name, self._version()

    def copy(self) -> sqlite3.Connection:
        """Return a copy of the database in memory."""
        copied = sqlite3.connect(":memory:", check_same_thread=False)
        _copy(self._database, copied)
        return copied

    def fill_from(self, copied: sqlite3.Connection) -> None:
        """Let the database be like a copy."""
        _copy(copied, self._database)

    def is_new(self) -> bool:
        """Whether the database has no tables."""
        return not self._database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()

    def stands_at(self, name: str) -> bool:
        """Whether nobody committed anything since this moment was kept or put back."""
        return self._stands_at == (name, self._version())

    def _version(self) -> int:
        """A number that changes when another connection commits."""
        return int(self._database.execute("PRAGMA data_version").fetchone()[0])


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    tries = 0

    def give_up(_status: int, _remaining: int, _total: int) -> None:
        nonlocal tries
        tries += 1
        if tries > PATIENCE:
            raise TimeoutError("a test left a transaction open that writes")

    source.backup(target, progress=give_up, sleep=0.05)


def of(app: Flask) -> Snapshots | None:
    """Return the snapshots of an application; None where its database is not SQLite's."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    if "snapshots" not in app.extensions:
        app.extensions["snapshots"] = Snapshots(url.database)
    return cast(Snapshots, app.extensions["snapshots"])
