"""Data: the portal's demo in three sizes, and a stock application with as many users; built once,
kept.

Here: building what is missing or was built by other code. Not here: what the demo's people are like
(app.demo.people).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from app.demo.people import PEOPLE, DemoPerson, crowd
from bench import stock

ROOT = Path(__file__).resolve().parent.parent
MAKERS = (
    "app/migrations/versions",
    "app/models",
    "app/organizations",
    "app/search_index",
    "bench/data.py",
    "bench/stock.py",
)
"""What decides what the data look like."""
BATCH = 10_000
LINES = """
    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {lines})
    INSERT INTO activity (happened_at, organization_id, event, actor_id, actor_name, as_platform,
        subject_id, subject_name, details, via)
    SELECT datetime('2020-01-01', '+' || n || ' minutes') || '.000000', 1, 'member_reinstated',
        n % 5000 + 1, 'Somebody', 0, n % 7000 + 1, 'Somebody', '{{}}', '' FROM number"""
"""Lines of the log, which nobody seals."""
STEP = 1_000_000
"""How far apart the ids of two copies of the same member are."""
REPEATED = {
    "ab_user": {
        "id": "id + {more}",
        "username": "username || '.{more}'",
        "login_id_key": "login_id_key || '.{more}'",
        "email": "'{more}.' || email",
        "email_key": "'{more}.' || email_key",
    },
    "membership": {
        "id": "id + {more}",
        "account_id": "account_id + {more}",
        "email_key": "'{more}.' || email_key",
    },
    "membership_role": {"membership_id": "membership_id + {more}"},
}
"""What a copy of a row says instead, in the order of their foreign keys."""

Row = TypeVar("Row")


@dataclass(frozen=True)
class Data:
    """A portal's instance folder and a stock application's database, of one size."""

    members: int
    instance: Path
    stock: Path


def prepare(folder: Path, members: int, *, grown_from: int = 0) -> Data:
    """Return data of this size, built now where they are not there; a very large portal is grown
    from a smaller one's copy.
    """
    place = folder.resolve() / str(members)
    data = Data(members, place / "portal", place / "stock.sqlite")
    stamp = place / "made-by"
    if stamp.is_file() and stamp.read_text() == _makers():
        return data
    shutil.rmtree(place, ignore_errors=True)
    data.instance.mkdir(parents=True)
    if grown_from:
        _grow_portal(data, prepare(folder, grown_from))
    else:
        _make_portal(data)
        _make_stock(data)
    stamp.write_text(_makers())
    return data


def environment(data: Data, **more: str) -> dict[str, str]:
    """The environment of either application: nothing of whoever runs the bench but the path."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return (
        kept
        | {
            "INSTANCE_PATH": str(data.instance),
            stock.DATABASE: str(data.stock),
            "PYTHONPATH": str(ROOT),
        }
        | more
    )


def _make_portal(data: Data) -> None:
    flask = (sys.executable, "-m", "flask", "--app", "app", "portal")
    _run([*flask, "upgrade"], environment(data))
    _run([*flask, "demo", "--members", str(data.members)], environment(data))


def _grow_portal(data: Data, smaller: Data) -> None:
    """Copy a portal and repeat its members, with other names to sign in with, until there are so
    many.
    """
    shutil.copytree(smaller.instance, data.instance, dirs_exist_ok=True)
    with sqlite3.connect(data.instance / "meibo.sqlite") as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-400000")
        for number in range(1, data.members // smaller.members):
            for table, changed in REPEATED.items():
                _repeat(connection, table, number * STEP, changed)
        connection.execute(LINES.format(lines=data.members))
    connection.close()
    _run([sys.executable, "-m", "flask", "--app", "app", "portal", "reindex"], environment(data))
    _make_stock(data)


def _repeat(
    connection: sqlite3.Connection, table: str, more: int, changed: Mapping[str, str]
) -> None:
    columns = [str(row[1]) for row in connection.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changed.get(column, column).format(more=more) for column in columns)
    first = next(column for column in columns if column.endswith("id"))
    copied = f"SELECT {values} FROM {table} WHERE {first} < {STEP}"
    connection.execute(f"INSERT INTO {table} ({', '.join(columns)}) {copied}")


def _make_stock(data: Data) -> None:
    _run([sys.executable, "-m", "bench.stock"], environment(data))
    with sqlite3.connect(data.stock) as connection:
        _fill(connection, data.members)
    connection.close()


def _fill(connection: sqlite3.Connection, members: int) -> None:
    """Write the demo's people as users, with the same names and as many roles, until there are so
    many.
    """
    people = list(PEOPLE)
    names = sorted({role for person in chain(people, crowd(100)) for role in person.roles})
    connection.executemany("INSERT INTO ab_role (name) VALUES (?)", [(name,) for name in names])
    roles: dict[str, int] = dict(connection.execute("SELECT name, id FROM ab_role"))
    place = int(connection.execute("SELECT max(id) FROM ab_user").fetchone()[0])
    for batch in _batches(islice(chain(people, crowd(members)), members - place), BATCH):
        numbered = [(place + number, person) for number, person in enumerate(batch, start=1)]
        connection.executemany(
            "INSERT INTO ab_user (id, first_name, last_name, username, email, password, active)"
            " VALUES (?, ?, ?, ?, ?, '', ?)",
            [
                (pk, one.given_name, one.family_name, one.login_id, one.email, not one.is_suspended)
                for pk, one in numbered
            ],
        )
        connection.executemany(
            "INSERT INTO ab_user_role (user_id, role_id) VALUES (?, ?)",
            [(pk, roles[role]) for pk, one in numbered for role in one.roles],
        )
        place += len(batch)


def _batches(people: Iterator[DemoPerson], size: int) -> Iterator[list[DemoPerson]]:
    while batch := list(islice(people, size)):
        yield batch


def _makers() -> str:
    hashed = sha256()
    for path in sorted(
        path
        for maker in MAKERS
        for path in ([ROOT / maker] if maker.endswith(".py") else (ROOT / maker).rglob("*.py"))
    ):
        hashed.update(path.read_bytes())
    return hashed.hexdigest()


def _run(command: list[str], env: Mapping[str, str]) -> None:
    subprocess.run(command, cwd=ROOT, env=dict(env), check=True, stdout=subprocess.DEVNULL)
