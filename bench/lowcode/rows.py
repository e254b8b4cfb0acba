"""Two organizations with members and devices, put into a framework's tables; and what is in them.

Here: SQL beside the framework, so that what it says can be compared with what it did.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import Any

OURS, THEIRS = 1, 2
DEVICES, MEMBERS = 30, 60
NAME = re.compile(r"(?:Ours|Theirs) \d\d")
"""A device's name, so that a page's rows can be counted."""
DATA = {OURS: ("Ours", "Own", ["ann", "cho", "vera"]), THEIRS: ("Theirs", "Foreign", ["ben"])}


class Rows:
    """A database, read and filled past its framework."""

    def __init__(self, path: str, tables: tuple[str, str, str]) -> None:
        self.path = path
        self.organization, self.member, self.device = tables

    def fill(self) -> None:
        """Fill both organizations: people who sign in, members, devices."""
        with closing(sqlite3.connect(self.path)) as database, database:
            for organization, (name, member, people) in DATA.items():
                database.execute(
                    f"INSERT INTO {self.organization} (id, name) VALUES (?, ?)",
                    (organization, name),
                )
                names = people + [f"{member} {number:02}" for number in range(1, MEMBERS + 1)]
                database.executemany(
                    f"INSERT INTO {self.member} (organization_id, name) VALUES (?, ?)",
                    [(organization, each) for each in names],
                )
                database.executemany(
                    f"INSERT INTO {self.device} (organization_id, name, serial, kind, lent_on,"
                    " returned) VALUES (?, ?, ?, ?, ?, ?)",
                    [
                        (
                            organization,
                            f"{name} {number:02}",
                            f"{name[0]}-{number:02}",
                            "phone" if number % 3 == 0 else "laptop",
                            f"2026-01-{number:02}",
                            number % 5 == 0,
                        )
                        for number in range(1, DEVICES + 1)
                    ],
                )

    def device_with(self, **values: Any) -> dict[str, Any] | None:
        """Return the first device with these values, or nothing."""
        return self._first(self.device, values)

    def member_id(self, name: str) -> int:
        """Return the number of the member of this name."""
        found = self._first(self.member, {"name": name})
        assert found is not None, name
        return found["id"]

    def holder_name(self, **values: Any) -> str:
        """Say who holds the device with these values: a name, "nobody", or that there is none."""
        device = self.device_with(**values)
        if device is None:
            return "no such device"
        holder = self._first(self.member, {"id": device["holder_id"]})
        return holder["name"] if holder else "nobody"

    def _first(self, table: str, values: dict[str, Any]) -> dict[str, Any] | None:
        where = " AND ".join(f"{name} = ?" for name in values)
        with closing(sqlite3.connect(self.path)) as database:
            database.row_factory = sqlite3.Row
            found = database.execute(
                f"SELECT * FROM {table} WHERE {where} ORDER BY id", tuple(values.values())
            ).fetchone()
        return dict(found) if found else None


def names(page: str) -> set[str]:
    """Return the names of devices that a page says."""
    return set(NAME.findall(page))
